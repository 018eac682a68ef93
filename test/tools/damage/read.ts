import { crc32 } from "node:zlib";
import { writeTar } from "../../../core/archive/index.ts";
import type { DirectoryEntry, FileSystem } from "../../../core/filesystem/filesystem.ts";
import { openImage } from "../../../core/format/index.ts";
import { type Disk, inspectDisk, open } from "../../../core/inspect/index.ts";
import { GuestkitError } from "../../../core/kit/errors.ts";
import { memorySource } from "../../../core/source/memory.ts";
import { nodeHost } from "../../../core/source/node.ts";
import type { ByteSource } from "../../../core/source/source.ts";
import type { Family } from "./images.ts";

/** What a damaged image said: each fact that was given, and each refusal. */
export interface Reading {
  /** `device/path` and what of it, to what was said. */
  readonly facts: Map<string, string>;
  readonly errors: Error[];
  /** What no reader may do, whatever the damage. */
  readonly faults: string[];
}

export interface Subject {
  readonly family: Family;
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** Whether the archive and the report are made of it too. */
  readonly thorough: boolean;
}

/** Data of one source that is read before it counts as more than the image can hold. */
const MAX_DATA = 96 << 20;
const PIECE = 256 << 10;

/** Lists and reads everything that the image holds, through the whole stack. */
export async function readEverything(subject: Subject): Promise<Reading> {
  const reading: Reading = { facts: new Map(), errors: [], faults: [] };
  if (subject.family === "qcow2") await readImage("qcow2", subject, reading);
  else if (/^(?:blocks|extents|qcow)$/.test(subject.family))
    await readImage(subject.name.replace(/-.*/, ""), subject, reading);
  else await readDisk(memorySource(subject.bytes, subject.name), subject, reading);
  return reading;
}

/** Keeps a refusal and goes on. */
async function attempt<T>(reading: Reading, read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    reading.errors.push(error instanceof Error ? error : new Error(String(error)));
    return undefined;
  }
}

async function readImage(format: string, subject: Subject, reading: Reading): Promise<void> {
  const host = {
    ...nodeHost,
    openFile: async (name: string) => {
      const bytes = subject.files.get(name);
      if (bytes) return memorySource(bytes, name);
      throw new GuestkitError("E_SOURCE_OPEN", `Cannot open "${name}": there is none`, { at: { file: name } });
    },
    findFile: async (_base: string, _ending: string, isIt: (source: ByteSource) => Promise<boolean>) => {
      for (const [name, bytes] of subject.files) {
        if (await isIt(memorySource(bytes, name)).catch(() => false)) return name;
      }
      return null;
    },
  };
  const openState = (snapshot?: string) =>
    attempt(reading, () =>
      openImage(memorySource(subject.bytes, subject.name), host, {
        format,
        ...(snapshot !== undefined && { snapshot }),
      }),
    );
  const image = await openState();
  if (!image) return;
  await attempt(reading, () => readSource(image, "active", reading));
  for (const { id } of image.snapshots.slice(0, 4)) {
    const state = await openState(id);
    if (state) await attempt(reading, () => readSource(state, `snapshot ${id}`, reading));
  }
  await readDisk(image, subject, reading);
}

async function readDisk(source: ByteSource, subject: Subject, reading: Reading): Promise<void> {
  const disk = await attempt(reading, () => open(source, { format: "raw" }));
  if (!disk) return;
  for (const { device, fs, error } of disk.filesystems) {
    if (error) reading.errors.push(error);
    if (fs) await readTree(fs, device, reading);
    if (fs && subject.thorough) await archive(disk, device, reading);
  }
  if (subject.thorough) await attempt(reading, () => inspectWhole(disk));
  await disk[Symbol.asyncDispose]();
}

/** A fault of guestkit costs a fact alone, and is told as a warning: here it counts as what it is. */
async function inspectWhole(disk: Disk): Promise<void> {
  const { warnings } = await inspectDisk(disk);
  const fault = warnings.find((warning) => warning.includes("E_INTERNAL"));
  if (fault !== undefined) throw new Error(fault);
}

async function archive(disk: Disk, device: string, reading: Reading): Promise<void> {
  await attempt(reading, async () => {
    const tree = await disk.tree({ filesystem: device });
    let written = 0;
    await writeTar(tree, tree.root, "", async (piece) => {
      written += piece.length;
      if (written > MAX_DATA) throw new TooMuch(`${device}: an archive of more than ${MAX_DATA} bytes`);
    });
  }).then(() => countTooMuch(reading));
}

