import type { FieldPath } from "../engine/path.ts";
import type { Reason } from "../engine/plan.ts";
import { SECRET } from "../kit/secrets.ts";
import type { Contract, FieldType } from "../model/contract.ts";
import { isList, isObject, type Value, type ValueObject } from "../model/value.ts";
import type { Entry } from "./project.ts";
import type { Reference } from "./reference.ts";
import { references } from "./template.ts";

/** Entries by address. */
type Entries = ReadonlyMap<string, Entry>;

/** The entries with the places of all secrets in them: what refers to a secret holds it as well. */
export function withSecrets(written: readonly Entry[]): Map<string, Entry> {
  const entries = new Map(written.map((each) => [each.address, each]));
  const users = Map.groupBy(
    written.flatMap(({ address, needs }) => needs.map((need) => ({ need, address }))),
    ({ need }) => need,
  );
  const waiting = [...entries.keys()];
  for (let address = waiting.pop(); address !== undefined; address = waiting.pop()) {
    const entry = entries.get(address) as Entry;
    const found = secretPaths(entries, entry.config).filter(
      (path) => !entry.secrets.some((each) => covers(each, path)),
    );
    if (found.length === 0) continue;
    entries.set(address, { ...entry, secrets: [...entry.secrets, ...found] });
    waiting.push(...(users.get(address) ?? []).map((each) => each.address));
  }
  return entries;
}

/** Where a declaration refers to secrets of other things. */
export function secretPaths(entries: Entries, value: Value): readonly FieldPath[] {
  return [...references(value)].filter(([reference]) => isSecret(entries, reference)).map(([, path]) => path);
}

function isSecret(entries: Entries, reference: Reference): boolean {
  if (reference.kind !== "entry") return false;
  const entry = entries.get(reference.address);
  return entry !== undefined && holdsSecret(entry.contract, entry.secrets, reference.path);
}

/** Whether a part of a thing is secret, or has a part that is. */
function holdsSecret(contract: Contract, secrets: readonly FieldPath[], path: FieldPath): boolean {
  const fields = [...contract.input, ...contract.output];
  return (
    secrets.some((each) => covers(each, path) || covers(path, each)) ||
    sensitiveWithin({ kind: "object", fields }, path)
  );
}

function sensitiveWithin(type: FieldType, path: FieldPath): boolean {
  const [step, ...rest] = path;
  if (type.kind === "list" || type.kind === "map") return sensitiveWithin(type.element, rest);
  if (type.kind !== "object") return false;
  const fields = step === undefined ? type.fields : type.fields.filter((each) => each.name === step);
  return fields.some((field) => field.sensitive === true || sensitiveWithin(field.type, rest));
}

/** Whether one path leads to, or above, what the other leads to. */
function covers(above: FieldPath, path: FieldPath): boolean {
  return above.every((step, at) => step === path[at]);
}

/** Whether a path leads to a secret, into one, or above one. */
export function touches(secrets: readonly FieldPath[], path: FieldPath): boolean {
  return secrets.some((each) => covers(each, path) || covers(path, each));
}

/** The value with what `hide` gives in the place of each secret. */
export function conceal(value: Value, secrets: readonly FieldPath[], hide: Value): Value {
  if (secrets.length === 0) return value;
  if (secrets.some((path) => path.length === 0)) return value === null ? null : hide;
  const below = (step: string | number) => secrets.filter(([first]) => first === step).map(([, ...rest]) => rest);
  if (isList(value)) return value.map((each, index) => conceal(each, below(index), hide));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, conceal(each, below(key), hide)]));
}

export function concealObject(value: ValueObject, secrets: readonly FieldPath[], hide: Value): ValueObject {
  return conceal(value, secrets, hide) as ValueObject;
}

/** Texts and numbers within a value: what of it may turn up in a message. */
export function textsOf(value: Value): readonly string[] {
  if (typeof value === "string" || typeof value === "number") return [String(value)];
  if (typeof value !== "object" || value === null) return [];
  return (isList(value) ? value : Object.values(value)).flatMap(textsOf);
}

/** A reason whose values are shown nowhere where they are secret. */
export function concealReason(reason: Reason, secrets: readonly FieldPath[]): Reason {
  return reason.path.length > 0 && touches(secrets, reason.path)
    ? { ...reason, before: SECRET, after: SECRET }
    : reason;
}
