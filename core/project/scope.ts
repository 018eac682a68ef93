import type { FieldPath } from "../engine/path.ts";
import { suggestion } from "../kit/nearest.ts";
import { isList, isObject, type Value } from "../model/value.ts";
import type { Resolved } from "./given.ts";
import { type Reference, spell } from "./reference.ts";
import { exampleOf, type Variable } from "./variables.ts";

/** One thing of a `for_each`. */
export interface Each {
  readonly key: string;
  readonly value: Value;
}

/** What a reference to what is known from the start stands for. */
export type Found =
  | { readonly value: Value; readonly isSecret: boolean }
  | {
      readonly fault: { readonly code: string; readonly message: string; readonly help?: string };
      readonly isSecret: boolean;
      /** Where the fault lies, if not where the reference stands. */
      readonly path?: FieldPath;
    };

/** The file's variables and their values. */
export interface Scope {
  readonly variables: ReadonlyMap<string, Variable>;
  readonly values: ReadonlyMap<string, Resolved>;
  /** Where relative paths start. */
  readonly baseDir: string;
}

/** Null for references to anything else than variables and `each`. */
export function lookUp(scope: Scope, reference: Reference, each: Each | null): Found | null {
  if (reference.kind === "var") return variable(scope, reference);
  if (reference.kind === "each") return keyOrValue(reference, each);
  return null;
}

type Named = Reference & { readonly kind: "var" | "each" };

function variable(scope: Scope, reference: Named): Found {
  const [first = "", ...path] = reference.path;
  const name = String(first);
  const declared = scope.variables.get(name);
  if (!declared) {
    const names = [...scope.variables.keys()];
    const help = `${suggestion(name, names)}Variables: ${names.join(", ") || "none"}`;
    return bad(reference, "the file declares no such variable", help);
  }
  const isSecret = declared.sensitive;
  const resolved = scope.values.get(name) ?? null;
  if (resolved && "value" in resolved) return within(reference, resolved.value, path, isSecret);
  const missing = {
    code: "E_VARIABLE_MISSING",
    message: `Cannot use the variable "${name}": it has no value`,
    help: `Give one: --var ${name}=..., GUESTKIT_VAR_${name} in the environment, or a default.`,
  };
  const fault = resolved ? { code: "E_VARIABLE_TYPE", message: resolved.fault, help: exampleOf(declared) } : missing;
  return { fault, isSecret, path: ["variables", name] };
}

function keyOrValue(reference: Named, each: Each | null): Found {
  const [what, ...path] = reference.path;
  if (!each) return bad(reference, "it is there only in a thing with for_each", "Give the thing a for_each.");
  if (what === "key" && path.length === 0) return { value: each.key, isSecret: false };
  if (what === "value") return within(reference, each.value, path, false);
  return bad(reference, "there is no such thing", "There are each.key and each.value.");
}

/** A part of a value: that it is not there is told now, since nothing would be planned for it. */
function within(reference: Named, value: Value, path: FieldPath, isSecret: boolean): Found {
  let found = value;
  for (const step of path) {
    const next = isList(found) || isObject(found) ? Object.getOwnPropertyDescriptor(found, step)?.value : undefined;
    if (next === undefined) return { ...bad(reference, `there is no ${JSON.stringify(step)} in it`), isSecret };
    found = next;
  }
  return { value: found, isSecret };
}

function bad(reference: Reference, why: string, help?: string): Found {
  const message = `Cannot use ${spell(reference)}: ${why}`;
  return { fault: { code: "E_REFERENCE", message, ...(help && { help }) }, isSecret: false };
}
