import type { Tree } from "../../../filesystem/tree.ts";
import type { Budget } from "../../../kit/budget.ts";
import type { Pieces } from "../../pieces.ts";
import { byName, type Installed, MAX_PACKAGES, timeOf } from "../package.ts";
import { bdbHeaders } from "./bdb.ts";
import { damaged } from "./fault.ts";
import { type Header, Headers } from "./header.ts";
import { ndbHeaders } from "./ndb.ts";
import { sqliteHeaders } from "./sqlite.ts";

/** What lies in a folder of rpm's, the newest kind first: an older one beside it was left there by rpm --rebuilddb. */
const DATABASES: readonly ((tree: Tree, folder: string) => Promise<AsyncIterable<Pieces> | null>)[] = [
  sqliteHeaders,
  async (tree, folder) => {
    const file = await tree.open(`${folder}/Packages.db`);
    return file && ndbHeaders(file);
  },
  async (tree, folder) => {
    const file = await tree.open(`${folder}/Packages`);
    return file && bdbHeaders(file);
  },
];

/** Packages of the first of these folders that holds a database, by their name; null where none does. Throws `E_RPM_*`, `E_SQLITE_*`. */
export async function readRpm(tree: Tree, folders: readonly string[]): Promise<readonly Installed[] | null> {
  for (const folder of folders) {
    for (const open of DATABASES) {
      const blobs = await open(tree, folder);
      if (blobs) return collect(tree.budget, folder, blobs);
    }
  }
  return null;
}

async function collect(budget: Budget, folder: string, blobs: AsyncIterable<Pieces>): Promise<readonly Installed[]> {
  const headers = new Headers(folder);
  let count = 0;
  for await (const blob of blobs) {
    // What is kept of it: a database may be read that is larger than memory.
    budget.spend("bytes", await headers.add(blob), folder);
    if (++count > MAX_PACKAGES) throw damaged(folder, "COUNT", 0, `there are more than ${MAX_PACKAGES}`);
  }
  return headers.all().map(toPackage).sort(byName);
}

function toPackage(header: Header): Installed {
  const { name, epoch, version, release, arch, size, vendor, license } = header;
  return {
    ...{ name, epoch, version, release, arch, size, vendor, license },
    status: "installed",
    source: header.sourceRpm && sourceName(header.sourceRpm),
    installed_at: timeOf(header.installTime),
  };
}

/** `bash` of `bash-5.2.26-3.fc40.src.rpm`: name, version and release hold no hyphen but between them and in the name. */
function sourceName(file: string): string {
  const release = file.lastIndexOf("-");
  const version = file.lastIndexOf("-", release - 1);
  return release > 0 && version > 0 ? file.slice(0, version) : file;
}
