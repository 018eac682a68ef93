import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Project } from "../project/project.ts";
import { type Reference, references } from "../project/template.ts";

/** What stands in a log or report in a secret's place. */
const MARK = "[secret]";
/** Shorter ones would turn up in any text. */
const SHORTEST = 4;

/** Takes the values of `${env.*}` and `${file.*}`, which is how secrets come into a project file, out of texts. */
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
    const used = [...project.entries.values()].flatMap(({ config }) => [...references(config)]);
    this.add(used.map(([reference]) => secretOf(reference, project.baseDir)));
  }

  redact(text: string): string {
    return this.#secrets.reduce((rest, secret) => rest.replaceAll(secret, MARK), text);
  }
}

function secretOf(reference: Reference, baseDir: string): string {
  if (reference.kind === "env") return process.env[reference.name] ?? "";
  if (reference.kind !== "file") return "";
  try {
    return readFileSync(resolve(baseDir, reference.path), "utf8").trim();
  } catch {
    return "";
  }
}
