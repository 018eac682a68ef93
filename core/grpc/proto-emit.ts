import type { ProtoCall, ProtoField, ProtoFile } from "./proto-parse.ts";

const HEAD = "// Written by `npm run generate` from the .proto files beside its folder: change those.\n";
const SCALARS: Readonly<Record<string, string>> = {
  string: "string",
  bytes: "Uint8Array",
  bool: "boolean",
  int64: "number",
  uint32: "number",
  double: "number",
};

/** The TypeScript of all files: an interface a message, the encoding table, and the calls of each service. */
export function emitProtocol(files: readonly ProtoFile[]): string {
  const messages = files
    .flatMap((file) => [...file.messages])
    .filter(([name, fields]) => fields.length > 0 || isUsed(name, files));
  const enums = files.flatMap((file) => [...file.enums]);
  const services = files.flatMap((file) => [...file.services]);
  const isEnum = new Set(enums.map(([name]) => name));
  return [
    HEAD,
    ...enums.map(([name, values]) => `export const ${local(name)} = ${JSON.stringify(values)} as const;`),
    ...messages.map(([name, fields]) => emitInterface(name, fields, isEnum)),
    emitTable(messages, isEnum),
    emitTypes(messages),
    emitServices(services),
    "",
  ].join("\n");
}

/** Whether a message without fields is one at all, and no mere folder for others. */
function isUsed(name: string, files: readonly ProtoFile[]): boolean {
  const calls = files.flatMap((file) => [...file.services.values()].flat());
  return calls.some((call) => call.request === name || call.response === name);
}

/** `tfplugin6.Schema.Block` is `SchemaBlock` in TypeScript. */
function local(name: string): string {
  return name
    .split(".")
    .filter((part) => /^[A-Z]/.test(part))
    .join("");
}

function emitInterface(name: string, fields: readonly ProtoField[], isEnum: ReadonlySet<string>): string {
  if (fields.length === 0) return `export type ${local(name)} = Readonly<Record<never, never>>;`;
  const lines = fields.map((field) => `  readonly ${field.name}?: ${typeOf(field, isEnum)};`);
  return [`export interface ${local(name)} {`, ...lines, "}"].join("\n");
}

function typeOf({ type, label }: ProtoField, isEnum: ReadonlySet<string>): string {
  const one = isEnum.has(type) ? "number" : (SCALARS[type] ?? local(type));
  if (label === "single") return one;
  return label === "repeated" ? `readonly ${one}[]` : `Readonly<Record<string, ${one}>>`;
}

function emitTable(
  messages: readonly (readonly [string, readonly ProtoField[]])[],
  isEnum: ReadonlySet<string>,
): string {
  const rows = messages.map(([name, fields]) => {
    const cells = fields.map(({ name: field, number, type, label }) => {
      const kind = isEnum.has(type) ? "int64" : type in SCALARS ? type : local(type);
      return JSON.stringify(label === "single" ? [number, field, kind] : [number, field, kind, label]);
    });
    return `  ${local(name)}: [${cells.join(", ")}],`;
  });
  const type =
    "Readonly<Record<string, readonly (readonly [number, string, string] | readonly [number, string, string, string])[]>>";
  return [`export const FIELDS: ${type} = {`, ...rows, "};"].join("\n");
}

function emitTypes(messages: readonly (readonly [string, unknown])[]): string {
  return ["export interface Messages {", ...messages.map(([name]) => `  ${local(name)}: ${local(name)};`), "}"].join(
    "\n",
  );
}

function emitServices(services: readonly (readonly [string, readonly ProtoCall[]])[]): string {
  const rows = services.flatMap(([service, calls]) =>
    calls.map((call) => {
      const streams = call.streams === "none" ? "" : `, "${call.streams}"`;
      return `  "/${service}/${call.name}": ["${local(call.request)}", "${local(call.response)}"${streams}],`;
    }),
  );
  return ["export const CALLS = {", ...rows, "} as const;"].join("\n");
}
