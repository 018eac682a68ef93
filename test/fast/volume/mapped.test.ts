import { describe, expect, it } from "vitest";
import { GuestkitError } from "../../../core/kit/errors.ts";
import { memorySource } from "../../../core/source/memory.ts";
import type { ByteSource } from "../../../core/source/source.ts";
import { joinedSource, type Piece } from "../../../core/volume/mapped.ts";
import { stripedSource } from "../../../core/volume/striped.ts";
import { fc } from "../../support/property.ts";

const SIZE = 4096;
const sources = [1, 2, 3].map((salt) => {
  const bytes = Uint8Array.from({ length: SIZE }, (_, at) => (at * 7 + salt * 31 + (at >> 8)) & 0xff);
  return { bytes, source: memorySource(bytes, `m${salt}`) };
});
const pieces = fc.array(
  fc.record({
    from: fc.constantFrom(...sources),
    start: fc.integer({ min: 0, max: SIZE - 300 }),
    length: fc.integer({ min: 1, max: 300 }),
  }),
  { minLength: 1, maxLength: 12 },
);
type Made = { readonly from: (typeof sources)[number]; readonly start: number; readonly length: number };
const flat = (made: readonly Made[]) =>
  new Uint8Array(Buffer.concat(made.map(({ from, start, length }) => from.bytes.subarray(start, start + length))));
const piece = ({ from, start, length }: Made): Piece => ({ source: from.source, start, length });

describe("a device in pieces", () => {
  it("reads as the pieces one behind the other, wherever a read starts and ends", async () => {
    await fc.assert(
      fc.asyncProperty(pieces, fc.nat(), fc.nat(), async (made, a, b) => {
        const whole = flat(made);
        const source = joinedSource("joined", made.map(piece));
        expect(source.size).toBe(whole.length);
        const [offset, end] = [a % (whole.length + 1), b % (whole.length + 1)].toSorted((x, y) => x - y) as [
          number,
          number,
        ];
        const expected = whole.subarray(offset, end);
        expect(await source.read(offset, end - offset)).toEqual(new Uint8Array(expected));
        const target = new Uint8Array(end - offset);
        await source.readInto?.(offset, target);
        expect(target).toEqual(new Uint8Array(expected));
        const peeked = source.peek?.(offset, end - offset);
        if (peeked) expect(new Uint8Array(peeked)).toEqual(new Uint8Array(expected));
      }),
    );
  });

  it("refuses what lies past its end", async () => {
    const source = joinedSource("joined", [{ source: memorySource(new Uint8Array(10)), start: 2, length: 5 }]);
    await expect(source.read(3, 3)).rejects.toMatchObject({ code: "E_SOURCE_BOUNDS" });
  });

  it("tells holes over the borders of pieces, as far as they are of one kind", async () => {
    const hole = {
      ...memorySource(new Uint8Array(100)),
      extent: async (_: number, length: number) => ({ length, zero: true }),
    };
    const data = memorySource(new Uint8Array(100).fill(1));
    const whole = (source: ByteSource): Piece => ({ source, start: 0, length: 100 });
    const source = joinedSource("joined", [whole(hole), whole(hole), whole(data)]);
    expect(await source.extent?.(10, 290)).toEqual({ length: 190, zero: true });
    expect(await source.extent?.(200, 50)).toEqual({ length: 50, zero: false });
  });

  it("gives what was asked for where what lies between two pieces cannot be read", async () => {
    const from = sources[0] as (typeof sources)[number];
    const holed: ByteSource = {
      ...from.source,
      read: async (offset, length) => {
        if (offset < 1100 && 1000 < offset + length) throw new GuestkitError("E_TEST", "Cannot read: bad");
        return from.bytes.slice(offset, offset + length);
      },
      readInto: async (offset, target) => target.set(await holed.read(offset, target.length)),
    };
    const joint = (start: number) =>
      joinedSource("joined", [
        { source: holed, start: 500, length: 500 },
        { source: holed, start, length: 300 },
      ]);
    expect(await joint(1100).read(0, 800)).toEqual(
      new Uint8Array([...from.bytes.subarray(500, 1000), ...from.bytes.subarray(1100, 1400)]),
    );
    await expect(joint(1099).read(0, 800)).rejects.toMatchObject({ code: "E_TEST" });
  });

  it("takes what is near on one source in one read", async () => {
    const reads: string[] = [];
    const spy = (salt: number): ByteSource => ({
      ...memorySource(new Uint8Array(1 << 20).fill(salt), `s${salt}`),
      read: async (offset, length) => {
        reads.push(`${salt} ${offset} ${length}`);
        return new Uint8Array(length).fill(salt);
      },
    });
    const source = stripedSource("striped", [spy(1), spy(2)], 4096, 1 << 20);
    const bytes = await source.read(4096, 8 * 4096);
    expect(reads.toSorted()).toEqual(["1 4096 16384", "2 0 16384"]);
    expect([0, 4096, 8192].map((at) => bytes[at])).toEqual([2, 1, 2]);
  });
});
