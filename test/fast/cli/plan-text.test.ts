import { expect, it } from "vitest";
import { describePlan } from "../../../cli/project/plan-text.ts";
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

it("says of the whole of a thing why it goes, and of no field", () => {
  const reasons = [{ path: [], before: "web", after: null, why: "it is no longer declared" }];
  const rest = { plan: null, prior: null, removes: null, secrets: [], declared: null, host: null };
  const change = { address: "virtual_machine.web", action: "delete" as const, reasons, ...rest };
  const text = describePlan({ changes: [change], outputs: {}, diagnostics: [], failures: new Map() });
  expect(text).toBe("- virtual_machine.web will be destroyed\n    it is no longer declared\n\nPlan: 1 to destroy.\n");
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
