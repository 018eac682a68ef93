import { SECRET } from "../kit/secrets.ts";
import { UNKNOWN, type Value, type ValueObject } from "../model/value.ts";
import { outside } from "./outside.ts";
import type { Entry, Project } from "./project.ts";
import { type Reference, spell } from "./reference.ts";
import { dig, evaluate, evaluateObject } from "./template.ts";

/** What each entry is, or will be, so far; an entry that only an apply will tell is UNKNOWN. */
export class Values {
  readonly #project: Project;
  readonly #known = new Map<string, ValueObject | typeof UNKNOWN>();

  constructor(project: Project) {
    this.#project = project;
  }

  set(address: string, value: ValueObject | typeof UNKNOWN): void {
    this.#known.set(address, value);
  }

  /** An entry's declaration with its references replaced. Throws `E_REFERENCE_ENV` and `E_REFERENCE_FILE`. */
  config(entry: Entry): ValueObject {
    return this.evaluate(entry.config);
  }

  /** The same with UNKNOWN for what has no value, now or at all. */
  told(entry: Entry): ValueObject {
    return evaluateObject(entry.config, (reference) => {
      try {
        return this.#resolve(reference);
      } catch {
        return UNKNOWN;
      }
    });
  }

  /** Those that are secret as the mark of one. */
  outputs(): ValueObject {
    const { outputs, secretOutputs } = this.#project;
    return Object.fromEntries(
      Object.keys(outputs).map((name) => [name, secretOutputs.has(name) ? SECRET : this.output(name)]),
    );
  }

  /** One output, be it secret. Throws as `config`. */
  output(name: string): Value {
    return evaluate(this.#project.outputs[name] ?? null, (reference) => this.#resolve(reference));
  }

  /** Any part of the file. Throws as `config`. */
  evaluate(written: ValueObject): ValueObject {
    return evaluateObject(written, (reference) => this.#resolve(reference));
  }

  /** What people are shown of it: what the environment and files hold goes by its reference. */
  shown(written: ValueObject): ValueObject {
    return evaluateObject(written, (reference) =>
      reference.kind === "env" || reference.kind === "file" ? spell(reference) : this.#resolve(reference),
    );
  }

  #resolve(reference: Reference): Value {
    if (reference.kind === "entry") return dig(this.#known.get(reference.address) ?? UNKNOWN, reference.path);
    return outside(reference, this.#project.baseDir) ?? UNKNOWN;
  }
}
