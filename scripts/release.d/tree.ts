/** Folders that become an archive: the same archive of the same content, whoever makes it, whenever. */
import { execFile } from "node:child_process";
import { chmod, cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";

export const run = promisify(execFile);

export const root = join(import.meta.dirname, "../..");

/** Whose path is below it is there as long as `use` runs. */
export async function withFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "guestkit-release-"));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** A file of a tree: its text or bytes, a file that is copied, or where it points to. */
export type Entry =
  | { readonly text: string | Uint8Array; readonly mode?: number }
  | { readonly from: string; readonly mode?: number }
  | { readonly link: string };

/** Lays files out below a folder, by their paths there. Modes do not depend on who does it. */
export async function layTree(folder: string, entries: Readonly<Record<string, Entry>>): Promise<void> {
  for (const [path, entry] of Object.entries(entries)) {
    const place = join(folder, path);
    await mkdir(dirname(place), { recursive: true });
    if ("link" in entry) {
      await symlink(entry.link, place);
      continue;
    }
    if ("from" in entry) await cp(entry.from, place);
    else await writeFile(place, entry.text);
    await chmod(place, entry.mode ?? 0o644);
  }
  await run("find", [folder, "-type", "d", "-exec", "chmod", "755", "{}", "+"]);
}

/** Seconds since 1970 that stand for the time of all files: what reproducible-builds.org names so, or the last commit's. */
export async function sourceDate(): Promise<number> {
  const { SOURCE_DATE_EPOCH } = process.env;
  if (SOURCE_DATE_EPOCH) return Number(SOURCE_DATE_EPOCH);
  const found = await run("git", ["log", "-1", "--format=%ct"], { cwd: root }).catch(() => null);
  if (found) return Number(found.stdout);
  throw new Error("Cannot date the release: git tells no last change of this tree; set SOURCE_DATE_EPOCH");
}

export async function version(): Promise<string> {
  return (JSON.parse(await readFile(join(root, "package.json"), "utf8")) as { version: string }).version;
}
