import { folderIn, nameIn } from "../../../kit/path.ts";
import { discover, type Unit, type UnitSearch } from "./discover.ts";
import type { Install } from "./install.ts";
import type { UnitFolder } from "./unit-folders.ts";
import { instanceOf, isTemplate, templateOf } from "./unit-name.ts";

/** As `systemctl list-unit-files` and `is-enabled` say it. */
export const UNIT_STATES = [
  ...(["enabled", "enabled-runtime", "linked", "linked-runtime", "alias", "masked", "masked-runtime"] as const),
  ...(["static", "indirect", "disabled", "generated", "transient", "bad"] as const),
] as const;

export type UnitState = (typeof UNIT_STATES)[number];

const CONFIG = "/etc/systemd/system";
const isRuntime = (path: string) => path.startsWith("/run/");

/** A unit's state in a system that does not run (install.c, unit_file_lookup_state). */
export async function stateOf(search: UnitSearch, name: string): Promise<UnitState> {
  const unit = await discover(search, name);
  if (!unit) return "bad";
  if (!unit.install) return isRuntime(unit.path) ? "masked-runtime" : "masked";
  const isInstance = templateOf(unit.name) !== null;
  if (name !== nameIn(unit.path) && !isInstance) return "alias";
  if (/^\/run\/systemd\/generator(?:\.early|\.late)?\//.test(unit.path)) return "generated";
  if (unit.path.startsWith("/run/systemd/transient/")) return "transient";
  const known = knownNames(unit.name, unit.install);
  return (
    byLinks(search.folders, unit, (link) => known(link)) ??
    (byLinks(search.folders, unit, () => true) === null ? withoutLinks(unit.install) : "indirect")
  );
}

function withoutLinks({ hasRules, hasAlso }: Install): UnitState {
  if (hasRules) return "disabled";
  return hasAlso ? "indirect" : "static";
}

/** Names that enabling the unit gives to links. */
function knownNames(name: string, { aliases, defaultInstance }: Install): (link: string) => boolean {
  const first = defaultInstance !== null && isTemplate(name) ? instanceOf(name, defaultInstance) : name;
  return (link) => link === name || link === first || aliases.has(link);
}

/** What links of these names make of a unit; null where there are none. Those below the unit's own file do not name it. */
function byLinks(folders: readonly UnitFolder[], unit: Unit, counts: (link: string) => boolean): UnitState | null {
  const sameName = new Set<string>();
  let [isBelow, runtime, elsewhere] = [false, false, false];
  for (const folder of folders) {
    if (isLinked(folder, unit, counts, isBelow)) {
      if (folder.path === CONFIG) return "enabled";
      if (isRuntime(folder.path)) runtime = true;
      else elsewhere = true;
    } else if (!isBelow && folder.links.get(unit.name)?.includes(unit.name)) sameName.add(folder.path);
    if (folderIn(unit.path) === folder.path) isBelow = true;
  }
  if (runtime) return "enabled-runtime";
  if (elsewhere && templateOf(unit.name) !== null) return "static";
  if (sameName.has(CONFIG)) return "linked";
  return [...sameName].some(isRuntime) ? "linked-runtime" : null;
}

/** A link pulls the unit in, or is another name of it. */
function isLinked(folder: UnitFolder, { name }: Unit, counts: (link: string) => boolean, isBelow: boolean): boolean {
  if (folder.pulled.get(name)?.some((each) => counts(each.name))) return true;
  if (folder.links.get(name)?.some((link) => (link !== name || isBelow) && counts(link))) return true;
  return (
    !isBelow && folder.children.get(name)?.type === "symlink" && !folder.links.get(name)?.includes(name) && counts(name)
  );
}
