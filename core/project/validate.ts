import { type Diagnostic, hasErrors } from "../engine/diagnostic.ts";
import type { EngineFace } from "../engine/engine-face.ts";
import { asGuestkitError } from "../kit/errors.ts";
import { distinct, type Entry, type Project } from "./project.ts";
import { Values } from "./values.ts";

/** What is wrong with a file; nothing of the world is read but `${env.*}` and `${file.*}`. Paths count from its root. */
export async function validateProject(project: Project, engine: EngineFace): Promise<readonly Diagnostic[]> {
  if (hasErrors(project.diagnostics)) return project.diagnostics;
  const values = new Values(project);
  const each = await Promise.all([...project.entries.values()].map((entry) => validateEntry(entry, values, engine)));
  return distinct([...project.diagnostics, ...each.flat()]);
}

/** What only an apply tells is taken as right. */
async function validateEntry(entry: Entry, values: Values, engine: EngineFace): Promise<readonly Diagnostic[]> {
  try {
    const found = await engine.validate(entry.contract, values.config(entry));
    return found.map((each) => ({ ...each, path: [...entry.path, ...each.path] }));
  } catch (thrown) {
    const { code, message, help } = asGuestkitError(thrown);
    return [{ severity: "error", code, message, help, path: entry.path }];
  }
}
