import type { Stats } from "node:fs";
import { realpath, stat } from "node:fs/promises";
import { dirname, join, relative, resolve, sep } from "node:path";
import { imageRecord } from "./image-record.ts";
import { resolveSettings } from "./settings.ts";

/** An image and the files that its header names: its parent, its data file. Absolute paths. */
export interface Naming {
  readonly image: string;
  readonly files: readonly string[];
}

/** A file of the host that an image names, and nobody but its header vouches for. */
export interface Stranger {
  readonly image: string;
  readonly file: string;
  /** `a file of this host outside its own folder`. */
  readonly what: string;
}

/**
 * Of the files that images name, step by step: those that are not an image's own neighbours (links resolved) and that no
 * record of ours names. What lies in a machine's own folder was made by guestkit. `dataDir` is that of the settings.
 */
export async function strangersOf(
  chain: readonly Naming[],
  dataDir = resolveSettings().dataDir,
): Promise<readonly Stranger[]> {
  const vouched = new Set<string>();
  const found: Stranger[] = [];
  for (const { image, files } of chain) {
    const foreign = await foreignTo(image, files);
    if (foreign.length === 0 || (await isWithin(image, join(dataDir, "machines")))) continue;
    const names = (await imageRecord(image).catch(() => null))?.names ?? [];
    for (const name of await Promise.all(names.map(real))) vouched.add(name);
    for (const { is, ...stranger } of foreign) if (!vouched.has(is)) found.push(stranger);
  }
  return found;
}

async function foreignTo(image: string, files: readonly string[]): Promise<readonly (Stranger & { is: string })[]> {
  if (files.length === 0) return [];
  const own = await real(image);
  const all = files.map(async (file) => {
    const is = await real(file);
    const what = await foreignness(own, is);
    return what === null ? [] : [{ image, file, what, is }];
  });
  return (await Promise.all(all)).flat();
}

/**
 * Why a file is none that an image may name by itself; null where it may. An image that lies in a home names `.ssh/id_rsa`
 * there, and one in /tmp whatever others keep there.
 */
async function foreignness(image: string, file: string): Promise<string | null> {
  const below = relative(dirname(image), file).split(sep);
  if (below[0] === "..") return "a file of this host outside its own folder";
  if (below.some((each) => each.startsWith("."))) return "a hidden file of this host";
  const [own, named] = await Promise.all([image, file].map((each) => stat(each).catch(() => null)));
  return own && named && !mayRead(own, named) ? "a file of this host that the image's owner may not read" : null;
}

/** Of the owner's groups the image's own alone is known. */
function mayRead({ uid, gid }: Stats, file: Stats): boolean {
  const byGroup = file.gid === gid && (file.mode & 0o040) !== 0;
  return uid === 0 || file.uid === uid || byGroup || (file.mode & 0o004) !== 0;
}

async function isWithin(path: string, folder: string): Promise<boolean> {
  return (await real(path)).startsWith((await real(folder)) + sep);
}

const real = (path: string): Promise<string> => realpath(path).catch(() => resolve(path));

/** What is told of one. */
export const strangerNote = ({ image, file, what }: Stranger): string =>
  `"${image}" names ${what}, and guestkit did not make it so: "${file}"`;
