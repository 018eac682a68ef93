import type { FileSystem } from "../filesystem/filesystem.ts";
import { openFileSystem } from "../filesystem/index.ts";
import { recognise } from "../filesystem/recognise.ts";
import type { Tree } from "../filesystem/tree.ts";
import type { Image } from "../format/format.ts";
import { type ImageHost, openImage } from "../format/index.ts";
import { Budget } from "../kit/budget.ts";
import { GuestkitError } from "../kit/errors.ts";
import type { Standing } from "../redo/standing.ts";
import { cachedSource } from "../source/cached.ts";
import type { ByteSource } from "../source/source.ts";
import { openVolumes, type Volume, type VolumeTable } from "../volume/index.ts";
import { chooseTree, type TreeChoice } from "./choose.ts";
import { abortable, type Opened, openPath, openPending, refusingHost, strangersIn } from "./host.ts";
import { holdsKnown, unknownNote } from "./known-content.ts";
import { meteredSource } from "./metered.ts";
import { findRoots, type Root, type Roots } from "./roots.ts";

export interface OpenOptions extends TreeChoice {
  /** The image's format; what is recorded of it, else its content decides where left out. */
  readonly format?: string | undefined;
  /** An internal snapshot's id or name instead of the present state. */
  readonly snapshot?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A partition's content, or a bare disk's. */
export interface DiskFileSystem {
  /** As libguestfs names it: `/dev/sda1`; `/dev/sda` without a table. */
  readonly device: string;
  /** Null where nothing is recognised. */
  readonly type: string | null;
  readonly label: string | null;
  readonly uuid: string | null;
  /** Bytes. */
  readonly size: number;
  readonly free: number | null;
  readonly partition: Volume | null;
  /** The reader; null where there is none, or where `error` says why it refused. */
  readonly fs: FileSystem | null;
  readonly error: GuestkitError | null;
}

/** An image opened down to its file systems. Close it with `await using`. */
export interface Disk extends AsyncDisposable {
  readonly image: Image;
  readonly table: VolumeTable | null;
  readonly filesystems: readonly DiskFileSystem[];
  /** What was odd in image, table and file systems. */
  readonly warnings: readonly string[];
  /** Of these, what concerns the host: who writes to the image meanwhile, files of the host that it names. */
  readonly hostWarnings: readonly string[];
  /** The disk's first sector, where BIOS boot code is. */
  readonly bootCode: Uint8Array;
  /** Counts what is asked of the disk; who reads more than the user named does so in a part of it. */
  readonly budget: Budget;
  /** The systems' root file systems with all that fstab mounts. Found once, then kept. */
  roots(): Promise<readonly Root[]>;
  /** The same with what went wrong while looking. */
  findRoots(): Promise<Roots>;
  /**
   * The tree to look into: the file system that was chosen, else the only root, else the only file system.
   * Throws `E_TREE_AMBIGUOUS`, `E_TREE_NONE`, `E_TREE_UNKNOWN`, and a chosen file system's own error.
   */
  tree(choice?: TreeChoice): Promise<Tree>;
}

/** Journals to replay are the most of it: a GiB at most, read twice. */
const OPENING = { steps: 2_000_000 };

/** Bytes kept of an image: 8 MiB serve a whole inspection. */
const CACHE = { pageSize: 32 << 10, pages: 256 };

/**
 * Opens an image by its path, or one given as a source (then there is no host: parents are refused).
 * Throws what source, format and partition table say; a damaged file system only carries its `error`.
 */
export function open(image: string | ByteSource, options: OpenOptions = {}): Promise<Disk> {
  return openWatched(image, options, undefined);
}

/** The same; `standing` takes down what is opened, each file before that. */
export async function openWatched(
  image: string | ByteSource,
  options: OpenOptions,
  standing: Standing | undefined,
): Promise<Disk> {
  const { format, snapshot, signal } = options;
  if (typeof image === "string") standing?.note(image);
  // A snapshot is no part of a change that is under way.
  const pending = typeof image === "string" && snapshot === undefined ? await openPending(image, signal) : null;
  if (pending?.image) {
    for (const file of pending.image.files) standing?.note(file);
    // What is written is what the log holds, until that goes.
    standing?.tolerateWrites();
    return openContent(pending.image, options, [...pending.warnings, ...(await told(pending.image))]);
  }
  const opened: Opened =
    typeof image === "string" ? await openPath(image, standing) : { source: image, host: refusingHost, warnings: [] };
  const { source, host } = opened;
  const wrapped = signal ? abortable(source, signal) : source;
  const content = await openImage(wrapped, host, {
    format: format ?? null,
    ...(snapshot !== undefined && { snapshot }),
  });
  const strangers = typeof image === "string" ? await told(content) : [];
  const doubts = format === undefined ? await doubtsOf(content, host) : [];
  return openContent(content, options, [...opened.warnings, ...(pending?.warnings ?? []), ...strangers, ...doubts]);
}

/** Files of this host that the image names without a right to. */
async function told(image: Image): Promise<readonly string[]> {
  try {
    return await strangersIn(image);
  } catch (error) {
    await image[Symbol.asyncDispose]();
    throw error;
  }
}

/** Where neither a declaration nor a record says that it is a raw disk, and its content does not either. */
async function doubtsOf(image: Image, { recorded }: ImageHost): Promise<readonly string[]> {
  if (image.format !== "raw" || (await recorded?.(image.name))?.format || (await holdsKnown(image))) return [];
  return [unknownNote(image.name)];
}

/** The image belongs to the disk from now on: it is closed where that cannot be opened. */
async function openContent(image: Image, choice: TreeChoice, seen: readonly string[]): Promise<Disk> {
  try {
    return await openDisk(image, choice, seen);
  } catch (error) {
    await image[Symbol.asyncDispose]();
    throw error instanceof GuestkitError ? error.within({ file: image.name }) : error;
  }
}

async function openDisk(image: Image, choice: TreeChoice, seen: readonly string[]): Promise<Disk> {
  const budget = new Budget();
  const source = meteredSource(cachedSource(image, CACHE), budget);
  const { table, filesystems } = await budget.part("partitions and file systems", () => openContents(source), OPENING);
  const bootCode = source.size >= 512 ? (await source.read(0, 512)).slice() : new Uint8Array(0);
  let found: Promise<Roots> | undefined;
  const disk: Disk = {
    image,
    table,
    filesystems,
    hostWarnings: seen,
    warnings: [...seen, ...image.warnings, ...(table?.warnings ?? []), ...filesystems.flatMap(ownWarnings)],
    bootCode,
    budget,
    findRoots: () => {
      found ??= findRoots(filesystems, budget);
      return found;
    },
    roots: async () => (await disk.findRoots()).roots,
    tree: (own = {}) => chooseTree(disk, { ...choice, ...own }),
    [Symbol.asyncDispose]: async () => {
      for (const { fs } of filesystems) await fs?.[Symbol.asyncDispose]();
      await source[Symbol.asyncDispose]();
    },
  };
  return disk;
}

async function openContents(source: ByteSource): Promise<Pick<Disk, "table" | "filesystems">> {
  const table = await openVolumes(source);
  return { table, filesystems: table ? await openAll(table.volumes) : await openBare(source) };
}

async function openAll(volumes: readonly Volume[]): Promise<readonly DiskFileSystem[]> {
  const all: DiskFileSystem[] = [];
  for (const volume of volumes) all.push(await openVolume(volume.source, `/dev/sda${volume.number}`, volume));
  return all;
}

/** Without a table the disk itself may be a file system; a blank one holds nothing. */
async function openBare(source: ByteSource): Promise<readonly DiskFileSystem[]> {
  const content = await openVolume(source, "/dev/sda", null);
  return content.type === null && content.error === null ? [] : [content];
}

async function openVolume(source: ByteSource, device: string, partition: Volume | null): Promise<DiskFileSystem> {
  const place = { device, partition };
  try {
    const fs = await openFileSystem(source);
    if (fs)
      return { ...place, type: fs.type, label: fs.label, uuid: fs.uuid, size: fs.size, free: fs.free, fs, error: null };
    return { ...place, ...(await named(source)), free: null, fs: null, error: null };
  } catch (error) {
    if (!(error instanceof GuestkitError)) throw error;
    return { ...place, ...(await namedSafely(source)), free: null, fs: null, error };
  }
}

async function named(source: ByteSource): Promise<Pick<DiskFileSystem, "type" | "label" | "uuid" | "size">> {
  const found = await recognise(source);
  return { type: found?.type ?? null, label: found?.label ?? null, uuid: found?.uuid ?? null, size: source.size };
}

/** Of damaged content even the first sectors may be out of reach. */
async function namedSafely(source: ByteSource): ReturnType<typeof named> {
  try {
    return await named(source);
  } catch (error) {
    if (error instanceof GuestkitError) return { type: null, label: null, uuid: null, size: source.size };
    throw error;
  }
}

function ownWarnings({ device, fs, error }: DiskFileSystem): readonly string[] {
  const refused = error ? [`${device} cannot be read: ${error.message}`] : [];
  return [...refused, ...(fs?.warnings ?? []).map((warning) => `${device}: ${warning}`)];
}
