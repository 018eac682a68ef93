import type { Tree } from "../../../filesystem/tree.ts";
import { byName, type Installed, MAX_PACKAGES } from "../package.ts";
import { badStatus, StatusReader } from "./status-reader.ts";

const STATUS = "/var/lib/dpkg/status";
/** Where images without dpkg (distroless) keep one file a package. */
const STATUS_D = "/var/lib/dpkg/status.d";
/** Entries that dpkg had no time to merge: they stand above `status`, in the order of their numbers. */
const UPDATES = "/var/lib/dpkg/updates";

/** Nothing of it is there, or its configuration alone (dpkg(1), package states). */
const GONE: ReadonlySet<string> = new Set(["not-installed", "config-files"]);

/**
 * Packages of which something is there, with how far dpkg came with each, sorted by name; null where there is no dpkg database. Throws `E_DPKG_SYNTAX` and whatever
 * reading throws: a list is whole or none.
 */
export async function readDpkg(tree: Tree): Promise<readonly Installed[] | null> {
  const status = await tree.stream(STATUS);
  const single = (await tree.names(STATUS_D)).filter((name) => !name.endsWith(".md5sums"));
  if (!status && single.length === 0) return null;
  const found = new Map<string, Installed>();
  if (status) await collect(status, STATUS, found);
  for (const name of single) await collectFile(tree, `${STATUS_D}/${name}`, found);
  const updates = (await tree.names(UPDATES)).filter((name) => /^\d+$/.test(name));
  for (const name of updates) await collectFile(tree, `${UPDATES}/${name}`, found);
  return [...found.values()].filter(({ status }) => !GONE.has(status)).sort(byName);
}

async function collectFile(tree: Tree, path: string, found: Map<string, Installed>): Promise<void> {
  const content = await tree.stream(path);
  if (content) await collect(content, path, found);
}

async function collect(content: AsyncIterable<Uint8Array>, path: string, found: Map<string, Installed>): Promise<void> {
  const reader = new StatusReader(path);
  const note = (packages: readonly Installed[]) => {
    for (const each of packages) found.set(`${each.name}:${each.arch}`, each);
    if (found.size > MAX_PACKAGES) throw badStatus(path, `more than ${MAX_PACKAGES} packages`);
  };
  for await (const piece of content) note(reader.push(piece));
  note(reader.end());
}
