import { type Diagnostic, problem } from "../engine/diagnostic.ts";
import type { FieldPath } from "../engine/path.ts";
import { isObject, type Value, type ValueObject } from "../model/value.ts";
import { type Declared, FOR_EACH, HOST } from "./declared.ts";
import { eachOf } from "./for-each.ts";
import { type HostSetting, hostNamed } from "./hosts.ts";
import type { Entry } from "./project.ts";
import { addressOf, type Reference } from "./reference.ts";
import { type Each, lookUp, type Scope } from "./scope.ts";
import { mapTexts, substituteText } from "./template.ts";
import { MOST_VALUES } from "./yaml-value.ts";

/** A declaration with variables and `each` put in. */
interface Filled {
  readonly config: ValueObject;
  /** Paths of values that hold something sensitive. */
  readonly secrets: readonly FieldPath[];
}

export interface Expanded {
  readonly entries: readonly Entry[];
  readonly outputs: Filled;
  /** Declarations of which it is not known what they make. */
  readonly open: ReadonlySet<string>;
}

/** The things that the declarations make; what comes after knows neither variables nor `each`. */
export function expand(
  declared: readonly Declared[],
  outputs: ValueObject,
  { scope, hosts }: { readonly scope: Scope; readonly hosts: ReadonlyMap<string, HostSetting> },
  diagnostics: Diagnostic[],
): Expanded {
  const expander = new Expander(scope, hosts, diagnostics);
  const entries = declared.flatMap((each) => expander.entries(each));
  const filled = expander.fill(outputs, ["outputs"], null);
  if (!expander.isFull) return { entries, outputs: filled, open: expander.open };
  return { entries: [], outputs: { config: {}, secrets: [] }, open: new Set(declared.map(({ name }) => name)) };
}

class Expander {
  readonly open = new Set<string>();
  readonly #scope: Scope;
  readonly #hosts: ReadonlyMap<string, HostSetting>;
  readonly #diagnostics: Diagnostic[];
  /** How much may still be made: a short text can make much of a long value. */
  #left = MOST_VALUES;

  constructor(scope: Scope, hosts: ReadonlyMap<string, HostSetting>, diagnostics: Diagnostic[]) {
    this.#scope = scope;
    this.#hosts = hosts;
    this.#diagnostics = diagnostics;
  }

  /** It was too much: what there is of it means nothing. */
  get isFull(): boolean {
    return this.#left < 0;
  }

  entries(declared: Declared): readonly Entry[] {
    const { name, path, forEach } = declared;
    if (forEach === undefined) return [this.#entry(declared, name, null)];
    const all = eachOf(forEach, [...path, FOR_EACH], this.#scope, this.#diagnostics);
    if (!all) this.open.add(name);
    return all?.map((each) => this.#entry(declared, addressOf(name, each.key), each)) ?? [];
  }

  #entry({ contract, path, config, host }: Declared, address: string, each: Each | null): Entry {
    const place = { path: [...path, HOST], scope: this.#scope, each };
    const on = host === undefined ? null : hostNamed(host, place, this.#hosts, this.#diagnostics);
    return { address, contract, path, host: on, needs: [], ...this.fill(config, path, each) };
  }

  fill(config: ValueObject, base: FieldPath, each: Each | null): Filled {
    const secrets: FieldPath[] = [];
    this.#spend(config, base);
    if (this.#left < 0) return { config: {}, secrets };
    const filled = mapTexts(config, (text, path) =>
      substituteText(text, (reference) => {
        const found = this.#look(reference, [...base, ...path], each);
        if (found?.isSecret) secrets.push(path);
        return found && this.#spend(found.value, base) ? found.value : undefined;
      }),
    );
    return { config: filled as ValueObject, secrets };
  }

  /** Null for what is known later, or not at all: that is told. */
  #look(reference: Reference, path: FieldPath, each: Each | null) {
    const found = lookUp(this.#scope, reference, each);
    if (!found || "value" in found) return found;
    const { code, message, help } = found.fault;
    this.#diagnostics.push(problem(code, found.path ?? path, message, help));
    return null;
  }

  /** Whether there is room for a value. That there is none is told once. */
  #spend(value: Value, base: FieldPath): boolean {
    if (this.#left < 0) return false;
    this.#left -= weigh(value);
    if (this.#left >= 0) return true;
    const message = `Cannot use ${base.join(".")}: with it, the file makes more than ${MOST_VALUES} values`;
    this.#diagnostics.push(problem("E_PROJECT_SIZE", base, message, "Use shorter values, or fewer keys of for_each."));
    return false;
  }
}

/** Values within; a long text is as many as there are lines of it on a screen. */
function weigh(value: Value): number {
  if (typeof value === "string") return 1 + (value.length >> 6);
  if (typeof value !== "object" || value === null) return 1;
  const inner = isObject(value) ? Object.values(value) : value;
  return inner.reduce<number>((sum, each) => sum + weigh(each), 1);
}
