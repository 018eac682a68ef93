import { createHash } from "node:crypto";
import { lstat, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { FileSystem } from "../../core/filesystem/filesystem.ts";
import { stream } from "../../core/source/source.ts";

/** Files as `path -> what`, so that two walks can be compared by `toEqual`. */
export type Listing = Record<string, { type: string; size?: number; sha256?: string; mtime?: number }>;

/** Directories, and files with their size, SHA-256 and mtime in seconds, as a reader sees them. */
export async function walkFileSystem(fs: FileSystem): Promise<Listing> {
  const found: Listing = {};
  const visit = async (directory: number, prefix: string): Promise<void> => {
    for await (const batch of fs.entries(directory)) {
      for (const entry of batch) {
        const path = `${prefix}${new TextDecoder().decode(entry.name)}`;
        const stat = await fs.stat(entry.inode);
        if (stat.type === "directory") {
          found[path] = { type: "directory" };
          await visit(entry.inode, `${path}/`);
        } else found[path] = { type: stat.type, ...(await fileFacts(fs, entry.inode, stat)) };
      }
    }
  };
  await visit(fs.root, "");
  return found;
}

async function fileFacts(fs: FileSystem, inode: number, stat: { size: number; mtime: { seconds: number } }) {
  const hash = createHash("sha256");
  for await (const piece of stream(await fs.open(inode))) hash.update(piece);
  return { size: stat.size, sha256: hash.digest("hex"), mtime: stat.mtime.seconds };
}

/** The same of a folder of this machine. */
export async function walkHost(root: string): Promise<Listing> {
  const found: Listing = {};
  for (const path of await readdir(root, { recursive: true })) {
    const stat = await lstat(join(root, path));
    if (stat.isDirectory()) found[path] = { type: "directory" };
    else {
      const sha256 = createHash("sha256")
        .update(await readFile(join(root, path)))
        .digest("hex");
      found[path] = { type: "file", size: stat.size, sha256, mtime: Math.floor(stat.mtimeMs / 1000) };
    }
  }
  return found;
}
