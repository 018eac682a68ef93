import type { Tree } from "../../../filesystem/tree.ts";
import { openDatabaseIn } from "../../sqlite/index.ts";
import { byName, type Installed, MAX_PACKAGES, timeOf } from "../package.ts";
import { wrong } from "./fault.ts";
import { parseName } from "./name.ts";
import { type Profile, readProfile } from "./profile.ts";
import { closureOf, type StorePath } from "./store.ts";

/**
 * What the system's profile needs, to the last: outputs of one derivation are one package. Whatever has no version was put
 * together for this system, as its units and files below /etc are, and is no package. Throws `E_NIX_*`, `E_SQLITE_*`.
 */
export async function readNix(tree: Tree, [path = ""]: readonly string[]): Promise<readonly Installed[] | null> {
  const database = await openDatabaseIn(tree, path);
  if (!database) return null;
  const profile = await readProfile(tree);
  const found = new Map<string, Installed>();
  for (const each of await closureOf(database, path, profile)) add(found, profile, each);
  if (found.size > MAX_PACKAGES) throw wrong(path, "CLOSURE", `there are more than ${MAX_PACKAGES} packages`);
  return [...found.values()].sort(byName);
}

/** Joins outputs by what they were made of; what was copied into the store was made of nothing. */
function add(found: Map<string, Installed>, { store }: Profile, { path, deriver, size, registered }: StorePath): void {
  const full = nameOf(path, store);
  const made = deriver === null ? null : nameOf(deriver, store).replace(/\.drv$/, "");
  const isMade = made !== null && (full === made || full.startsWith(`${made}-`));
  const { name, version } = parseName(isMade ? made : full);
  if (version === "" || full.endsWith(".drv")) return;
  const key = (isMade ? deriver : null) ?? path;
  const before = found.get(key);
  found.set(key, {
    ...{ name, epoch: null, version, release: null, arch: null, status: "installed", source: null },
    size: before?.size === null || size === null ? null : (before?.size ?? 0) + size,
    ...{ vendor: null, license: null, installed_at: before?.installed_at ?? timeOf(registered) },
  });
}

/** A store path's name begins behind a hash of 32 characters and a hyphen. */
const nameOf = (path: string, store: string) => path.slice(store.length + 1 + 33);
