import { type Keys, readKeys } from "../kit/keys.ts";
import type { Project } from "./project.ts";
import { Values } from "./values.ts";

/**
 * What opens encrypted devices, by a project file; key files are named from its folder. Throws `E_KEYS`, `E_REFERENCE_ENV`
 * and `E_REFERENCE_FILE`.
 */
export function projectKeys(project: Project): Keys {
  return readKeys(new Values(project).evaluate(project.keys)) ?? {};
}
