import { randomBytes } from "node:crypto";
import { closeSync, createReadStream, openSync, writeSync } from "node:fs";
import { chmod, lstat, mkdir, readdir, stat } from "node:fs/promises";
import { basename, dirname, join, posix, resolve } from "node:path";
import { run as runTool } from "../host/program/process.ts";
import { lastLines } from "../host/program/tail-buffer.ts";
import { GuestkitError } from "../kit/errors.ts";
import { shellQuote } from "../kit/shell.ts";
import { reasonOf } from "../kit/system-error.ts";
import { deliver, itemOf, workFolder } from "./deliver.ts";
import type { GuestResult, GuestWay } from "./way/way.ts";

interface ArchiveOptions {
  readonly recursive: boolean;
  readonly signal: AbortSignal;
}

/** Packs, sends and unpacks: for guests without an SFTP server, and by the agent. */
export async function sendArchive(
  name: string,
  way: GuestWay,
  local: string,
  remote: string,
  { recursive, signal }: ArchiveOptions,
): Promise<void> {
  const path = resolve(local);
  const found = await stat(path).catch((cause) => {
    throw copyFailed(`Cannot copy "${local}" into "${name}": ${reasonOf(cause)}`);
  });
  if (found.isDirectory() && !recursive) throw isFolder(local);
  await using work = await workFolder();
  const archive = join(work.path, "archive");
  // What is named may be a link; links inside stay what they are.
  const pack = found.isDirectory()
    ? ["-cf", archive, "--", `${basename(path)}/.`]
    : ["-chf", archive, "--", basename(path)];
  await runTool("tar", ["-C", dirname(path), ...pack], { signal, doing: `pack "${local}"` });
  const script = () => unpackScript(remote, basename(path));
  const result = await way.run({ script, input: createReadStream(archive), bulk: true, signal });
  demandDone(result, `copy "${local}" into "${name}"`);
}

/** The same the other way. It is unpacked in a new folder first: no name in it leads elsewhere. */
export async function receiveArchive(
  name: string,
  way: GuestWay,
  remote: string,
  local: string,
  { recursive, signal }: ArchiveOptions,
): Promise<void> {
  await using work = await workFolder();
  const archive = join(work.path, "archive");
  const doing = `copy "${remote}" out of "${name}"`;
  const file = openSync(archive, "wx", 0o600);
  try {
    const onOutput = (stream: string, chunk: Uint8Array) => void (stream === "stdout" && writeAll(file, chunk));
    demandDone(await way.run({ script: () => packScript(remote), onOutput, bulk: true, signal }), doing);
  } finally {
    closeSync(file);
  }
  const content = join(work.path, "content");
  await mkdir(content, { mode: 0o700 });
  await runTool("tar", ["-C", content, "-xpof", archive], { signal, doing });
  const item = itemOf(remote);
  const found = join(content, item);
  const isDirectory = await demandHarmless(found, doing);
  if (isDirectory && !recursive) throw isFolder(remote);
  await deliver(found, item, local);
}

/**
 * What a guest packs is its own choice: devices would be read as the host's own, and programs with the owner's rights
 * would have this user's. Permissions beyond read, write and execute are taken away, as SFTP does. Gives whether it is a
 * folder.
 */
async function demandHarmless(path: string, doing: string): Promise<boolean> {
  const found = await lstat(path).catch(() => null);
  if (!found?.isFile() && !found?.isDirectory()) {
    throw copyFailed(`Cannot ${doing}: "${basename(path)}" is neither file nor folder`);
  }
  if (found.mode & 0o7000) await chmod(path, found.mode & 0o777);
  if (!found.isDirectory()) return false;
  for (const entry of await readdir(path, { withFileTypes: true })) {
    // Links inside stay what they are: nothing here follows them.
    if (!entry.isSymbolicLink()) await demandHarmless(join(path, entry.name), doing);
  }
  return true;
}

function unpackScript(remote: string, item: string): string {
  return `t=${shellQuote(remote)}; n=${shellQuote(item)}
[ ! -d "$t" ] || t=$t/$n
d=$(dirname "$t")/.guestkit-${randomBytes(6).toString("hex")}
mkdir "$d" || exit 1
trap 'rm -rf "$d"' EXIT
tar -C "$d" -xpof - || exit 1
if [ -d "$t" ]; then cp -pR "$d/$n/." "$t/"; else mv -f "$d/$n" "$t"; fi`;
}

/** A link that is asked for itself is followed, in the guest. */
function packScript(remote: string): string {
  const path = posix.normalize(remote).replace(/(.)\/$/, "$1");
  const item = shellQuote(`./${posix.basename(path)}`);
  return `cd ${shellQuote(posix.dirname(path))} || exit 1; h=; [ ! -L ${item} ] || h=h; exec tar -c"$h"f - ${item}`;
}

function writeAll(file: number, chunk: Uint8Array): void {
  for (let done = 0; done < chunk.length; ) done += writeSync(file, chunk, done);
}

function demandDone({ exitCode, stderr }: GuestResult, doing: string): void {
  if (exitCode === 0) return;
  throw copyFailed(`Cannot ${doing}: ${lastLines(stderr, 3).join("\n") || `tar ended with ${exitCode}`}`);
}

const isFolder = (path: string) =>
  copyFailed(`Cannot copy "${path}": it is a folder`, "Say that folders are meant: --recursive");

const copyFailed = (message: string, help?: string) => new GuestkitError("E_GUEST_COPY", message, { help });
