import { type Diagnostic, problem } from "../engine/diagnostic.ts";
import type { FieldPath } from "../engine/path.ts";
import { suggestion } from "../kit/nearest.ts";
import type { Contract, ContractKind } from "../model/contract.ts";
import { contracts } from "../model/registry.ts";
import { isObject, type Value, type ValueObject } from "../model/value.ts";

/** A resource or query as the file has it: one thing, or one for each of several keys. */
export interface Declared {
  readonly contract: Contract;
  /** `disk_image.web`. */
  readonly name: string;
  readonly path: FieldPath;
  readonly config: ValueObject;
  readonly forEach?: Value;
  /** The host that it is on, as it is written. */
  readonly host?: Value;
}

export const SECTIONS: Readonly<Record<string, ContractKind>> = { resources: "resource", queries: "query" };
/** Keys of an entry that are none of its contract's fields. */
export const FOR_EACH = "for_each";
export const HOST = "host";

export function readDeclared(root: ValueObject, diagnostics: Diagnostic[]): readonly Declared[] {
  return Object.entries(SECTIONS).flatMap(([section, kind]) => readSection(root, section, kind, diagnostics));
}

function readSection(
  root: ValueObject,
  section: string,
  kind: ContractKind,
  diagnostics: Diagnostic[],
): readonly Declared[] {
  const declared: Declared[] = [];
  for (const name of Object.keys(objectAt(root, section, diagnostics))) {
    const contract = contracts.find((each) => each.kind === kind && each.name === name);
    if (!contract) {
      diagnostics.push(unknownContract(section, kind, name));
      continue;
    }
    const things = objectAt(root[section] as ValueObject, name, diagnostics, [section]);
    for (const [key, config] of Object.entries(things)) {
      declared.push(readEntry(contract, [section, name, key], config, diagnostics));
    }
  }
  return declared;
}

function unknownContract(section: string, kind: ContractKind, name: string): Diagnostic {
  const known = contracts.filter((each) => each.kind === kind).map((each) => each.name);
  const message = `Cannot use ${kind} "${name}": there is none of that name`;
  return problem(
    "E_CONTRACT_UNKNOWN",
    [section, name],
    message,
    `${suggestion(name, known)}Known: ${known.join(", ")}`,
  );
}

function readEntry(contract: Contract, path: FieldPath, given: Value, diagnostics: Diagnostic[]): Declared {
  const name = String(path[2]);
  if (!/^[A-Za-z_][A-Za-z0-9_-]*$/.test(name)) {
    const message = `Cannot use the name "${name}": it has other characters than letters, digits, _ and -`;
    diagnostics.push(problem("E_PROJECT_NAME", path, message));
  }
  if (!isObject(given)) diagnostics.push(noMap(path, "FIELD: VALUE"));
  const { [FOR_EACH]: forEach, [HOST]: host, ...config } = isObject(given) ? given : {};
  return {
    ...{ contract, name: `${contract.name}.${name}`, path, config },
    ...(forEach !== undefined && { forEach }),
    ...(host !== undefined && { host }),
  };
}

export function objectAt(
  parent: ValueObject,
  key: string,
  diagnostics: Diagnostic[],
  path: FieldPath = [],
): ValueObject {
  const value = parent[key] ?? {};
  if (isObject(value)) return value;
  diagnostics.push(noMap([...path, key], "NAME: ..."));
  return {};
}

function noMap(path: FieldPath, holds: string): Diagnostic {
  const name = String(path.at(-1));
  return problem("E_FIELD_TYPE", path, `Cannot use ${name}: it must be a map`, `Write: ${name}: { ${holds} }`);
}
