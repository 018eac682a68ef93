import type { z } from "zod";
import type { Contract, Field, FieldType, LengthRule, Literal } from "./contract.ts";
import type { Declaration, FieldMeta } from "./declare.ts";

type Schema = z.core.$ZodType;

/** The plain contract of a zod declaration. A write-only field of a resource brings its `NAME_version` along. */
export function compile(declaration: Declaration): Contract {
  const { input, output, listing, aliases = {}, ...rest } = declaration;
  const told = compileFields(output);
  const isResource = rest.kind === "resource";
  return {
    ...rest,
    aliases,
    input: isResource ? compileFields(input) : fieldsOf(input),
    output: isResource ? told : told.map(still),
    ...(listing && { listing: fieldsOf(listing) }),
  };
}

/** What a query or an action answers changes with nothing. */
function still({ changesWith: _, ...field }: Field): Field {
  return field;
}

const compileFields = (schema: Schema): readonly Field[] => fieldsOf(schema).flatMap(withVersion);

function fieldsOf(schema: Schema): readonly Field[] {
  const shape = (schema as z.core.$ZodObject)._zod.def.shape;
  return Object.entries(shape).map(([name, field]) => compileField(name, field));
}

function withVersion(field: Field): Field[] {
  if (!field.writeOnly) return [field];
  return [
    field,
    {
      name: `${field.name}_version`,
      type: { kind: "integer", minimum: 0 },
      required: false,
      description: `Raise it when ${field.name} changed: the secret itself is stored nowhere and cannot be compared.`,
    },
  ];
}

interface Unwrapped {
  readonly schema: Schema;
  readonly required: boolean;
  readonly fallback: Literal | undefined;
  readonly meta: FieldMeta & { readonly description?: string };
}

/** Peels optional, nullable and default off, gathering metadata, the outer's first. */
function unwrap(schema: Schema): Unwrapped {
  const own = pickMeta((schema as z.ZodType).meta?.() ?? {});
  const { def } = schema._zod as { def: { type: string; innerType?: Schema; defaultValue?: unknown } };
  if (!def.innerType) return { schema, required: true, fallback: undefined, meta: own };
  const inner = unwrap(def.innerType);
  const fallback = def.type === "default" ? (def.defaultValue as Literal) : inner.fallback;
  return { ...inner, required: false, fallback, meta: { ...inner.meta, ...own } };
}

function compileField(name: string, outer: Schema): Field {
  const { schema, required, fallback, meta } = unwrap(outer);
  const {
    description = "",
    kind: _k,
    key: _y,
    address: _a,
    form: _f,
    bounds: _b,
    side,
    beside: _n,
    folder: _d,
    ...flags
  } = meta;
  return {
    name,
    type: compileType(schema, meta),
    description: side === "caller" ? `${description} ${CALLERS}` : description,
    required,
    ...(fallback !== undefined && { default: fallback }),
    ...flags,
  };
}

/** What every face tells of a field of the caller's side. */
const CALLERS =
  "Where the engine works on another host, it is read on the machine that asks; host:/PATH is the host's own.";

const FLAGS = [
  "description",
  "policy",
  "adopts",
  "sensitive",
  "writeOnly",
  "changesWith",
  "volatile",
  "conflictsWith",
  "refersTo",
  "claims",
  "listedBy",
  "disks",
  "unit",
  "kind",
  "key",
  "address",
  "form",
  "side",
  "beside",
  "folder",
  "absent",
  "bounds",
];

function pickMeta(meta: object): Unwrapped["meta"] {
  return Object.fromEntries(Object.entries(meta).filter(([key]) => FLAGS.includes(key)));
}

function compileType(schema: Schema, meta: FieldMeta): FieldType {
  if (meta.kind === "size") return { kind: meta.kind, ...meta.bounds };
  if (meta.kind === "path") return { kind: meta.kind, ...sideOf(meta), ...(meta.folder && { folder: meta.folder }) };
  const { def } = schema._zod as { def: { type: string } };
  const compiler = COMPILERS[def.type];
  if (!compiler) throw new TypeError(`A contract cannot use the zod type ${def.type}`);
  return compiler(schema, meta);
}

const COMPILERS: Readonly<Record<string, (schema: Schema, meta: FieldMeta) => FieldType>> = {
  string: (schema, { address, form, ...meta }) => {
    return {
      kind: "string",
      ...lengthOf(schema),
      ...patternOf(schema),
      ...(address && { address }),
      ...(form && { form }),
      ...sideOf(meta),
    };
  },
  boolean: () => ({ kind: "boolean" }),
  enum: (schema) => ({
    kind: "string",
    choices: Object.values((schema as z.core.$ZodEnum)._zod.def.entries).map(String),
  }),
  literal: (schema) => compileLiteral((schema as z.core.$ZodLiteral)._zod.def.values),
  number: (schema) => compileNumber(schema as z.ZodNumber),
  array: (schema, meta) => ({
    kind: "list",
    element: compileElement((schema as z.core.$ZodArray)._zod.def.element),
    ...lengthOf(schema),
    ...(meta.key && { key: meta.key }),
  }),
  record: (schema) => ({ kind: "map", element: compileElement((schema as z.core.$ZodRecord)._zod.def.valueType) }),
  object: (schema) => ({ kind: "object", fields: compileFields(schema) }),
};

const sideOf = ({ side, beside }: FieldMeta) => ({ ...(side && { side }), ...(beside && { beside }) });

interface Check {
  readonly check?: string;
  readonly pattern?: unknown;
  readonly prefix?: string;
  readonly error?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
}

function checksOf(schema: Schema): readonly Check[] {
  const { checks = [] } = schema._zod.def as { checks?: readonly { _zod: { def: Check } }[] };
  return checks.map((each) => each._zod.def);
}

const wordsOf = (error: unknown): unknown => (typeof error === "function" ? error({}) : undefined);

/** The first pattern that a string must match, and what that is in words: nobody is to read a pattern. */
function patternOf(schema: Schema): { readonly pattern?: string; readonly wording?: string } {
  for (const { pattern, prefix, error } of checksOf(schema)) {
    if (!(pattern instanceof RegExp)) continue;
    const wording = prefix === undefined ? wordsOf(error) : `a text that begins with ${prefix}`;
    if (typeof wording !== "string") throw new TypeError(`A pattern needs words: .regex(${pattern}, "what it takes")`);
    return { pattern: pattern.source, wording };
  }
  return {};
}

/** Bounds of a text, in characters, or of a list. */
function lengthOf(schema: Schema): { readonly length?: LengthRule } {
  const of = (name: string) => checksOf(schema).find(({ check }) => check === name);
  const [{ minimum } = {}, { maximum } = {}] = [of("min_length"), of("max_length")];
  if (minimum === undefined && maximum === undefined) return {};
  return { length: { ...(minimum !== undefined && { minimum }), ...(maximum !== undefined && { maximum }) } };
}

function compileElement(outer: Schema): FieldType {
  const { schema, meta } = unwrap(outer);
  return compileType(schema, meta);
}

function compileLiteral(values: readonly unknown[]): FieldType {
  if (values.every((each) => typeof each === "number")) return { kind: "integer" };
  return { kind: "string", choices: values.map(String) };
}

function compileNumber(schema: z.ZodNumber): FieldType {
  if (!schema.format?.includes("int")) return { kind: "number" };
  const { minValue, maxValue } = schema;
  return {
    kind: "integer",
    ...(minValue !== null && minValue > Number.MIN_SAFE_INTEGER && { minimum: minValue }),
    ...(maxValue !== null && maxValue < Number.MAX_SAFE_INTEGER && { maximum: maxValue }),
  };
}
