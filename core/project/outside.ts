import { resolve } from "node:path";
import { readTextFileSync } from "../host/text-file.ts";
import { GuestkitError } from "../kit/errors.ts";
import { reasonOf } from "../kit/system-error.ts";
import type { Value } from "../model/value.ts";
import { type Reference, spell } from "./reference.ts";

/**
 * What a reference is that nothing of the file has to do with: the environment, a file, a text. Undefined for others.
 * Throws `E_REFERENCE_ENV` and `E_REFERENCE_FILE`.
 */
export function outside(reference: Reference, baseDir: string): Value | undefined {
  if (reference.kind === "env") return environment(reference);
  if (reference.kind === "file") return content(reference, baseDir);
  return reference.kind === "text" ? reference.text : undefined;
}

/** As in a shell, an empty variable is as good as none where something else is named. */
function environment(reference: Reference & { kind: "env" }): Value {
  const { name, fallback } = reference;
  const value = process.env[name];
  if (fallback !== undefined) return value || fallback;
  if (value !== undefined) return value;
  throw new GuestkitError("E_REFERENCE_ENV", `Cannot use ${spell(reference)}: the environment has no ${name}`, {
    help: `Set it: export ${name}=...; or write what stands for it: \${env.${name}:-...}`,
  });
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
