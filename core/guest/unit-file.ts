import type { Tree } from "../filesystem/tree.ts";
import { parseIni } from "./network/ini.ts";

/** Folders of units and of their drop-ins, the first one wins (systemd.unit(5)). */
export const UNIT_FOLDERS = [
  "/etc/systemd/system.control",
  "/run/systemd/system.control",
  "/run/systemd/transient",
  "/run/systemd/generator.early",
  "/etc/systemd/system",
  "/etc/systemd/system.attached",
  "/run/systemd/system",
  "/run/systemd/system.attached",
  "/run/systemd/generator",
  "/usr/local/lib/systemd/system",
  "/usr/lib/systemd/system",
  "/lib/systemd/system",
  "/run/systemd/generator.late",
] as const;

/** A unit as systemd puts it together. */
export interface UnitFile {
  /** Its fragment first, then its drop-ins in the order in which they count. */
  readonly files: readonly string[];
  /** Values of a setting in order (`Timer`, `OnCalendar`); an empty one takes away those before it. */
  values(section: string, key: string): readonly string[];
}

/** A unit's fragment with its drop-ins, each of them whole; null where no folder has a fragment of that name. */
export async function readUnitFile(tree: Tree, name: string): Promise<UnitFile | null> {
  const fragment = await firstFile(tree, name);
  if (!fragment) return null;
  const parts = [fragment, ...(await dropIns(tree, name))];
  const lines = parts.flatMap(({ text }) => parseUnitLines(text));
  return {
    files: parts.map(({ path }) => path),
    values: (section, key) => {
      const all = lines.filter(([its, name]) => its === section && name === key).map(([, , value]) => value);
      return all.slice(all.lastIndexOf("") + 1);
    },
  };
}

/** Assignments of a unit's file: `[section, key, value]`. A `\\` continues a line, comments between the two left out. */
export function parseUnitLines(text: string): ReturnType<typeof parseIni> {
  const parts: string[] = [];
  for (const line of text.split("\n")) {
    if (/^\s*[#;]/.test(line)) continue;
    if (line.endsWith("\\")) parts.push(line.slice(0, -1), " ");
    else parts.push(line, "\n");
  }
  return parseIni(parts.join(""));
}

interface Part {
  readonly path: string;
  readonly text: string;
}

async function firstFile(tree: Tree, name: string): Promise<Part | null> {
  for (const folder of UNIT_FOLDERS) {
    const path = `${folder}/${name}`;
    const text = await tree.readText(path);
    if (text !== null) return { path, text };
  }
  return null;
}

/** By their names, whatever folder they lie in; of one name the first folder's counts. */
async function dropIns(tree: Tree, unit: string): Promise<readonly Part[]> {
  const found = new Map<string, string>();
  for (const folder of UNIT_FOLDERS) {
    for (const name of await tree.names(`${folder}/${unit}.d`)) {
      if (name.endsWith(".conf") && !found.has(name)) found.set(name, `${folder}/${unit}.d/${name}`);
    }
  }
  const parts: Part[] = [];
  for (const [, path] of [...found].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const text = await tree.readText(path);
    if (text !== null) parts.push({ path, text });
  }
  return parts;
}
