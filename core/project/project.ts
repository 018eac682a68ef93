import { dirname } from "node:path";
import { type Diagnostic, problem } from "../engine/diagnostic.ts";
import type { FieldPath } from "../engine/path.ts";
import type { Contract, ContractKind } from "../model/contract.ts";
import { contracts } from "../model/registry.ts";
import { isObject, type Value, type ValueObject } from "../model/value.ts";
import type { ProjectDocument } from "./document.ts";
import { findCycle } from "./graph.ts";
import { badReference, type Reference, references } from "./template.ts";

/** A resource or query of the file. */
export interface Entry {
  /** `disk_image.web`. */
  readonly address: string;
  readonly contract: Contract;
  /** As written, references and all. */
  readonly config: ValueObject;
  /** Where it stands in the file. */
  readonly path: FieldPath;
  /** Addresses that it refers to, or whose things it names. */
  readonly needs: readonly string[];
}

export interface Project {
  readonly document: ProjectDocument;
  /** Where relative paths start: the file's folder. */
  readonly baseDir: string;
  readonly entries: ReadonlyMap<string, Entry>;
  readonly outputs: ValueObject;
  /** Who owns its things, as the file says; null where it leaves that to a UUID. */
  readonly name: string | null;
  /** What is wrong with the file as such; with errors among them, nothing else is true. */
  readonly diagnostics: readonly Diagnostic[];
  /** Some of a file's entries: what the file owns beside them is left alone. */
  readonly isPart?: boolean;
}

const VERSION = 1;
const SECTIONS: Readonly<Record<string, ContractKind>> = { resources: "resource", queries: "query" };
const KEYS = ["version", "project", ...Object.keys(SECTIONS), "outputs"];

/** Reads a parsed guestkit.yaml. Never throws for its content: see `diagnostics`. */
export function readProject(document: ProjectDocument): Project {
  const root = isObject(document.value as Value) ? (document.value as ValueObject) : {};
  const diagnostics = checkRoot(document.value, root);
  const written = Object.entries(SECTIONS).flatMap(([section, kind]) => readSection(root, section, kind, diagnostics));
  const entries = new Map(written.map((entry) => [entry.address, withNamed(entry, written)]));
  const outputs = objectAt(root, "outputs", diagnostics);
  diagnostics.push(...checkReferences(entries, outputs), ...checkCycle(entries));
  const name = readName(root, diagnostics);
  return { document, baseDir: dirname(document.file), entries, outputs, name, diagnostics };
}

/** A name that can stand on any command line. */
function readName({ project }: ValueObject, diagnostics: Diagnostic[]): string | null {
  if (project === undefined) return null;
  if (typeof project === "string" && /^[A-Za-z0-9][A-Za-z0-9._/-]{0,127}$/.test(project)) return project;
  const message = "Cannot use project: it must be a name of letters, digits, . _ / and -, at most 128 of them";
  diagnostics.push(problem("E_PROJECT_OWNER", ["project"], message, "Write it in quotes if it is a number alone."));
  return null;
}

function checkRoot(value: unknown, root: ValueObject): Diagnostic[] {
  if (!isObject(value as Value)) {
    return [problem("E_PROJECT", [], "Cannot use the file: it is no map", `Start it with: version: ${VERSION}`)];
  }
  const unknown = Object.keys(root).filter((key) => !KEYS.includes(key));
  const diagnostics = unknown.map((key) =>
    problem("E_PROJECT_KEY", [key], `Cannot use "${key}": there is no such section`, `Sections: ${KEYS.join(", ")}`),
  );
  if (root.version === VERSION) return diagnostics;
  const found = root.version === undefined ? "it has none" : `it has ${JSON.stringify(root.version)}`;
  const message = `Cannot use the file: its version must be ${VERSION}, and ${found}`;
  return [...diagnostics, problem("E_PROJECT_VERSION", ["version"], message, `Write: version: ${VERSION}`)];
}

