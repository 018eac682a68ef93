import type { Tree } from "../../../filesystem/tree.ts";
import { nameIn } from "../../../kit/path.ts";
import { type ProfileMode, parseProfiles } from "./apparmor-profiles.ts";

/** A profile that is loaded when the system starts. */
export interface Profile {
  /** `/usr/sbin/cupsd`, `man_groff`; one within another stands behind it and `//`. */
  readonly name: string;
  readonly file: string;
  readonly mode: ProfileMode | "disabled";
}

const FOLDER = "/etc/apparmor.d";
/** What is no profile beside them: what the loader itself passes over (rc.apparmor.functions, skip_profile). */
const SKIPPED = /^\.|^README$|~$|\.(?:dpkg-(?:new|old|dist|bak|remove)|pacsave|pacnew|rpmnew|rpmsave|orig|rej)$/;

/** Null where AppArmor's folder is not there. */
export async function readApparmor(tree: Tree): Promise<readonly Profile[] | null> {
  if ((await tree.stat(FOLDER))?.type !== "directory") return null;
  const disabled = await linked(tree, `${FOLDER}/disable`);
  const complaining = await linked(tree, `${FOLDER}/force-complain`);
  const profiles: Profile[] = [];
  for (const name of await tree.names(FOLDER)) {
    const file = `${FOLDER}/${name}`;
    const text = SKIPPED.test(name) ? null : await tree.readText(file);
    const forced = forcedMode(name, disabled, complaining);
    for (const { name, mode } of parseProfiles(text ?? "")) {
      profiles.push({ name, file, mode: forced ?? mode });
      tree.budget.spend("entries", 1, file);
    }
  }
  return profiles;
}

function forcedMode(name: string, disabled: Names, complaining: Names): "disabled" | "complain" | null {
  if (disabled.has(name)) return "disabled";
  return complaining.has(name) ? "complain" : null;
}

type Names = ReadonlySet<string>;

/** Files that a folder names, by links to them or by names like theirs. */
async function linked(tree: Tree, folder: string): Promise<Names> {
  const found = new Set<string>();
  for (const { name, node } of await tree.children(folder)) {
    found.add(name);
    const target = await tree.readLink(node);
    if (target) found.add(nameIn(target));
  }
  return found;
}
