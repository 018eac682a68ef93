import { expect, it } from "vitest";
import { compareLists } from "../../../core/diff/lists.ts";

type Package = readonly [name: string, version: string];

const told = (before: readonly Package[], after: readonly Package[]) =>
  compareLists<Package>(
    { group: "packages", key: ([name]) => name, fields: ([, version]) => ({ version }) },
    before,
    after,
    0,
  ).map(({ name, change, fields }) => [name, change, ...(fields.version ?? [])]);

const kernels = (...versions: readonly string[]) => versions.map((version): Package => ["kernel", version]);

it.each([
  [["1", "2"], ["2"], [["kernel", "removed", "1", null]]],
  [["2"], ["2", "1"], [["kernel", "added", null, "1"]]],
  [["1", "2"], ["2", "3"], [["kernel", "modified", "1", "3"]]],
  [["1", "2"], ["2", "1"], []],
  [["1", "1"], ["1"], [["kernel", "removed", "1", null]]],
  [
    ["1", "2"],
    ["3"],
    [
      ["kernel", "removed", "1", null],
      ["kernel", "removed", "2", null],
      ["kernel", "added", null, "3"],
    ],
  ],
])("of several packages with one name, %j and %j, tells those that one list alone has", (before, after, expected) => {
  expect(told(kernels(...before), kernels(...after))).toEqual(expected);
});
