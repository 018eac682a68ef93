import { crc32 } from "node:zlib";
import { ext4 } from "../../../core/filesystem/ext4/index.ts";
import type { FileSystem } from "../../../core/filesystem/filesystem.ts";
import { GuestkitError } from "../../../core/kit/errors.ts";
import { memorySource } from "../../../core/source/memory.ts";

/** Facts by path as kernel-answers.py gives them: null for what was refused. */
export type Answers = Readonly<Record<string, string | null>>;

const MAX_CONTENT = 4 << 20;

/** What guestkit says of an ext4 image; null where it does not open it. */
export async function ourAnswers(bytes: Uint8Array): Promise<Answers | null> {
  const fs = await orNull(() => ext4.open(memorySource(bytes)));
  return fs && facts(fs);
}

async function orNull<T>(read: () => Promise<T>): Promise<T | null> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof GuestkitError) return null;
    throw error;
  }
}

async function facts(fs: FileSystem): Promise<Answers> {
  const found: Record<string, string | null> = {};
  const seen = new Set<number>();
  const todo: [number, string][] = [[fs.root, ""]];
  await describe(fs, fs.root, "", found);
  for (let next = todo.pop(); next; next = todo.pop()) {
    const [inode, path] = next;
    if (seen.has(inode) || path.split("/").length > 13) continue;
    seen.add(inode);
    const entries = await orNull(() => list(fs, inode));
    found[`${path} names`] = entries && namesOf(entries);
    for (const entry of entries ?? []) {
      const child = `${path}/${entry.name}`;
      if ((await describe(fs, entry.inode, child, found)) === "directory") todo.push([entry.inode, child]);
    }
  }
  return found;
}

function namesOf(entries: readonly { readonly name: string }[]): string {
  return entries
    .map(({ name }) => name)
    .sort()
    .join("\n");
}

async function list(fs: FileSystem, inode: number): Promise<{ name: string; inode: number }[]> {
  const found: { name: string; inode: number }[] = [];
  for await (const batch of fs.entries(inode)) {
    for (const entry of batch) found.push({ name: Buffer.from(entry.name).toString("latin1"), inode: entry.inode });
  }
  return found;
}

async function describe(fs: FileSystem, inode: number, path: string, found: Record<string, string | null>) {
  const stat = await orNull(async () => fs.stat(inode));
  found[`${path} stat`] = null;
  if (!stat) return null;
  const { type, mode, uid, gid, mtime } = stat;
  const time = BigInt(mtime.seconds) * 1_000_000_000n + BigInt(mtime.nanoseconds);
  const size = type === "directory" ? 0 : stat.size;
  found[`${path} stat`] = `${type} ${mode.toString(8)} ${uid} ${gid} ${size} ${time}`;
  if (type === "file" && stat.size <= MAX_CONTENT) {
    found[`${path} content`] = await orNull(async () => {
      const content = await fs.open(inode);
      return String(crc32(await content.read(0, content.size)));
    });
  }
  if (type === "symlink") {
    found[`${path} target`] = await orNull(async () => Buffer.from(await fs.readLink(inode)).toString("latin1"));
  }
  return type;
}