/** Not a reader's refusal: what the test itself holds against it. */
class TooMuch extends Error {}

function countTooMuch(reading: Reading): void {
  const last = reading.errors.at(-1);
  if (!(last instanceof TooMuch)) return;
  reading.errors.pop();
  reading.faults.push(last.message);
}

/** Every directory once, whatever leads to it; the trees of its own in it as well. */
async function readTree(top: FileSystem, device: string, reading: Reading): Promise<void> {
  const seen = new Map<FileSystem, Set<number>>();
  const isNew = (fs: FileSystem, inode: number): boolean => {
    const known = seen.get(fs) ?? new Set();
    seen.set(fs, known);
    return !known.has(inode) && known.add(inode).size > 0;
  };
  const todo: { fs: FileSystem; inode: number; path: string }[] = [{ fs: top, inode: top.root, path: device }];
  isNew(top, top.root);
  await attempt(reading, () => readFile(top, top.root, device, reading));
  for (let next = todo.pop(); next; next = todo.pop()) {
    const { fs, inode, path } = next;
    const entries = await attempt(reading, () => list(fs, inode));
    if (!entries) continue;
    reading.facts.set(`${path} names`, entries.map((entry) => entry.text).join("\n"));
    for (const { text, entry } of entries) {
      const child = `${path}/${text}`;
      checkName(text, child, reading);
      const found = await attempt(reading, () => fs.lookup(inode, entry.name));
      if (found !== undefined) reading.facts.set(`${child} lookup`, String(found));
      const nested = fs.nested?.(entry.inode);
      const node = nested ? { fs: nested, inode: nested.root } : { fs, inode: entry.inode };
      const type = await attempt(reading, () => readFile(node.fs, node.inode, child, reading));
      if (type === "directory" && isNew(node.fs, node.inode)) todo.push({ ...node, path: child });
    }
  }
}

async function list(fs: FileSystem, inode: number): Promise<{ text: string; entry: DirectoryEntry }[]> {
  const found: { text: string; entry: DirectoryEntry }[] = [];
  for await (const batch of fs.entries(inode)) {
    for (const entry of batch) found.push({ text: Buffer.from(entry.name).toString("latin1"), entry });
  }
  return found;
}

function checkName(name: string, path: string, { faults }: Reading): void {
  if (name === "" || name === "." || name === ".." || /[/\0]/.test(name)) faults.push(`${path}: no name of a file`);
}

async function readFile(fs: FileSystem, inode: number, path: string, reading: Reading): Promise<string> {
  const stat = await fs.stat(inode);
  reading.facts.set(`${path} stat`, JSON.stringify(stat));
  await attempt(reading, async () => {
    const attributes = [...(await fs.xattrs(inode))].map(([name, value]) => `${name}=${crc32(value)}`);
    reading.facts.set(`${path} xattrs`, attributes.join());
  });
  if (stat.type === "symlink") {
    await attempt(reading, async () => {
      reading.facts.set(`${path} target`, Buffer.from(await fs.readLink(inode)).toString("latin1"));
    });
  }
  if (stat.type === "file") {
    await attempt(reading, async () => {
      const source = await fs.open(inode);
      if (source.size !== stat.size) reading.faults.push(`${path}: ${source.size} bytes of ${stat.size}`);
      await readSource(source, path, reading);
    });
  }
  return stat.type;
}

/** All bytes but those of holes. Holds the reader to what it promises of lengths. */
async function readSource(source: ByteSource, path: string, reading: Reading): Promise<void> {
  let sum = 0;
  let data = 0;
  for (let at = 0; at < source.size; ) {
    const left = source.size - at;
    const { length, zero } = (await source.extent?.(at, left)) ?? { length: left, zero: false };
    if (!(length >= 1 && length <= left)) return void reading.faults.push(`${path}: an extent of ${length} at ${at}`);
    data += zero ? 0 : length;
    if (data > MAX_DATA) return void reading.faults.push(`${path}: more than ${MAX_DATA} bytes of data`);
    for (let done = 0; !zero && done < length; done += PIECE) {
      const wanted = Math.min(PIECE, length - done);
      const bytes = await source.read(at + done, wanted);
      if (bytes.length !== wanted) reading.faults.push(`${path}: ${bytes.length} bytes instead of ${wanted}`);
      if (bytes.some((byte) => byte !== 0)) sum = crc32(bytes, (sum + at + done) >>> 0);
    }
    at += length;
  }
  reading.facts.set(`${path} content`, `${source.size}:${sum}`);
}
