import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";
import { typeOfMode } from "../../core/filesystem/file-type.ts";
import type { FileStat, FileSystem, FileType, Timestamp } from "../../core/filesystem/filesystem.ts";
import type { ByteSource } from "../../core/source/source.ts";
import { stream } from "../../core/source/source.ts";
import { run } from "./run.ts";

/** A file as both sides describe it; bytes in hex, times in nanoseconds. */
export interface FileFacts {
  readonly path: string;
  readonly inode: number;
  readonly type: FileType;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
  readonly links: number;
  readonly mtime: string;
  readonly atime: string;
  readonly ctime: string;
  readonly device: readonly [number, number];
  readonly xattrs: Readonly<Record<string, string>>;
  readonly target?: string;
  readonly sha256?: string;
}

export type Facts = ReadonlyMap<string, Partial<FileFacts>>;

/** Files larger than this are hashed by their non-zero blocks, so that a terabyte of hole takes no time. */
const LARGE = 64 << 20;
const BLOCK = 4096;

/** A program for Python: DIRECTORY; what the kernel says of each file, for {@link dumpedFacts}. */
export const DUMP_TREE = fileURLToPath(new URL("dump-tree.py", import.meta.url));

/** Every file of a folder on this machine (a mount) by its path in hex, `""` the folder itself. */
export async function hostFacts(directory: string, leaveOut: readonly (keyof FileFacts)[] = []): Promise<Facts> {
  return dumpedFacts(await run("python3", [DUMP_TREE, directory]), leaveOut);
}

/** What dump-tree.py told, here or on another machine. */
export function dumpedFacts(lines: string, leaveOut: readonly (keyof FileFacts)[] = []): Facts {
  const facts = new Map<string, Partial<FileFacts>>();
  for (const line of lines.split("\n").filter(Boolean)) {
    const found = JSON.parse(line);
    facts.set(found.path, without({ ...found, type: typeOfMode(found.type << 12) }, leaveOut));
  }
  return facts;
}

/** The same of a file system that is read by guestkit, with the trees of their own in it; every name is looked up too. */
export async function fileSystemFacts(fs: FileSystem, leaveOut: readonly (keyof FileFacts)[] = []): Promise<Facts> {
  const facts = new Map<string, Partial<FileFacts>>();
  const visit = async (fs: FileSystem, inode: number, path: Uint8Array): Promise<void> => {
    const stat = await fs.stat(inode);
    facts.set(Buffer.from(path).toString("hex"), without(await describe(fs, inode, stat, path), leaveOut));
    if (stat.type !== "directory") return;
    for await (const batch of fs.entries(inode)) {
      for (const entry of batch) {
        const found = await fs.lookup(inode, entry.name);
        if (found !== entry.inode) throw new Error(`lookup of ${Buffer.from(entry.name)} in ${inode} found ${found}`);
        const child = path.length === 0 ? entry.name : Buffer.concat([path, Buffer.from("/"), entry.name]);
        const nested = fs.nested?.(entry.inode);
        await (nested ? visit(nested, nested.root, child) : visit(fs, entry.inode, child));
      }
    }
  };
  await visit(fs, fs.root, new Uint8Array(0));
  return new Map([...facts].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** What differs, a line each and at most 20 of them: empty where both sides hold the same. */
export function differences(actual: Facts, expected: Facts): string[] {
  const lines: string[] = [];
  for (const path of new Set([...expected.keys(), ...actual.keys()])) {
    const [ours, theirs] = [actual.get(path), expected.get(path)];
    const name = Buffer.from(path, "hex").toString();
    if (!ours || !theirs) lines.push(`${name}: only ${ours ? "guestkit" : "the host"} has it`);
    else lines.push(...fieldDifferences(name, ours, theirs));
    if (lines.length > 20) break;
  }
  return lines;
}

function fieldDifferences(name: string, ours: Partial<FileFacts>, theirs: Partial<FileFacts>): string[] {
  const keys = new Set([...Object.keys(ours), ...Object.keys(theirs)]) as Set<keyof FileFacts>;
  const text = (value: unknown) => JSON.stringify(value) ?? "nothing";
  return [...keys]
    .filter((key) => text(ours[key]) !== text(theirs[key]))
    .map((key) => `${name}: ${key} is ${text(ours[key])}, on the host ${text(theirs[key])}`);
}

async function describe(fs: FileSystem, inode: number, stat: FileStat, path: Uint8Array): Promise<FileFacts> {
  const xattrs = await fs.xattrs(inode);
  return {
    path: Buffer.from(path).toString("hex"),
    inode: stat.inode,
    type: stat.type,
    mode: stat.mode,
    uid: stat.uid,
    gid: stat.gid,
    size: stat.size,
    links: stat.links,
    mtime: nanoseconds(stat.mtime),
    atime: nanoseconds(stat.atime),
    ctime: nanoseconds(stat.ctime),
    device: [stat.device?.major ?? 0, stat.device?.minor ?? 0],
    xattrs: Object.fromEntries([...xattrs].map(([name, value]) => [name, Buffer.from(value).toString("hex")])),
    ...(stat.type === "symlink" && { target: Buffer.from(await fs.readLink(inode)).toString("hex") }),
    ...(stat.type === "file" && { sha256: await digest(await fs.open(inode)) }),
  };
}

function nanoseconds({ seconds, nanoseconds: rest }: Timestamp): string {
  return String(BigInt(seconds) * 1_000_000_000n + BigInt(rest));
}

async function digest(source: ByteSource): Promise<string> {
  const hash = createHash("sha256");
  if (source.size <= LARGE) {
    for await (const piece of stream(source)) hash.update(piece);
    return hash.digest("hex");
  }
  for (let at = 0; at < source.size; ) {
    const { length, zero } = (await source.extent?.(at, source.size - at)) ?? { length: source.size - at, zero: false };
    if (!zero) await hashBlocks(source, at, at + length, (bytes) => hash.update(bytes));
    at += length;
  }
  return hash.digest("hex");
}

async function hashBlocks(
  source: ByteSource,
  start: number,
  end: number,
  update: (bytes: Uint8Array | string) => void,
) {
  for (let at = start; at < end; at += BLOCK) {
    const bytes = await source.read(at, Math.min(BLOCK, source.size - at));
    if (bytes.every((byte) => byte === 0)) continue;
    update(`${at}:`);
    update(bytes);
  }
}

function without(facts: FileFacts, leaveOut: readonly (keyof FileFacts)[]): Partial<FileFacts> {
  return Object.fromEntries(Object.entries(facts).filter(([key]) => !leaveOut.includes(key as keyof FileFacts)));
}
