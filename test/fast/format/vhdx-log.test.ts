/** Logs of VHDX images that no tool of Debian's makes: built by a writer of the tests', from the specification. */
import { describe, expect, it } from "vitest";
import { data, expectContent, MIB, ONE, plan } from "../../support/made-images/expect.ts";
import { openMade } from "../../support/made-images/host.ts";
import { contentOf } from "../../support/made-images/plan.ts";
import { layLog, makeVhdx, mendVhdx, VHDX_PLACES, type VhdxPlan } from "../../support/made-images/vhdx.ts";

describe("VHDX, log", () => {
  const made: VhdxPlan = { ...plan(4 * MIB, MIB, { 0: data(1), 1: data(2), 3: data(3) }), id: ONE, dataWriteGuid: ONE };
  const whole = makeVhdx(made);
  const sectorAt = (at: number) => whole.slice(at, at + 4096);
  /** The image before what its log says reached it: its block table, and the first sector of its metadata's items, are gone. */
  const [TABLE, ITEMS] = [VHDX_PLACES.bat, VHDX_PLACES.metadata + (64 << 10)];
  const stale = () => {
    const bytes = whole.slice();
    bytes.fill(0xee, TABLE, TABLE + 4096);
    bytes.fill(0xee, ITEMS, ITEMS + 4096);
    return bytes;
  };
  const table = { at: TABLE, bytes: sectorAt(TABLE) };
  const items = { at: ITEMS, bytes: sectorAt(ITEMS) };
  const opened = (bytes: Uint8Array) => openMade({ a: bytes }, "a");

  it.each([
    ["from its start", 0],
    ["round its end", MIB - 8192],
    ["an entry split by its end", MIB - 4096],
  ])("is replayed in memory: %s", async (_what, start) => {
    const bytes = stale();
    const rubbish = { at: TABLE, bytes: contentOf(77, 4096) };
    layLog(
      bytes,
      made,
      [
        { sequence: 7, tail: 0, changes: [rubbish, { at: ITEMS, zeros: 4096 }] },
        { sequence: 8, tail: 0, changes: [{ at: TABLE, zeros: 4096 }, items] },
        { sequence: 9, tail: 0, changes: [table] },
      ],
      start,
    );
    const copy = bytes.slice();
    await using image = await opened(bytes);
    await expectContent(image, [made]);
    expect(Buffer.compare(bytes, copy)).toBe(0);
    expect(image.warnings).toEqual([]);
  });

  it("takes the newest whole sequence, and tells what is behind it", async () => {
    const bytes = stale();
    const entries = [
      { sequence: 3, tail: 0, changes: [{ at: TABLE, bytes: contentOf(5, 4096) }] },
      { sequence: 20, tail: 1, changes: [table, items] },
      { sequence: 21, tail: 1, changes: [{ at: ITEMS, bytes: contentOf(6, 4096) }] },
    ];
    const places = layLog(bytes, made, entries);
    const torn = (places[2] ?? 0) + 5000;
    bytes[torn] = (bytes[torn] ?? 0) ^ 1;
    await using image = await opened(bytes);
    await expectContent(image, [made]);
    expect(image.warnings).toEqual([expect.stringContaining("last entries of its log")]);
  });

  it("that was begun and holds nothing changes nothing", async () => {
    const bytes = whole.slice();
    layLog(bytes, made, []);
    await using image = await opened(bytes);
    await expectContent(image, [made]);
    expect(image.warnings).toEqual([]);
  });

  it("is refused where the file was longer when it was written, or where its changes are none", async () => {
    const bytes = stale();
    layLog(bytes, made, [{ sequence: 1, tail: 0, changes: [table, items], flushed: bytes.length + 1 }]);
    await expect(opened(bytes)).rejects.toMatchObject({ code: "E_VHDX_LOG" });
    const strange = stale();
    const [place = 0] = layLog(strange, made, [{ sequence: 1, tail: 0, changes: [table] }]);
    strange[place + 64] = 0x78;
    mendVhdx(strange.subarray(place, place + 8192));
    await expect(opened(strange)).rejects.toMatchObject({ code: "E_VHDX_LOG", at: { offset: place } });
  });

  it("of another GUID than the header's is an old one", async () => {
    const bytes = whole.slice();
    const [place = 0] = layLog(bytes, made, [{ sequence: 1, tail: 0, changes: [{ at: TABLE, zeros: 4096 }] }]);
    bytes[place + 32] = 0;
    mendVhdx(bytes.subarray(place, place + 4096));
    await using image = await opened(bytes);
    await expectContent(image, [made]);
  });
});
