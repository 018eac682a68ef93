import { type Field, type FieldType, UNKNOWN, type Value, type ValueObject } from "../../core/model/index.ts";
import { fc } from "./property.ts";

const NESTED = `${"[".repeat(90)}${"]".repeat(90)}`;

/** What nobody should write and somebody does. */
export const oddText = fc.oneof(
  fc.string(),
  fc.constantFrom(
    "",
    ".",
    "..",
    "/",
    "a/",
    "a\0b",
    "\ud800",
    "x".repeat(300),
    "a/".repeat(2500),
    "-",
    "--",
    "$",
    "${",
    "${}",
  ),
  fc.constantFrom(
    "${a.b.c}",
    "${disk_image.a.constructor}",
    "${env.}",
    "${file./}",
    "__proto__",
    "constructor",
    "20G",
    "1e999",
  ),
  fc.constantFrom(
    "http://",
    "http://[",
    "file:///%",
    "https://u:p@h/?sig=x",
    "\u202e",
    "NaN",
    "0x10",
    "nbd://h",
    NESTED,
  ),
);

const oddNumber = fc.oneof(
  fc.constantFrom(0, -0, -1, 1.5, 2 ** 31, 2 ** 53, 1e300, Number.NaN, Number.POSITIVE_INFINITY),
  fc.integer(),
);

/** Any value that JSON, YAML or an engine may carry. */
export const oddValue: fc.Arbitrary<Value> = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.constantFrom<Value>(null, true, false, UNKNOWN),
    oddNumber,
    oddText,
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(fc.oneof(oddText, fc.constantFrom("path", "name", "toString", "__proto__")), tie("value"), {
      maxKeys: 3,
    }),
  ),
})).value;

/** A declaration that is nearly right: most fields have their type, some have anything. */
export function nearlyRight(fields: readonly Field[]): fc.Arbitrary<ValueObject> {
  const entries = fields.map((field) => [field.name, mostly(ofType(field.type))] as const);
  const requiredKeys = fields.filter(({ required }) => required).map(({ name }) => name);
  const right = fc.record(Object.fromEntries(entries), { requiredKeys: requiredKeys as never[] });
  const extra = fc.dictionary(oddText, oddValue, { maxKeys: 1 });
  return fc
    .tuple(right, fc.option(extra, { freq: 8 }))
    .map(([value, more]) => ({ ...(value as ValueObject), ...more }));
}

const mostly = (right: fc.Arbitrary<Value>): fc.Arbitrary<Value> =>
  fc.oneof({ arbitrary: right, weight: 9 }, { arbitrary: oddValue, weight: 1 });

function ofType(type: FieldType): fc.Arbitrary<Value> {
  switch (type.kind) {
    case "string":
      return type.choices ? fc.constantFrom(...type.choices) : fc.oneof(fc.constantFrom("a", "web"), oddText);
    case "boolean":
      return fc.boolean();
    case "integer":
    case "number":
      return fc.oneof(fc.integer({ min: 0, max: 9 }), oddNumber);
    case "size":
      return fc.constantFrom<Value>("1M", 1024, "0", "1.5G");
    case "path":
      return fc.oneof(fc.constantFrom("a.qcow2", "/nowhere/b", "."), oddText);
    case "list":
      return fc.array(mostly(ofType(type.element)), { maxLength: 2 });
    case "map":
      return fc.dictionary(fc.oneof(fc.constantFrom("a", "b"), oddText), mostly(ofType(type.element)), { maxKeys: 2 });
    case "object":
      return nearlyRight(type.fields);
  }
}
