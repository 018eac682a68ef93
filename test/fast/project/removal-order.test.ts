import { expect, it } from "vitest";
import type { ValueObject } from "../../../core/model/value.ts";
import { orderRemovals, type Removal } from "../../../core/project/removal-order.ts";

const thing = (address: string, id: string, prior: ValueObject = {}): Removal => ({
  address,
  prior: { id, ...prior },
  removes: { address, id },
});

/** What goes before each, by id. */
function waitsFor(changes: readonly Removal[], entries?: Parameters<typeof orderRemovals>[1]) {
  const order = orderRemovals(changes, entries);
  const idOf = (key: string) => order.get(key)?.change.removes?.id;
  return Object.fromEntries([...order].map(([key, { needs }]) => [idOf(key), needs.map(idOf)]));
}

const base = thing("disk_image.base", "/i/base");
const top = thing("disk_image.top", "/i/top", { backing_file: "/i/base", backing_chain: ["/i/base"] });
const web = thing("virtual_machine.web", "web", { disks: { root: { image: "/i/top" } } });

it("what names a thing goes before it, in whichever order they were made", () => {
  const expected = { web: [], "/i/top": ["web"], "/i/base": ["/i/top"] };
  expect(waitsFor([web, top, base])).toEqual(expected);
  expect(waitsFor([base, top, web])).toEqual(expected);
});

it("what the file says that a thing needs goes after it, also through a query", () => {
  const other = thing("virtual_machine.other", "other", { disks: { root: { image: "/link/to/base" } } });
  const entries = new Map([
    ["virtual_machine.other", { needs: ["inspection.base"] }],
    ["inspection.base", { needs: ["disk_image.base"] }],
  ]) as unknown as Parameters<typeof orderRemovals>[1];
  expect(waitsFor([other, base], entries)).toEqual({ other: [], "/i/base": ["other"] });
  expect(waitsFor([other, base])).toEqual({ other: [], "/i/base": [] });
});

it("of things that name one another the one that was made later goes first", () => {
  const a = thing("virtual_machine.a", "a", { labels: { peer: "b" } });
  const b = thing("virtual_machine.b", "b", { labels: { peer: "a" } });
  expect(waitsFor([b, a])).toEqual({ b: [], a: ["b"] });
});
