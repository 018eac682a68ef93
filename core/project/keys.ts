import { resolve } from "node:path";
import { type Key, type Keys, readKeys } from "../kit/keys.ts";
import type { Project } from "./project.ts";
import { Values } from "./values.ts";

/**
 * What opens encrypted devices, by a project file; key files lie beside it. Throws `E_KEYS`, `E_REFERENCE_ENV` and
 * `E_REFERENCE_FILE`.
 */
export function projectKeys(project: Project): Keys {
  const given = readKeys(new Values(project).evaluate(project.keys)) ?? {};
  const placed = (key: Key): Key =>
    typeof key === "object" && "file" in key ? { file: resolve(project.baseDir, key.file) } : key;
  return Object.fromEntries(Object.entries(given).map(([selector, keys]) => [selector, [keys].flat().map(placed)]));
}
