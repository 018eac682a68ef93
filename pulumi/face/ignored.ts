import {
  type Contract,
  type Field,
  type FieldType,
  isList,
  isObject,
  type Value,
  type ValueObject,
} from "@guestkit/core/model";
import { camelCase } from "./names.ts";

/** Stands in a path for every key of a map and every element of a list. */
const EACH = "*";

/**
 * A declaration that says at `paths` what is there, so that nothing is done about it: Pulumi's `ignoreChanges`. What the world
 * cannot tell (secrets) stays as declared.
 */
export function withObserved(
  contract: Contract,
  config: ValueObject,
  observed: ValueObject | null,
  paths: readonly string[],
): ValueObject {
  if (!observed) return config;
  return paths.reduce((declared, path) => inFields(contract.input, declared, observed, stepsOf(path)), config);
}

/** `files[0].content`, `labels["a b"]`, `labels.*` as their steps. */
function stepsOf(path: string): string[] {
  const steps = path.matchAll(/\["((?:[^"\\]|\\.)*)"\]|\[([^\]]*)\]|([^.[\]]+)/g);
  return [...steps].map(([, quoted, index, name]) => quoted?.replace(/\\(.)/g, "$1") ?? index ?? name ?? "");
}

type Steps = readonly string[];

function inFields(fields: readonly Field[], declared: ValueObject, observed: ValueObject, [first, ...rest]: Steps) {
  const named = fields.filter(({ name, writeOnly }) => !writeOnly && (first === EACH || camelCase(name) === first));
  return named.reduce((all, { name, type }) => put(all, name, inside(type, all[name], observed[name], rest)), declared);
}

/** Undefined: nothing is known of what is there. */
function inside(
  type: FieldType,
  declared: Value | undefined,
  observed: Value | undefined,
  steps: Steps,
): Value | undefined {
  if (steps.length === 0 || observed === undefined) return observed;
  if (type.kind === "list" && isList(declared ?? null) && isList(observed)) {
    const given = declared as readonly Value[];
    return given.map((each, index) =>
      isStep(steps, index) ? (inside(type.element, each, observed[index], steps.slice(1)) ?? each) : each,
    );
  }
  if (!isObject(observed) || !isObject(declared ?? null)) return undefined;
  const given = declared as ValueObject;
  if (type.kind === "object") return inFields(type.fields, given, observed, steps);
  if (type.kind !== "map") return undefined;
  const keys = [...new Set([...Object.keys(given), ...Object.keys(observed)])].filter((key) => isStep(steps, key));
  return keys.reduce((all, key) => {
    const now = inside(type.element, all[key], observed[key], steps.slice(1));
    return now === undefined && steps.length === 1 ? without(all, key) : put(all, key, now);
  }, given);
}

const isStep = ([step]: Steps, key: string | number): boolean => step === EACH || step === String(key);

const put = (all: ValueObject, key: string, value: Value | undefined): ValueObject =>
  value === undefined ? all : { ...all, [key]: value };

const without = (all: ValueObject, gone: string): ValueObject =>
  Object.fromEntries(Object.entries(all).filter(([key]) => key !== gone));
