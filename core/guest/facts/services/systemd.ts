import type { Tree } from "../../../filesystem/tree.ts";
import { pathOf, unitSearch } from "./discover.ts";
import { readPresets } from "./presets.ts";
import type { Service } from "./service.ts";
import { stateOf, type UnitState } from "./state.ts";
import { readUnitFolders, type UnitFolder } from "./unit-folders.ts";
import { isUnitName, templateOf } from "./unit-name.ts";

/** States of which `systemctl list-unit-files` shows no preset. */
const WITHOUT_PRESET = new Set<UnitState>(["alias", "static", "generated", "transient"]);

/** Every unit that has a file, as `systemctl list-unit-files` lists them, and every instance that something pulls in. */
export async function readSystemd(tree: Tree): Promise<readonly Service[]> {
  const folders = await readUnitFolders(tree);
  const search = unitSearch(tree, folders);
  const preset = await readPresets(tree);
  const pulledBy = pulls(folders);
  const services: Service[] = [];
  for (const name of unitNames(folders, pulledBy)) {
    const file = pathOf(folders, name);
    if (file === null) continue;
    const state = await stateOf(search, name);
    const wanted = [...(pulledBy.get(name) ?? [])].sort();
    const its = WITHOUT_PRESET.has(state) ? null : preset(name);
    services.push({ name, kind: "systemd", state, preset: its, wanted_by: wanted, file });
  }
  return services;
}

function unitNames(folders: readonly UnitFolder[], pulledBy: ReadonlyMap<string, unknown>): readonly string[] {
  const files = folders.flatMap(({ children }) => [...children.values()]);
  const names = files.filter(({ type }) => type === "file" || type === "symlink").map(({ name }) => name);
  const instances = [...pulledBy.keys()].filter((name) => templateOf(name) !== null);
  return [...new Set([...names, ...instances])].filter(isUnitName).sort();
}

/** What pulls a unit in, by its name. */
function pulls(folders: readonly UnitFolder[]): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  for (const { pulled } of folders) {
    for (const { name, by } of [...pulled.values()].flat()) {
      const known = found.get(name);
      if (known) known.add(by);
      else found.set(name, new Set([by]));
    }
  }
  return found;
}
