import { expect, it } from "vitest";
import { validateFields } from "../../../core/engine/validate.ts";
import type { Field, FieldType } from "../../../core/model/contract.ts";
import { UNKNOWN, type Value } from "../../../core/model/value.ts";

const fields: readonly Field[] = [
  { name: "kernel", type: { kind: "string" }, description: "", required: false, conflictsWith: ["secure_boot"] },
  { name: "secure_boot", type: { kind: "boolean" }, description: "", required: false, default: false },
];

it.each<[Value, string[]]>([
  [false, []],
  [null, []],
  [true, ["E_FIELD_CONFLICT"]],
  [UNKNOWN, []],
])("a field at its default, and one that may yet be null, is in nobody's way: %s", (secure_boot, codes) => {
  const found = validateFields(fields, { kernel: "/vmlinuz", secure_boot });
  expect(found.map(({ code }) => code)).toEqual(codes);
});

it.each<[string, string | null]>([
  ["kernl", "kernel"],
  ["Kernel", "kernel"],
  ["kenrel", "kernel"],
  ["secure-boot", "secure_boot"],
  ["securebot", "secure_boot"],
  ["memory", null],
  ["k", null],
  ["kernel".repeat(5000), null],
])("a field that is not there is told with the one that was meant: %s", (wrong, meant) => {
  const [found] = validateFields(fields, { [wrong]: "x" });
  expect(found?.code).toBe("E_FIELD_UNKNOWN");
  expect(found?.help).toBe(`${meant === null ? "" : `Did you mean ${meant}? `}Fields here: kernel, secure_boot`);
});

it.each<[FieldType, Value, string | null]>([
  [{ kind: "string", length: { minimum: 1 } }, "", "it is empty"],
  [{ kind: "string", length: { minimum: 1 } }, "a", null],
  [{ kind: "string", length: { maximum: 3 } }, "abcd", "it has 4 characters, and 3 are the most"],
  [
    { kind: "list", element: { kind: "string" }, length: { minimum: 2 } },
    ["a"],
    "it has 1 elements, and 2 are the least",
  ],
  [{ kind: "list", element: { kind: "string" }, length: { minimum: 1 } }, [], "it is empty"],
  [{ kind: "list", element: { kind: "string" }, length: { minimum: 1 } }, UNKNOWN, null],
])("a text or a list has a length: %j with %j", (type, value, why) => {
  const found = validateFields([{ name: "x", type, description: "What it is.", required: false }], { x: value });
  const told = { code: "E_FIELD_LENGTH", path: ["x"], message: `Cannot use x: ${why}`, help: "What it is." };
  expect(found).toMatchObject(why === null ? [] : [told]);
});
