import { lstat, mkdir, open, readlink, rename, rm, rmdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { syncFile, syncFolder } from "../../host/partial.ts";
import { readKeptText } from "../../host/plain-file.ts";
import { writeWhole } from "../../host/whole-file.ts";
import { parseJson } from "../../kit/depth.ts";
import { GuestkitError } from "../../kit/errors.ts";
import type { JobFolder } from "../folder.ts";

/**
 * Brings a fresh check-out into the work folder, where images and state lie that project files made beside themselves:
 * files of the repository are replaced where they differ and removed where they are gone; whatever else is there stays,
 * and is never overwritten. Killed at any point, the next one goes on.
 */
export async function deliver(
  fresh: string,
  files: readonly string[],
  { work, manifest }: JobFolder,
  signal: AbortSignal,
): Promise<void> {
  const before = await readManifest(manifest);
  await mkdir(work, { recursive: true });
  for (const file of files) if (!before.has(file)) await demandFree(fresh, work, file, before);
  await writeManifest(manifest, [...before, ...files]);
  const wanted = new Set(files);
  for (const file of before) if (!wanted.has(file)) await removeFile(work, file);
  for (const file of files) {
    signal.throwIfAborted();
    await place(fresh, work, file);
  }
  await writeManifest(manifest, files);
}

/** Throws `E_CI_MANIFEST`: without it nobody could tell the repository's files from those that a project made. */
async function readManifest(manifest: string): Promise<ReadonlySet<string>> {
  const text = (await readKeptText(manifest)) ?? "[]";
  try {
    const value = parseJson(text) as unknown;
    if (Array.isArray(value) && value.every((each) => typeof each === "string")) return new Set(value);
  } catch {
    // Told below.
  }
  throw new GuestkitError("E_CI_MANIFEST", `Cannot use "${manifest}": it does not say what came from the repository`, {
    at: { file: manifest },
    help: "Remove it: the next run takes over what is as in the repository, and names what differs.",
  });
}

function writeManifest(manifest: string, files: readonly string[]): Promise<void> {
  return writeWhole(manifest, `${JSON.stringify([...new Set(files)])}\n`);
}

/** A new file of the repository in the place of something that a project made. */
async function demandFree(fresh: string, work: string, file: string, before: ReadonlySet<string>): Promise<void> {
  const parents = parentsOf(file);
  for (const parent of parents) {
    const found = await lstat(join(work, parent)).catch(() => null);
    if (!found || before.has(parent)) return;
    if (!found.isDirectory()) throw inTheWay(work, parent);
  }
  const found = await lstat(join(work, file)).catch(() => null);
  if (!found || (found.isDirectory() && [...before].some((each) => each.startsWith(`${file}/`)))) return;
  if (!(await isSame(join(fresh, file), join(work, file)))) throw inTheWay(work, file);
}

/** `a/b/c` has `a` and `a/b`. */
function parentsOf(file: string): readonly string[] {
  const steps = file.split("/").slice(0, -1);
  return steps.map((_, at) => steps.slice(0, at + 1).join("/"));
}

async function place(fresh: string, work: string, file: string): Promise<void> {
  const [from, to] = [join(fresh, file), join(work, file)];
  await demandFolders(work, file, true);
  if (await isSame(from, to)) return;
  if (!(await lstat(from)).isSymbolicLink()) await syncFile(from);
  await rename(from, to).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === "EISDIR" || cause.code === "ENOTEMPTY") throw inTheWay(work, file);
    throw cause;
  });
  await syncFolder(dirname(to));
}

async function removeFile(work: string, file: string): Promise<void> {
  if (!(await demandFolders(work, file, false))) return;
  const found = await lstat(join(work, file)).catch(() => null);
  if (found && !found.isDirectory()) await rm(join(work, file), { force: true });
  for (const parent of parentsOf(file).toReversed()) {
    const isGone = await rmdir(join(work, parent)).then(
      () => true,
      () => false,
    );
    if (!isGone) return;
  }
}

/** Every folder on the way is a real one: what a guest put into a shared folder must not lead elsewhere. */
async function demandFolders(work: string, file: string, make: boolean): Promise<boolean> {
  for (const parent of parentsOf(file)) {
    const path = join(work, parent);
    const found = await lstat(path).catch(() => null);
    if (!found && !make) return false;
    if (!found) await mkdir(path);
    else if (!found.isDirectory()) throw inTheWay(work, parent);
  }
  return true;
}

/** The same kind, the same bytes, and as executable. */
async function isSame(one: string, other: string): Promise<boolean> {
  const [a, b] = await Promise.all([lstat(one), lstat(other).catch(() => null)]);
  if (!b || a.isSymbolicLink() !== b.isSymbolicLink() || a.isFile() !== b.isFile()) return false;
  if (a.isSymbolicLink()) return (await readlink(one)) === (await readlink(other));
  if (!a.isFile() || a.size !== b.size || (a.mode & 0o777) !== (b.mode & 0o777)) return false;
  return await hasSameBytes(one, other);
}

const CHUNK = 1 << 20;

/** Piece by piece: a repository may hold images. */
async function hasSameBytes(one: string, other: string): Promise<boolean> {
  await using a = await open(one);
  await using b = await open(other);
  const [left, right] = [Buffer.alloc(CHUNK), Buffer.alloc(CHUNK)];
  for (let at = 0; ; at += CHUNK) {
    const [x, y] = await Promise.all([a.read(left, 0, CHUNK, at), b.read(right, 0, CHUNK, at)]);
    if (x.bytesRead !== y.bytesRead || Buffer.compare(left.subarray(0, x.bytesRead), right.subarray(0, y.bytesRead)))
      return false;
    if (x.bytesRead < CHUNK) return true;
  }
}

function inTheWay(work: string, file: string): GuestkitError {
  const path = join(work, file);
  return new GuestkitError(
    "E_CI_IN_THE_WAY",
    `Cannot check out "${file}": "${path}" is there, and not from the repository`,
    {
      at: { file: path },
      help: `Move it away, or rename one of the two. It lies in ${dirname(path)}.`,
    },
  );
}
