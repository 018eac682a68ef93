import { expect, it } from "vitest";
import { Packer } from "../../../core/archive/packer.ts";
import { Random } from "../../support/random.ts";

/** Packs contents of these sizes, each of bytes of its own. */
async function pack(packer: Packer, sizes: readonly number[]): Promise<Buffer> {
  const all: Buffer[] = [];
  for (const [index, size] of sizes.entries()) {
    const content = Buffer.alloc(size, 1 + (index % 250));
    all.push(content);
    await packer.content(size, (target, done) => void target.set(content.subarray(done, done + target.length)));
    packer.pad(size);
    all.push(Buffer.alloc((512 - (size % 512)) % 512));
  }
  await packer.flush();
  return Buffer.concat(all);
}

it("hands on what was packed, in order and once, at once or later, in small pieces", async () => {
  const random = new Random(7);
  for (let round = 0; round < 20; round++) {
    const sizes = Array.from({ length: 30 }, () => random.below(random.below(4) === 0 ? 700_000 : 20_000));
    const pieces: Buffer[] = [];
    const take = (piece: Uint8Array) => void pieces.push(Buffer.from(piece));
    const later = async (piece: Uint8Array) => {
      await Promise.resolve();
      take(piece);
    };
    const expected = await pack(new Packer(round % 2 ? take : later), sizes);
    expect(Buffer.concat(pieces).equals(expected)).toBe(true);
    expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThanOrEqual(64 << 10);
  }
});

it("hands nothing on that was not asked about after it was made", async () => {
  for (const most of [0, 1, 2, 3]) {
    let [made, checked, out, checks] = [0, 0, 0, 0];
    const check = () => {
      if (checks++ === most) throw new Error("changed");
      checked = made;
    };
    const packer = new Packer((piece) => {
      out += piece.length;
      expect(out).toBeLessThanOrEqual(checked);
    }, check);
    const work = async () => {
      for (let at = 0; at < 40; at++) {
        await packer.content(50 << 10, (target) => {
          made += target.length;
        });
      }
      await packer.flush();
    };
    await expect(work()).rejects.toThrow("changed");
    expect(out).toBeLessThan(made);
  }
});