function readSection(root: ValueObject, section: string, kind: ContractKind, diagnostics: Diagnostic[]): Entry[] {
  const entries: Entry[] = [];
  for (const name of Object.keys(objectAt(root, section, diagnostics))) {
    const contract = contracts.find((each) => each.kind === kind && each.name === name);
    if (!contract) {
      diagnostics.push(unknownContract(section, kind, name));
      continue;
    }
    const things = objectAt(root[section] as ValueObject, name, diagnostics, [section]);
    for (const [key, config] of Object.entries(things)) {
      entries.push(readEntry(contract, [section, name, key], config, diagnostics));
    }
  }
  return entries;
}

function unknownContract(section: string, kind: ContractKind, name: string): Diagnostic {
  const known = contracts.filter((each) => each.kind === kind).map((each) => each.name);
  const message = `Cannot use ${kind} "${name}": there is none of that name`;
  return problem("E_CONTRACT_UNKNOWN", [section, name], message, `Known: ${known.join(", ")}`);
}

function readEntry(contract: Contract, path: FieldPath, config: Value, diagnostics: Diagnostic[]): Entry {
  const name = String(path[2]);
  if (!/^[A-Za-z_][A-Za-z0-9_-]*$/.test(name)) {
    const message = `Cannot use the name "${name}": it has other characters than letters, digits, _ and -`;
    diagnostics.push(problem("E_PROJECT_NAME", path, message));
  }
  if (!isObject(config)) diagnostics.push(problem("E_FIELD_TYPE", path, `Cannot use ${name}: it must be a map`));
  const values = isObject(config) ? config : {};
  const needs = [...references(values)].flatMap(([each]) => (each.kind === "entry" ? [each.address] : []));
  return { address: `${contract.name}.${name}`, contract, config: values, path, needs: [...new Set(needs)] };
}

/** A thing of the file that is called by its name (`template_vm: debian`) is needed as one that is referred to. */
function withNamed(entry: Entry, all: readonly Entry[]): Entry {
  const named = entry.contract.input.flatMap(({ name, refersTo }) => {
    const value = entry.config[name];
    if (refersTo === undefined || typeof value !== "string") return [];
    return all.filter((each) => each !== entry && each.contract.name === refersTo && nameOf(each) === value);
  });
  return { ...entry, needs: [...new Set([...entry.needs, ...named.map(({ address }) => address)])] };
}

const nameOf = ({ contract, config }: Entry): Value | undefined => config[contract.identity[0] ?? ""];

function objectAt(parent: ValueObject, key: string, diagnostics: Diagnostic[], path: FieldPath = []): ValueObject {
  const value = parent[key] ?? {};
  if (isObject(value)) return value;
  diagnostics.push(problem("E_FIELD_TYPE", [...path, key], `Cannot use ${key}: it must be a map`));
  return {};
}

function checkReferences(entries: ReadonlyMap<string, Entry>, outputs: ValueObject): Diagnostic[] {
  const own = [...entries.values()].flatMap(({ config, path }) => [...references(config, path)]);
  const all = [...own, ...references(outputs, ["outputs"])];
  return all.flatMap(([reference, path]) => checkReference(entries, reference, path));
}

function checkReference(entries: ReadonlyMap<string, Entry>, reference: Reference, path: FieldPath): Diagnostic[] {
  if (reference.kind !== "entry") return [];
  const entry = entries.get(reference.address);
  if (!entry) {
    const known = [...entries.keys()].join(", ") || "none";
    return [badReference(reference, path, "nothing in the file has that address", `Addresses: ${known}`)];
  }
  const fields = [...entry.contract.input, ...entry.contract.output].filter((each) => !each.writeOnly);
  const names = [...fields.map((each) => each.name), ...(entry.contract.kind === "resource" ? ["id"] : [])];
  const field = reference.path[0];
  if (field === undefined || names.includes(String(field))) return [];
  const help = `Fields of ${entry.contract.name}: ${names.join(", ")}`;
  return [badReference(reference, path, `${entry.contract.name} has no field "${field}"`, help)];
}

function checkCycle(entries: ReadonlyMap<string, Entry>): Diagnostic[] {
  const cycle = findCycle(entries);
  if (!cycle) return [];
  const path = entries.get(cycle[0] ?? "")?.path ?? [];
  const message = `Cannot order the file: ${cycle.join(" needs ")}`;
  return [problem("E_PROJECT_CYCLE", path, message, "Remove one of these references.")];
}
