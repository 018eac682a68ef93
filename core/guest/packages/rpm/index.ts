import type { Tree } from "../../../filesystem/tree.ts";
import type { ByteSource } from "../../../source/source.ts";
import { byName, type Installed } from "../package.ts";
import { eachOfBdb } from "./bdb.ts";
import { Headers, type Visit } from "./header.ts";
import { eachOfNdb } from "./ndb.ts";
import { eachOfSqlite } from "./sqlite.ts";

/** Shows the headers of a folder's database of one kind; false where it has none. */
type Database = (tree: Tree, folder: string, visit: Visit) => Promise<boolean>;

const ofFile =
  (name: string, each: (file: ByteSource, visit: Visit) => Promise<void>): Database =>
  async (tree, folder, visit) => {
    const file = await tree.open(`${folder}/${name}`);
    if (file) await each(file, visit);
    return file !== null;
  };

/** What lies in a folder of rpm's, the newest kind first: an older one beside it was left there by rpm --rebuilddb. */
const DATABASES: readonly Database[] = [eachOfSqlite, ofFile("Packages.db", eachOfNdb), ofFile("Packages", eachOfBdb)];

/** Packages of the first of these folders that holds a database, by their name; null where none does. Throws `E_RPM_*`, `E_SQLITE_*`. */
export async function readRpm(tree: Tree, folders: readonly string[]): Promise<readonly Installed[] | null> {
  for (const folder of folders) {
    const headers = new Headers(folder, tree.budget);
    for (const each of DATABASES) {
      if (await each(tree, folder, (blob) => headers.add(blob))) return headers.all().toSorted(byName);
    }
  }
  return null;
}
