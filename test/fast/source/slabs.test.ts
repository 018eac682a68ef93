import { expect, test } from "vitest";
import { Slabs } from "../../../core/source/slabs.ts";
import { fc } from "../../support/property.ts";

const PAGE = 8;

test("a room is as large as was asked for, whatever of older pages is taken along, and the memory is bounded", () => {
  const arbitrary = fc.record({
    pages: fc.integer({ min: 1, max: 80 }),
    together: fc.integer({ min: 1, max: 8 }),
    steps: fc.array(fc.record({ count: fc.integer({ min: 1, max: 8 }), again: fc.boolean() }), { maxLength: 100 }),
  });
  fc.assert(
    fc.property(arbitrary, ({ pages, together, steps }) => {
      const most = Math.min(together, pages);
      const slabs = new Slabs(PAGE, pages, most);
      let next = 0;
      for (const { count, again } of steps) {
        const wanted = Math.min(count, most);
        const room = slabs.room(wanted * PAGE);
        expect(room.bytes.length).toBe(wanted * PAGE);
        room.bytes.fill(next);
        expect(slabs.keep(room, next)).toHaveLength(wanted);
        next += wanted;
        if (again) for (let page = 0; page < next; page++) slabs.get(page);
      }
      const kept = Array.from({ length: next }, (_, page) => slabs.get(page)).filter((page) => page !== undefined);
      expect(new Set(kept.map(({ buffer }) => buffer)).size * (kept[0]?.buffer.byteLength ?? 0)).toBeLessThanOrEqual(
        pages * PAGE,
      );
    }),
  );
});
