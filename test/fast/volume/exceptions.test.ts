import { expect, it } from "vitest";
import type { ByteSource } from "../../../core/source/source.ts";
import { readExceptions } from "../../../core/volume/lvm2/exceptions.ts";
import { fc } from "../../support/property.ts";

const CHUNK = 512;
const PER_AREA = CHUNK / 16;

/** A snapshot's store whose exceptions are computed as they are read; null ends them. */
function storeOf(count: number, old: (index: number) => number): ByteSource {
  const areas = Math.floor(count / PER_AREA) + 1;
  const size = (1 + areas * (PER_AREA + 1)) * CHUNK;
  return {
    name: "store",
    size,
    read: async (offset, length) => {
      const bytes = new Uint8Array(length);
      const view = new DataView(bytes.buffer);
      const chunk = offset / CHUNK;
      if (chunk === 0) for (const [at, value] of [0x70416e53, 1, 1, 1].entries()) view.setUint32(4 * at, value, true);
      const first = ((chunk - 1) / (PER_AREA + 1)) * PER_AREA;
      for (let at = 0; chunk > 0 && at < PER_AREA && first + at < count; at++) {
        view.setUint32(16 * at, old(first + at), true);
        view.setUint32(16 * at + 8, chunk + 1 + at, true);
      }
      return bytes;
    },
    [Symbol.asyncDispose]: async () => {},
  };
}

it("finds each chunk that was copied where it was copied to, and how far that goes on", async () => {
  const olds = fc.uniqueArray(fc.nat(300), { maxLength: 200 });
  await fc.assert(
    fc.asyncProperty(olds, fc.boolean(), async (some, isSorted) => {
      const order = isSorted ? some.toSorted((a, b) => a - b) : some;
      const places = new Map(
        order.map((old, index) => [old, 2 + Math.floor(index / PER_AREA) * (PER_AREA + 1) + (index % PER_AREA)]),
      );
      const { find } = await readExceptions(
        storeOf(order.length, (index) => order[index] ?? 0),
        "snap",
      );
      for (let chunk = 0; chunk < 310; ) {
        const { place, chunks } = find(chunk);
        expect(chunks).toBeGreaterThan(0);
        for (let at = 0; at < Math.min(chunks, 310 - chunk); at++) {
          expect(places.get(chunk + at) ?? null).toBe(place === null ? null : place + at);
        }
        chunk += Math.min(chunks, 310);
      }
    }),
  );
});

it("refuses a store of more runs than it keeps, which would take the memory of the host", async () => {
  const error = await readExceptions(
    storeOf((1 << 20) + 1, (index) => 2 * index),
    "snap",
  ).catch((found) => found);
  expect(error).toMatchObject({ code: "E_LVM2_SNAPSHOT", message: expect.stringContaining("1048576 runs") });
});
