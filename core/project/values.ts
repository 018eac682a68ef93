import { resolve } from "node:path";
import { readTextFileSync } from "../host/text-file.ts";
import { GuestkitError } from "../kit/errors.ts";
import { reasonOf } from "../kit/system-error.ts";
import { UNKNOWN, type Value, type ValueObject } from "../model/value.ts";
import type { Entry, Project } from "./project.ts";
import { dig, evaluateObject, type Reference, spell } from "./template.ts";

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

  outputs(): ValueObject {
    return this.evaluate(this.#project.outputs);
  }

  /** The same of any part of the file. Throws as `config`. */
  evaluate(written: ValueObject): ValueObject {
    return evaluateObject(written, (reference) => this.#resolve(reference));
  }

  #resolve(reference: Reference): Value {
    if (reference.kind === "env") return environment(reference);
    if (reference.kind === "file") return content(reference, this.#project.baseDir);
    return dig(this.#known.get(reference.address) ?? UNKNOWN, reference.path);
  }
}

function environment(reference: Reference & { kind: "env" }): Value {
  const value = process.env[reference.name];
  if (value !== undefined) return value;
  throw new GuestkitError(
    "E_REFERENCE_ENV",
    `Cannot use ${spell(reference)}: the environment has no ${reference.name}`,
    {
      help: `Set it: export ${reference.name}=...`,
    },
  );
}

/** A file's text without the line break at its end. */
function content(reference: Reference & { kind: "file" }, baseDir: string): Value {
  const path = resolve(baseDir, reference.path);
  try {
    return readTextFileSync(path).replace(/\r?\n$/, "");
  } catch (cause) {
    const why = reasonOf(cause);
    const message = `Cannot use ${spell(reference)}: ${why}`;
    const help = `Look at what it is: ls -lL "${path}"`;
    throw new GuestkitError("E_REFERENCE_FILE", message, { cause, at: { file: path }, help });
  }
}
