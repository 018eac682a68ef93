/** Archives damaged by seeds, their checksums mended: the disk that was packed, or an error; never another one. */
import { expect, it } from "vitest";
import { openImage } from "../../../core/format/index.ts";
import { parseManifest } from "../../../core/format/ova/manifest.ts";
import { GuestkitError } from "../../../core/kit/errors.ts";
import { memorySource } from "../../../core/source/memory.ts";
import { nodeHost } from "../../../core/source/node.ts";
import { Random } from "../../support/random.ts";

const BLOCK = 512;
const SEEDS = Number(process.env.GUESTKIT_OVA_SEEDS ?? 200);

/** A header whose sum is right. */
function mended(header: Uint8Array): Uint8Array {
  const bytes = Uint8Array.from(header);
  bytes.fill(0x20, 148, 156);
  const sum = bytes.reduce((total, byte) => total + byte, 0);
  bytes.set(Buffer.from(`${sum.toString(8).padStart(6, "0")}\0 `), 148);
  return bytes;
}

function member(name: string, content: Uint8Array): Uint8Array {
  const header = Buffer.alloc(BLOCK);
  header.write(name, 0);
  header.write(`${content.length.toString(8).padStart(11, "0")}\0`, 124);
  header.write("0ustar\0", 156);
  return Buffer.concat([mended(header), Buffer.concat([content], Math.ceil(content.length / BLOCK) * BLOCK)]);
}

const disk = (fill: number) => Buffer.alloc(16 * BLOCK, Uint8Array.of(fill, 0x80, 3));
const OVF = Buffer.from(
  '<Envelope><References><File id="a" href="disk.raw" size="8192"/><File id="b" href="other.raw" size="8192"/></References><DiskSection><Disk fileRef="a"/></DiskSection></Envelope>',
);
const ARCHIVE = Buffer.concat([
  member("box.ovf", OVF),
  member("other.raw", disk(1)),
  member("disk.raw", disk(2)),
  Buffer.alloc(2 * BLOCK),
]);
const HEADERS = [0, 2 * BLOCK, 19 * BLOCK];
/** What of a header says something, and the descriptor. */
const FIELDS = [
  [0, 12],
  [124, 12],
  [156, 8],
  [345, 4],
] as const;

function damaged(seed: number): Uint8Array {
  const random = new Random(seed);
  const bytes = Uint8Array.from(ARCHIVE);
  for (let count = 1 + random.below(3); count > 0; count--) {
    const start = random.pick(HEADERS);
    const [from, length] = random.pick(FIELDS);
    const at = random.below(3) === 0 ? BLOCK + random.below(OVF.length) : start + from + random.below(length);
    bytes[at] = random.below(2) === 0 ? random.below(256) : (bytes[at] ?? 0) ^ (1 << random.below(8));
  }
  for (const start of HEADERS) bytes.set(mended(bytes.subarray(start, start + BLOCK)), start);
  return bytes;
}

async function diskOf(bytes: Uint8Array): Promise<Uint8Array | string> {
  try {
    await using image = await openImage(memorySource(bytes, "box.ova"), nodeHost, { format: "ova" });
    return await image.read(0, image.size);
  } catch (error) {
    if (error instanceof GuestkitError) return error.code;
    throw error;
  }
}

it("gives the disk that was packed, or an error", async () => {
  expect(Buffer.compare((await diskOf(ARCHIVE)) as Uint8Array, disk(2))).toBe(0);
  let errors = 0;
  for (let seed = 0; seed < SEEDS; seed++) {
    const found = await diskOf(damaged(seed));
    if (typeof found === "string") errors++;
    else expect(Buffer.compare(found, disk(2)), `seed ${seed}`).toBe(0);
  }
  expect(errors).toBeGreaterThan(SEEDS / 4);
});

it("refuses headers without end, and writes no line of an archive's own", async () => {
  const named = (type: string) => {
    const header = Buffer.from(member("x", Buffer.alloc(0)));
    header.write(type, 156);
    return mended(header);
  };
  for (const type of ["L", "x", "g", "0"]) {
    const source = memorySource(Buffer.concat([ARCHIVE.subarray(0, 2 * BLOCK), ...Array(20_001).fill(named(type))]));
    await expect(openImage(source, nodeHost, { format: "ova" })).rejects.toMatchObject({ code: "E_OVA_TAR" });
  }
  const long = Buffer.from(member("a\nb", Buffer.alloc(0)));
  long.write("77777777777\0", 124);
  const cut = memorySource(Buffer.concat([ARCHIVE.subarray(0, 2 * BLOCK), mended(long)]));
  const error = await openImage(cut, nodeHost, { format: "ova" }).catch((found: unknown) => found);
  expect((error as GuestkitError).message).toContain("a\\x0ab");
});

it("believes no manifest that has all of a member read again and again", () => {
  const line = (algorithm: string, digits: number, name: string) => `${algorithm}(${name})= ${"0".repeat(digits)}\n`;
  const source = memorySource(ARCHIVE);
  const once = `${line("SHA1", 40, "disk.raw")}${line("SHA256", 64, "disk.raw")}${line("SHA256", 64, "box.ovf")}`;
  expect(parseManifest(once, source, 0)).toHaveLength(3);
  const twice = `${once}${line("SHA256", 64, "./disk.raw")}`;
  expect(() => parseManifest(twice, source, 0)).toThrow(expect.objectContaining({ code: "E_OVA_MANIFEST" }));
});
