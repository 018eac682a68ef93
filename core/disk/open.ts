import type { MemberChoice } from "../format/format.ts";
import { Budget } from "../kit/budget.ts";
import { GuestkitError } from "../kit/errors.ts";
import type { Keys } from "../kit/keys.ts";
import type { Standing } from "../redo/standing.ts";
import { cachedSource } from "../source/cached.ts";
import type { ByteSource } from "../source/source.ts";
import { openContents } from "./contents.ts";
import type { PlainDisk } from "./disk.ts";
import { exploreDevices } from "./explore.ts";
import { openPath } from "./host.ts";
import { type OneImage, type OpenedImage, openOne } from "./image.ts";
import { type AskKey, type KeyRing, keyRing } from "./keys.ts";
import { meteredSource } from "./metered.ts";
import { diskName } from "./names.ts";
import type { DeviceNode } from "./node.ts";

/** An image by its path that is of a known format. */
export interface KnownImage {
  readonly path: string;
  readonly format: string;
}

export interface ImageOptions {
  /** The image's format; what is recorded of it, else its content decides where left out. */
  readonly format?: string | undefined;
  /** An internal snapshot's id or name instead of the present state. */
  readonly snapshot?: string | undefined;
  /** Of an archive the member to open; its only disk where left out. */
  readonly member?: MemberChoice | undefined;
  /** Further disks of the same machine, in its order: sdb, sdc. */
  readonly with?: readonly (string | ByteSource | KnownImage)[] | undefined;
  /** What opens encrypted devices. */
  readonly keys?: Keys | undefined;
  /** Is asked for a key where none is given. */
  readonly askKey?: AskKey | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Journals to replay are the most of it: a GiB at most, read twice. */
const OPENING = { steps: 2_000_000 };

/** Bytes kept of an image: 8 MiB serve a whole inspection. */
const CACHE = { pageSize: 4 << 10, pages: 2048 };

/**
 * Opens the disks of a machine by their paths, or given as sources (then there is no host: parents are refused).
 * `standing` takes down what is opened, each file before that.
 * Throws what source, format and partition table say; a damaged file system only carries its `error`.
 */
export async function openDisk(
  image: string | ByteSource,
  options: ImageOptions,
  standing: Standing | undefined,
): Promise<PlainDisk> {
  const { format, snapshot, signal } = options;
  const keys = keyRing(options.keys, { ask: options.askKey, open: (path) => openHeader(path, standing) });
  const opened: OpenedImage[] = [];
  const add = async (each: string | ByteSource, more: OneImage = {}) => {
    const device = diskName(opened.length);
    const unlock = (name: string, uuid: string) => keys.candidates([name, device], uuid);
    opened.push(await openOne(each, { ...more, unlock, signal }, standing));
  };
  try {
    await add(image, { format, snapshot });
    for (const each of options.with ?? []) {
      if (typeof each === "object" && "path" in each) await add(each.path, { format: each.format });
      else await add(each);
    }
    return await readDisks(opened as [OpenedImage, ...OpenedImage[]], keys);
  } catch (error) {
    for (const each of opened) await each.image[Symbol.asyncDispose]();
    await keys[Symbol.asyncDispose]();
    const file = opened[0]?.image.name;
    throw error instanceof GuestkitError && file !== undefined ? error.within({ file }) : error;
  }
}

async function openHeader(path: string, standing: Standing | undefined): Promise<ByteSource> {
  standing?.note(path);
  return (await openPath(path, standing)).source;
}

/** The images, and what the keys have open, belong to the disks from now on. */
async function readDisks(opened: readonly [OpenedImage, ...OpenedImage[]], keys: KeyRing): Promise<PlainDisk> {
  const budget = new Budget();
  const [{ image, codec }] = opened;
  const sources = opened.map((each) => meteredSource(cachedSource(each.image, CACHE), budget));
  const open = async () => {
    const explored = await exploreDevices(sources, { codec, keys });
    keys.demand();
    return { explored, contents: await openContents(explored.devices, codec) };
  };
  const { explored, contents } = await budget.part("partitions and file systems", open, {
    steps: OPENING.steps * opened.length,
  });
  const { nodes } = contents;
  const disks = opened.map((each, index) => {
    const device = diskName(index);
    return { device, image: each.image, table: nodes.find((node) => node.device === device)?.table ?? null };
  });
  const hostWarnings = opened.flatMap(({ warnings }) => warnings);
  return {
    disks,
    image,
    table: disks[0]?.table ?? null,
    nodes,
    filesystems: nodes.filter(mayHoldFiles),
    hostWarnings,
    warnings: [
      ...hostWarnings,
      ...opened.flatMap((each) => each.image.warnings),
      ...nodes.flatMap(({ table }) => table?.warnings ?? []),
      ...explored.lacking,
      ...explored.warnings,
      ...nodes.flatMap(refusals),
      ...contents.warnings,
    ],
    lacking: explored.lacking,
    isEncrypted: keys.wereWanted(),
    bootCode: await firstSector(sources[0]),
    codec,
    budget,
    [Symbol.asyncDispose]: async () => {
      for (const fs of contents.open) await fs[Symbol.asyncDispose]();
      for (const source of sources) await source[Symbol.asyncDispose]();
      await keys[Symbol.asyncDispose]();
    },
  };
}

/** Without a table the disk itself may hold something; a blank one holds nothing. */
function mayHoldFiles({ kind, table, type, error }: DeviceNode): boolean {
  return table === null && (kind !== "disk" || type !== null || error !== null);
}

async function firstSector(source: ByteSource | undefined): Promise<Uint8Array> {
  return source && source.size >= 512 ? (await source.read(0, 512)).slice() : new Uint8Array(0);
}

function refusals({ device, error }: DeviceNode): readonly string[] {
  return error ? [`${device} cannot be read: ${error.message}`] : [];
}
