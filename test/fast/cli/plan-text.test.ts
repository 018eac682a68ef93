import { expect, it } from "vitest";
import { inBlock } from "../../../cli/project/value-text.ts";
import { spellSize } from "../../../core/kit/size.ts";
import { UNKNOWN, type ValueObject } from "../../../core/model/value.ts";

it("writes values as lines of YAML, without what is not given", () => {
  const value: ValueObject = {
    a: { b: [1, { c: "x", d: null, e: [] }, [true]], f: {} },
    g: null,
    h: UNKNOWN,
    "1": "\u001b[31m",
    "odd: key": "no",
    text: "12",
    path: "/a b/c-d.qcow2",
  };
  expect(inBlock(value).join("\n")).toBe(`"1": "\\u001b[31m"
a:
  b:
    - 1
    - c: x
      e: []
    - - true
  f: {}
h: (known after apply)
"odd: key": "no"
text: "12"
path: /a b/c-d.qcow2`);
});

it.each([
  [536870912, "768M", "512M"],
  [1 << 30, "1.5GiB", "1GiB"],
  [10_000_000_000, "20GB", "10GB"],
  [513 << 10, "1G", "513K"],
  [1, "1G", "1"],
  [0, "1G", "0"],
  [1 << 20, "2097152", "1M"],
] as const)("writes %d beside %s as %s", (bytes, like, spelled) => {
  expect(spellSize(bytes, like)).toBe(spelled);
});
