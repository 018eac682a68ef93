import { expect, it } from "vitest";
import { validateFields } from "../../../core/engine/validate.ts";
import type { Field } from "../../../core/model/contract.ts";
import { UNKNOWN, type Value } from "../../../core/model/value.ts";

const fields: readonly Field[] = [
  { name: "kernel", type: { kind: "string" }, description: "", required: false, conflictsWith: ["secure_boot"] },
  { name: "secure_boot", type: { kind: "boolean" }, description: "", required: false, default: false },
];

it.each<[Value, string[]]>([
  [false, []],
  [null, []],
  [true, ["E_FIELD_CONFLICT"]],
  [UNKNOWN, ["E_FIELD_CONFLICT"]],
])("a field at its default is in nobody's way: %s", (secure_boot, codes) => {
  const found = validateFields(fields, { kernel: "/vmlinuz", secure_boot });
  expect(found.map(({ code }) => code)).toEqual(codes);
});
