import { type Diagnostic, problem } from "../engine/diagnostic.ts";
import type { FieldPath } from "../engine/path.ts";
import { excerpt } from "../kit/name.ts";
import { suggestion } from "../kit/nearest.ts";
import type { ValueObject } from "../model/value.ts";
import { findCycle } from "./graph.ts";
import type { Entry } from "./project.ts";
import { badReference, nameOfAddress, type Reference } from "./reference.ts";
import { references } from "./template.ts";

/** What is wrong with references; those to declarations that are `open` may be right. */
export function checkReferences(
  entries: ReadonlyMap<string, Entry>,
  outputs: ValueObject,
  open: ReadonlySet<string>,
): Diagnostic[] {
  const own = [...entries.values()].flatMap(({ config, path }) => [...references(config, path)]);
  const all = [...own, ...references(outputs, ["outputs"])];
  const names = new Set([...entries.keys()].map(nameOfAddress));
  return all.flatMap(([reference, path]) => {
    if (reference.kind !== "entry" || open.has(nameOfAddress(reference.address))) return [];
    const entry = entries.get(reference.address);
    return entry ? checkField(entry, reference, path) : [nowhere(entries, names, reference, path)];
  });
}

function nowhere(
  entries: ReadonlyMap<string, Entry>,
  names: ReadonlySet<string>,
  reference: Reference & { kind: "entry" },
  path: FieldPath,
): Diagnostic {
  const name = nameOfAddress(reference.address);
  const one = [...entries.keys()].find((each) => nameOfAddress(each) === name);
  if (one !== undefined && name === reference.address) {
    const why = "it is made once for each of several keys, and which one is meant is not said";
    return badReference(reference, path, why, `Name one: \${${[one, ...reference.path].join(".")}}`);
  }
  if (one === name) return badReference(reference, path, `${name} has no for_each, and so no keys`);
  const known = [...(one === undefined ? names : entries.keys())].filter(
    (each) => one === undefined || nameOfAddress(each) === name,
  );
  const help = `${suggestion(reference.address, known)}Addresses: ${excerpt(known.join(", "), 400) || "none"}`;
  return badReference(reference, path, "nothing in the file has that address", help);
}

function checkField(entry: Entry, reference: Reference & { kind: "entry" }, path: FieldPath): Diagnostic[] {
  const fields = [...entry.contract.input, ...entry.contract.output].filter((each) => !each.writeOnly);
  const names = [...fields.map((each) => each.name), ...(entry.contract.kind === "resource" ? ["id"] : [])];
  const field = reference.path[0];
  if (field === undefined || names.includes(String(field))) return [];
  const help = `${suggestion(String(field), names)}Fields of ${entry.contract.name}: ${names.join(", ")}`;
  return [badReference(reference, path, `${entry.contract.name} has no field "${field}"`, help)];
}

/** What tells a thing from others stands in plans, records and the list of what is owned. */
export function checkIdentities(entries: ReadonlyMap<string, Entry>): Diagnostic[] {
  return [...entries.values()].flatMap(({ contract, path, secrets }) =>
    contract.identity
      .filter((name) => secrets.some(([first]) => first === name))
      .map((name) =>
        problem(
          "E_VARIABLE_SECRET",
          [...path, name],
          `Cannot use a secret in ${name}: ${contract.name} is known by it, in plans and in the list of what is owned`,
          "Name the thing by what may be told.",
        ),
      ),
  );
}

export function checkCycle(entries: ReadonlyMap<string, Entry>): Diagnostic[] {
  const cycle = findCycle(entries);
  if (!cycle) return [];
  const path = entries.get(cycle[0] ?? "")?.path ?? [];
  const message = `Cannot order the file: ${cycle.join(" needs ")}`;
  return [problem("E_PROJECT_CYCLE", path, message, "Remove one of these references.")];
}
