import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { FieldPath } from "../engine/path.ts";
import type { Field, FieldType } from "../model/contract.ts";
import type { Project } from "../project/project.ts";
import type { Reference } from "../project/reference.ts";
import { references } from "../project/template.ts";

/** What stands in a log or report in a secret's place. */
const MARK = "[secret]";
/** Shorter ones would turn up in any text. */
const SHORTEST = 4;
/** Where the timer's unit says which file its environment comes from. */
export const ENVIRONMENT_FILE = "GUESTKIT_CI_ENVIRONMENT_FILE";

/**
 * Takes secrets out of texts: the values of `${env.*}` and `${file.*}` that stand in a project file's secret fields, and
 * those of a timer's environment file.
 */
export class Redactor {
  #secrets: readonly string[] = [];

  add(values: readonly string[]): void {
    const all = values
      .flatMap((each) => [each, JSON.stringify(each).slice(1, -1)])
      .filter((each) => each.length >= SHORTEST);
    // The longest first: one may be a part of another.
    this.#secrets = [...new Set([...this.#secrets, ...all])].toSorted((a, b) => b.length - a.length);
  }

  addProject(project: Project): void {
    const used = [...project.entries.values()].flatMap(({ contract, config }) =>
      [...references(config)].filter(([, path]) => isSecret(contract.input, path)),
    );
    this.add(project.secrets);
    this.add(used.map(([reference]) => secretOf(reference, project.baseDir)));
  }

  /** The names are the file's, the values those that systemd made of it. */
  addEnvironmentFile(file: string | undefined): void {
    const names = file ? textOf(file).matchAll(/^[ \t]*([A-Za-z_]\w*)=/gm) : [];
    this.add([...names].map(([, name = ""]) => process.env[name] ?? ""));
  }

  redact(text: string): string {
    return this.#secrets.reduce((rest, secret) => rest.replaceAll(secret, MARK), text);
  }
}

function isSecret(fields: readonly Field[], [name, ...rest]: FieldPath): boolean {
  const field = fields.find((each) => each.name === name);
  if (!field) return false;
  return field.sensitive === true || field.writeOnly === true || holdsSecret(field.type, rest);
}

function holdsSecret(type: FieldType, path: FieldPath): boolean {
  if (type.kind === "object") return isSecret(type.fields, path);
  return (type.kind === "list" || type.kind === "map") && holdsSecret(type.element, path.slice(1));
}

function secretOf(reference: Reference, baseDir: string): string {
  if (reference.kind === "env") return process.env[reference.name] ?? "";
  return reference.kind === "file" ? textOf(resolve(baseDir, reference.path)).trim() : "";
}

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
