import { type Diagnostic, problem } from "../engine/diagnostic.ts";
import type { FieldPath } from "../engine/path.ts";
import { asGuestkitError, GuestkitError } from "../kit/errors.ts";
import { excerpt } from "../kit/name.ts";
import { isList, isObject, type Value } from "../model/value.ts";
import { FOR_EACH } from "./declared.ts";
import { outside } from "./outside.ts";
import { type Reference, spell } from "./reference.ts";
import { type Each, lookUp, type Scope } from "./scope.ts";
import { evaluate } from "./template.ts";

const HELP = "Write a list of names, or a map: each.key and each.value are there for each.";

/** What a `for_each` names; null where it names nothing that can be used, which is told. */
export function eachOf(value: Value, path: FieldPath, scope: Scope, diagnostics: Diagnostic[]): readonly Each[] | null {
  try {
    return named(evaluate(value, (reference) => known(reference, scope, FOR_EACH, null)));
  } catch (thrown) {
    const { code, message, help, at } = asGuestkitError(thrown);
    diagnostics.push(problem(code, at?.field ?? path, message, help));
    return null;
  }
}

/** What is known before anything is looked at: variables, the environment, files. `use`: what it is wanted for. */
export function known(reference: Reference, scope: Scope, use: string, each: Each | null): Value {
  const found = lookUp(scope, reference, each);
  if (found && "fault" in found) {
    const { code, message, help } = found.fault;
    throw new GuestkitError(code, message, { help, at: found.path && { field: found.path } });
  }
  if (found?.isSecret) {
    const why = "it is sensitive, and what it says stands in plans and the list of what is owned";
    throw fault(`${spell(reference)} in ${use}: ${why}`, "Name the things by what may be told.");
  }
  const value = found ? found.value : outside(reference, scope.baseDir);
  if (value !== undefined) return value;
  const why = "what is made must be known before anything is looked at";
  throw fault(
    `${spell(reference)} in ${use}: ${why}`,
    `Use variables, \${env.NAME}, \${file.PATH}, or write ${use === FOR_EACH ? "the keys" : "it"} out.`,
  );
}

function named(value: Value): readonly Each[] {
  if (isObject(value)) return demandKeys(Object.entries(value).map(([key, each]) => ({ key, value: each })));
  if (!isList(value)) {
    const found = value === null ? "nothing" : excerpt(JSON.stringify(value) ?? "");
    throw fault(`for_each: it must be a list of names or a map, not ${found}`, HELP);
  }
  return demandKeys(value.map((each) => ({ key: nameOf(each), value: each })));
}

function nameOf(value: Value): string {
  if (typeof value === "string" || typeof value === "number") return String(value);
  throw fault(`for_each: ${excerpt(JSON.stringify(value) ?? "")} in its list is no name`, HELP);
}

function demandKeys(all: readonly Each[]): readonly Each[] {
  const seen = new Set<string>();
  for (const { key } of all) {
    if (key === "") throw fault("for_each: one of its keys is empty", HELP);
    if (seen.has(key)) throw fault(`for_each: the key ${JSON.stringify(excerpt(key))} is there twice`, HELP);
    seen.add(key);
  }
  return all;
}

function fault(what: string, help: string): GuestkitError {
  return new GuestkitError("E_FOR_EACH", `Cannot use ${what}`, { help });
}
