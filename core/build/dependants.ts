import { readdir, realpath } from "node:fs/promises";
import { dirname, join } from "node:path";
import { recordPath } from "../host/record-file.ts";
import { Unchanged } from "../host/unchanged.ts";
import { GuestkitError } from "../kit/errors.ts";
import { eachOf, sharedLook } from "../kit/shared-look.ts";
import type { DiskFormat } from "../qemu/block/node.ts";
import { backingReference, type HeadOptions, readImageHead } from "./header.ts";
import { asFormat, parentOptions } from "./open-chain.ts";

const DEEPEST = 64;
/** How many files of a folder are looked into for overlays. */
const MAX_SIBLINGS = 10_000;
/** How many of them at a time. */
const PARALLEL = 8;

/** Absolute paths of an image's parents, nearest first. A parent that cannot be followed is named as it is written. */
export async function backingChain(path: string, format: DiskFormat | null = null): Promise<readonly string[]> {
  const found: string[] = [];
  let next: Wanted | null = { path, format, isParent: false };
  while (next !== null && found.length < DEEPEST) {
    const parent: Parent | null = await parentOf(next).catch(() => null);
    if (!parent) break;
    const isNew: boolean = parent.isFollowed && !found.includes(parent.path);
    found.push(parent.path);
    next = isNew ? { path: parent.path, format: parent.format, isParent: true } : null;
  }
  return found;
}

/** An image, and what it is declared to be, or what the header of the one above says that it is. */
interface Wanted {
  readonly path: string;
  readonly format: DiskFormat | null;
  readonly isParent: boolean;
}

/** What an image leans on, as its header names it where that is no file of this host. */
interface Parent {
  readonly path: string;
  readonly isFollowed: boolean;
  readonly format: DiskFormat | null;
}

const parents = new Unchanged<Parent | null>(MAX_SIBLINGS);

/** The parent of an image by its header, its record heard; null where it stands alone, or is no image of ours. */
function parentOf(wanted: Wanted): Promise<Parent | null> {
  const { path, format, isParent } = wanted;
  return parents.get(`${path}\0${format}\0${isParent}`, async () => {
    const options = isParent ? parentOptions(path, format) : { format };
    return { value: await readParent(path, options), files: [path, recordPath(await canonical(path))] };
  });
}

async function readParent(path: string, options: HeadOptions): Promise<Parent | null> {
  const head = await readImageHead(path, options).catch(unlessOther);
  if (!head?.backing) return null;
  const { filename, format = null } = backingReference(path, head) ?? {};
  return { path: filename ?? head.backing.name, isFollowed: filename !== undefined, format: asFormat(format) };
}

/** A file of another kind has no parent that counts here; one that cannot be read may have by the next look. */
function unlessOther(error: unknown): null {
  if (error instanceof GuestkitError && error.code === "E_SOURCE_FORMAT") return null;
  throw error;
}

/**
 * The overlays that lean on an image: those that are known by name, and those in its own folder. A name that leans on
 * it no more is left out.
 */
export async function findDependants(path: string, known: readonly string[]): Promise<readonly string[]> {
  const own = await canonical(path);
  const beside = await siblingsIn(dirname(path));
  const elsewhere = known.filter((each) => dirname(each) !== dirname(path));
  const found = new Set(beside.get(own));
  for (const each of elsewhere) if ((await baseOf(each)) === own) found.add(each);
  return [...found].filter((each) => each !== path).toSorted();
}

/** The images of a folder, by the file that they lean on. */
type Leaning = ReadonlyMap<string, readonly string[]>;

const folders = new Map<string, () => Promise<Leaning>>();

/** One look at a folder serves all who wait for one. */
async function siblingsIn(folder: string): Promise<Leaning> {
  const look = folders.get(folder) ?? sharedLook(() => lookInto(folder));
  folders.set(folder, look);
  return await look();
}

async function lookInto(folder: string): Promise<Leaning> {
  const paths = (await readdir(folder, { withFileTypes: true }).catch(() => []))
    .filter((entry) => entry.isFile() && !/^\..*\.guestkit(-partial-.*|-redo|-lock|\.json)$/.test(entry.name))
    .slice(0, MAX_SIBLINGS)
    .map((entry) => join(folder, entry.name));
  const found = new Map<string, string[]>();
  const bases = await eachOf(paths, PARALLEL, async (path) => [path, await baseOf(path)] as const);
  for (const [path, base] of bases) {
    if (base !== null) found.set(base, [...(found.get(base) ?? []), path]);
  }
  return found;
}

/** The file that an image leans on, links followed. */
async function baseOf(path: string): Promise<string | null> {
  const parent = await parentOf({ path, format: null, isParent: false }).catch(() => null);
  return parent?.isFollowed ? await canonical(parent.path) : null;
}

function canonical(path: string): Promise<string> {
  return realpath(path).catch(() => path);
}
