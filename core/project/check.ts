import { type Diagnostic, problem } from "../engine/diagnostic.ts";
import type { FieldPath } from "../engine/path.ts";
import { typeAt } from "../engine/type-at.ts";
import { excerpt } from "../kit/name.ts";
import { suggestion } from "../kit/nearest.ts";
import type { ValueObject } from "../model/value.ts";
import { findCycle } from "./graph.ts";
import type { Entry } from "./project.ts";
import { badReference, nameOfAddress, type Reference, spell } from "./reference.ts";
import { references } from "./template.ts";

/** What is wrong with references; those to declarations that are `open` may be right. */
export function checkReferences(
  entries: ReadonlyMap<string, Entry>,
  outputs: ValueObject,
  open: ReadonlySet<string>,
): Diagnostic[] {
  const of = (config: ValueObject, base: FieldPath, user: Entry | null) =>
    [...references(config)].map(([reference, path]) => ({ reference, path: [...base, ...path], user, field: path }));
  const own = [...entries.values()].flatMap((entry) => of(entry.config, entry.path, entry));
  const all = [...own, ...of(outputs, ["outputs"], null)];
  const names = new Set([...entries.keys()].map(nameOfAddress));
  return all.flatMap(({ reference, path, user, field }) => {
    if (reference.kind !== "entry" || open.has(nameOfAddress(reference.address))) return [];
    const entry = entries.get(reference.address);
    const isElsewhere = entry && user && entry.host !== user.host && isOfHost(user, field);
    if (isElsewhere) return [elsewhere(entry, user, reference, path)];
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

/** Whether a field names something of the host that its thing is on: a file there, or another thing. */
function isOfHost({ contract }: Entry, field: FieldPath): boolean {
  const top = contract.input.find(({ name }) => name === field[0]);
  return top?.refersTo !== undefined || typeAt(contract.input, field).kind === "path";
}

function elsewhere(
  { address, host }: Entry,
  user: Entry,
  reference: Reference & { kind: "entry" },
  path: FieldPath,
): Diagnostic {
  const name = (each: string | null) => (each === null ? "this host" : each);
  const message = `Cannot use ${spell(reference)}: ${address} is on ${name(host)}, and ${user.address} on ${name(user.host)}`;
  return problem(
    "E_REFERENCE_HOST",
    path,
    message,
    "Declare both on one host, or another one of the two there as well.",
  );
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
