import type { Tree } from "../filesystem/tree.ts";

/** A link at the top of each root that OSTree lays out. */
const LINK = ["/ostree", "sysroot/ostree"] as const;

/** What updates such a root, by its program; the elder ones know package sets, the later ones images alone. */
const PROGRAMS = ["rpm-ostree", "bootc", "ostree"] as const;

/**
 * The tool that installs where a system is deployed as a whole: its packages' own tool can write nowhere. Null for any
 * other system.
 */
export async function readUpdater(tree: Tree): Promise<(typeof PROGRAMS)[number] | null> {
  const [path, target] = LINK;
  if ((await tree.readLink(path)) !== target) return null;
  for (const name of PROGRAMS) if (await tree.resolve(`/usr/bin/${name}`)) return name;
  return null;
}
