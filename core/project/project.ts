import { dirname } from "node:path";
import { type Diagnostic, problem } from "../engine/diagnostic.ts";
import type { FieldPath } from "../engine/path.ts";
import { suggestion } from "../kit/nearest.ts";
import type { Contract } from "../model/contract.ts";
import { isObject, type Value, type ValueObject } from "../model/value.ts";
import { checkCycle, checkIdentities, checkReferences } from "./check.ts";
import { objectAt, readDeclared, SECTIONS } from "./declared.ts";
import type { ProjectDocument } from "./document.ts";
import { expand } from "./expand.ts";
import { type Given, resolveVariables } from "./given.ts";
import { type HostSetting, readHosts } from "./hosts.ts";
import { checkMoves, type Move, readMoves } from "./moved.ts";
import { withNeeds } from "./needs.ts";
import { secretPaths, textsOf, withSecrets } from "./secrets.ts";
import type { HostName } from "./site.ts";
import { readVariables, type Variable } from "./variables.ts";
import { writtenKeys } from "./written-keys.ts";

/** A resource or query of the file. */
export interface Entry {
  /** `disk_image.web`, `disk_image.web["a"]`. */
  readonly address: string;
  readonly contract: Contract;
  /** As written, references to other things and all. */
  readonly config: ValueObject;
  /** Where it stands in the file. */
  readonly path: FieldPath;
  /** Addresses that it refers to, or whose things it names by name or path. */
  readonly needs: readonly string[];
  /** Paths of values that are shown nowhere. */
  readonly secrets: readonly FieldPath[];
  /** The host of the file that it is on; null: this one. */
  readonly host: HostName;
}

export interface Project {
  readonly document: ProjectDocument;
  /** Where relative paths start: the file's folder. */
  readonly baseDir: string;
  readonly entries: ReadonlyMap<string, Entry>;
  /** By name. */
  readonly hosts: ReadonlyMap<string, HostSetting>;
  readonly outputs: ValueObject;
  /** Things that have other addresses than before. */
  readonly moves: readonly Move[];
  /** Who owns its things, as the file says; null where it leaves that to a UUID. */
  readonly name: string | null;
  /** Names of outputs that are shown only where they are asked for. */
  readonly secretOutputs: ReadonlySet<string>;
  /** What opens encrypted devices, as it is written, its variables in place; see `projectKeys`. */
  readonly keys: ValueObject;
  /** Values of the variables that are not sensitive. */
  readonly variables: ValueObject;
  /** Texts that no message may repeat. */
  readonly secrets: readonly string[];
  /** What is wrong with the file as such; with errors among them, nothing else is true. */
  readonly diagnostics: readonly Diagnostic[];
  /** All of the file, of which this is a part: what the file owns beside that is left alone. */
  readonly whole?: Project;
}

const VERSION = 1;
/** Sections of nobody's, which hold parts that others name by alias or merge key. */
const SPARE = /^x-/;
const KEYS = ["version", "project", "variables", "keys", "hosts", "moved", ...Object.keys(SECTIONS), "outputs"];

/**
 * Reads a parsed guestkit.yaml. Never throws for its content: see `diagnostics`. Throws `E_VARIABLE_UNKNOWN` and
 * `E_VARIABLE_SYNTAX` for values that are given to no variable.
 */
export function readProject(document: ProjectDocument, given: Given = {}): Project {
  const root = isObject(document.value as Value) ? (document.value as ValueObject) : {};
  const diagnostics = checkRoot(document.value, root);
  const baseDir = dirname(document.file);
  const variables = readVariables(objectAt(root, "variables", diagnostics), diagnostics);
  const values = resolveVariables(variables, given);
  const scope = { variables: new Map(variables.map((each) => [each.name, each])), values, baseDir };
  const written = objectAt(root, "outputs", diagnostics);
  const hosts = readHosts(objectAt(root, "hosts", diagnostics), scope, diagnostics);
  const made = expand(readDeclared(root, diagnostics), written, { scope, hosts }, diagnostics);
  const entries = withSecrets(withNeeds(made.entries, baseDir));
  const outputs = made.outputs.config;
  const moves = readMoves(root.moved, diagnostics);
  diagnostics.push(
    ...checkMoves(moves, entries, made.open),
    ...checkReferences(entries, outputs, made.open),
    ...checkCycle(entries),
    ...checkIdentities(entries),
  );
  const name = readName(root, diagnostics);
  const secretOutputs = [...made.outputs.secrets, ...secretPaths(entries, outputs)].map(([name]) => String(name));
  return {
    document,
    baseDir,
    entries,
    hosts,
    outputs,
    moves,
    name,
    secretOutputs: new Set(secretOutputs),
    keys: writtenKeys(objectAt(root, "keys", diagnostics), scope),
    variables: valuesOf(variables, values, false),
    secrets: textsOf(valuesOf(variables, values, true)),
    diagnostics: distinct(diagnostics),
  };
}

/** A name that can stand on any command line. */
function readName({ project }: ValueObject, diagnostics: Diagnostic[]): string | null {
  if (project === undefined) return null;
  if (typeof project === "string" && /^[A-Za-z0-9][A-Za-z0-9._/-]{0,127}$/.test(project)) return project;
  const message = "Cannot use project: it must be a name of letters, digits, . _ / and -, at most 128 of them";
  diagnostics.push(problem("E_PROJECT_OWNER", ["project"], message, "Write it in quotes if it is a number alone."));
  return null;
}

function valuesOf(
  variables: readonly Variable[],
  values: ReturnType<typeof resolveVariables>,
  sensitive: boolean,
): ValueObject {
  const wanted = variables.filter((each) => each.sensitive === sensitive);
  return Object.fromEntries(
    wanted.flatMap(({ name }) => {
      const found = values.get(name);
      return found && "value" in found ? [[name, found.value]] : [];
    }),
  );
}

/** What is wrong with a declaration is so for each thing that it makes. */
export function distinct(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return [...new Map(diagnostics.map((each) => [JSON.stringify(each), each])).values()];
}

function checkRoot(value: unknown, root: ValueObject): Diagnostic[] {
  if (!isObject(value as Value)) {
    return [problem("E_PROJECT", [], "Cannot use the file: it is no map", `Start it with: version: ${VERSION}`)];
  }
  const unknown = Object.keys(root).filter((key) => !KEYS.includes(key) && !SPARE.test(key));
  const diagnostics = unknown.map((key) =>
    problem(
      "E_PROJECT_KEY",
      [key],
      `Cannot use "${key}": there is no such section`,
      `${suggestion(key, KEYS)}Sections: ${KEYS.join(", ")}`,
    ),
  );
  if (root.version === VERSION) return diagnostics;
  const found = root.version === undefined ? "it has none" : `it has ${JSON.stringify(root.version)}`;
  const message = `Cannot use the file: its version must be ${VERSION}, and ${found}`;
  return [...diagnostics, problem("E_PROJECT_VERSION", ["version"], message, `Write: version: ${VERSION}`)];
}
