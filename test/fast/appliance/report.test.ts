import { describe, expect, it } from "vitest";
import { packCpio } from "../../../core/appliance/cpio.ts";
import { type Report, ReportReader } from "../../../core/appliance/report.ts";
import { GuestTree } from "../../../core/appliance/tree.ts";
import { fc } from "../../support/property.ts";

const BIG = new Uint8Array(70_000).fill(7);

async function archiveOf(tree: GuestTree): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of packCpio(tree)) pieces.push(piece);
  return Buffer.concat(pieces);
}

const tree = () =>
  new GuestTree()
    .text("code", "3\n")
    .text("stdout", "out\n")
    .text("stderr", "")
    .file("files/deep/big", async () => BIG);

/** What the reader gives for pieces that end at `cuts`; null where it waits for more. */
function readCut(bytes: Uint8Array, cuts: readonly number[]): Report | null {
  const reader = new ReportReader();
  const ends = [...new Set(cuts.map((cut) => cut % bytes.length))].sort((a, b) => a - b);
  let found: Report | null = null;
  for (const [at, end] of [...ends, bytes.length].entries()) {
    found = reader.push(bytes.subarray(ends[at - 1] ?? 0, end)) ?? found;
  }
  return found;
}

describe("the report of a job", () => {
  it("is the same in pieces of any size, behind zeros of the one before as well", async () => {
    const bytes = await archiveOf(tree().text("clean", ""));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(bytes.length), { maxLength: 40 }), fc.nat(600), async (cuts, zeros) => {
        const padded = Buffer.concat([new Uint8Array(zeros), bytes, new Uint8Array(zeros)]);
        const { files, ...rest } = readCut(padded, cuts) ?? {};
        expect(rest).toEqual({ code: 3, stdout: "out\n", stderr: "", isClean: true });
        expect([...(files ?? [])].map(([name, content]) => [name, Buffer.from(content).equals(BIG)])).toEqual([
          ["deep/big", true],
        ]);
      }),
    );
  });

  it("is awaited where it is cut off, and never taken for a whole one", async () => {
    const bytes = await archiveOf(tree());
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 5), async (end) => {
        expect(new ReportReader().push(bytes.subarray(0, end))).toBeNull();
      }),
    );
  });

  it("tells that a disk was still held, and refuses one without an exit code", async () => {
    expect(new ReportReader().push(await archiveOf(tree()))).toMatchObject({ isClean: false });
    const empty = await archiveOf(new GuestTree().text("stdout", ""));
    expect(() => new ReportReader().push(empty)).toThrow("Cannot read the appliance's report: it has no exit code");
  });

  it("is refused where its headers are damaged, within one step", async () => {
    const bytes = await archiveOf(tree());
    await fc.assert(
      fc.asyncProperty(fc.nat(109), fc.integer({ min: 0x67, max: 0x7a }), async (at, byte) => {
        const damaged = Buffer.from(bytes);
        damaged[at] = byte;
        expect(() => new ReportReader().push(damaged)).toThrow("Cannot read the appliance's report");
      }),
    );
  });

  it("is refused where an entry says that it is larger than any", async () => {
    const damaged = Buffer.from(await archiveOf(tree()));
    damaged.write("ffffffff", 54, "latin1");
    expect(() => new ReportReader().push(damaged)).toThrow("an entry of it has no possible size");
  });
});
