import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { type Partial, partialBeside } from "../host/partial.ts";
import type { Context } from "../kit/context.ts";
import { GuestkitError } from "../kit/errors.ts";
import { mkfsCommand, type NewFileSystem, verifyFileSystem } from "./filesystem.ts";
import { findTool, run, whereIs } from "./process.ts";

/** What a file system starts with: a host folder or a tar archive; at most one of them. */
export interface Content {
  readonly directory: string | null;
  readonly tar: string | null;
}

/** Makes a file system in `file`, fills it, and reads it back. `target` tells where temporary folders lie. */
export async function makeFileSystem(
  file: string,
  fs: Omit<NewFileSystem, "content">,
  content: Content,
  target: string,
  context: Context,
): Promise<void> {
  context.progress({ phase: "making file systems", detail: fs.label ?? fs.type });
  if (content.tar !== null && fs.type === "ext4") await makeExtFromTar(file, fs, content.tar, target, context);
  else await mkfs(file, { ...fs, content: fs.type === "ext4" ? content.directory : null }, context);
  if (fs.type === "vfat") await fillVfat(file, content, target, context);
  await verifyFileSystem(file, { ...fs, content: null }, context);
}

async function mkfs(file: string, fs: NewFileSystem, context: Context): Promise<void> {
  const [command, ...args] = mkfsCommand(fs, file);
  await run(command as string, args, { signal: context.signal, doing: `make ${fs.type}` });
}

/** Attributes come in a second pass: fakeroot loses the type of a file whose attributes it is told of first. */
const UNPACK = `unpack() { tar --extract --file "$tar" --directory "$dir" --numeric-owner --same-owner -p "$@"; }
tar=$1 dir=$2
unpack --no-xattrs
unpack --xattrs --xattrs-include='*' --overwrite
`;

/**
 * Unpacks and makes the file system within one fakeroot, where an ordinary user's files have the owners, devices and
 * attributes of the archive. fakeroot's daemon ends with the process namespace around both.
 */
async function makeExtFromTar(
  file: string,
  fs: Omit<NewFileSystem, "content">,
  tar: string,
  target: string,
  context: Context,
): Promise<void> {
  await using folder = partialBeside(target, "tree");
  await mkdir(folder.path);
  findTool("fakeroot");
  const command = mkfsCommand({ ...fs, content: folder.path }, file);
  const [mkfsTool, ...mkfsArgs] = command;
  const quoted = [findTool(mkfsTool as string), ...mkfsArgs].map(shellQuote).join(" ");
  const inner = ["fakeroot", "--", "sh", "-e", "-c", `${UNPACK}${quoted}`, "sh", tar, folder.path];
  const [wrapper, ...args] = [...(await namespaced(context)), ...inner];
  try {
    await run(wrapper as string, args, {
      signal: context.signal,
      doing: `fill ${fs.type} from "${tar}"`,
      // In a namespace of one user a real chown fails in a way that fakeroot does not expect.
      env: { FAKEROOTDONTTRYCHOWN: "1" },
    });
  } finally {
    await makeRemovable(folder);
  }
}

/** A process namespace whose end is everything's end, where the host lets an ordinary user have one. */
async function namespaced(context: Context): Promise<readonly string[]> {
  if (!whereIs("unshare")) return [];
  const user = process.getuid?.() === 0 ? [] : ["--user", "--map-current-user"];
  const wrapper = ["unshare", ...user, "--pid", "--fork", "--kill-child=KILL"];
  const probe = await run("unshare", [...wrapper.slice(1), "true"], {
    signal: context.signal,
    accept: [0, 1],
  });
  return probe.exitCode === 0 ? wrapper : [];
}

/** Folders that the archive made read-only would keep their content from being removed. */
async function makeRemovable(folder: Partial): Promise<void> {
  await run("chmod", ["-R", "u+rwX", "--", folder.path], { accept: [0, 1] });
}

function shellQuote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

async function fillVfat(file: string, content: Content, target: string, context: Context): Promise<void> {
  if (content.directory !== null) return copyIntoVfat(file, content.directory, context);
  if (content.tar === null) return;
  await using folder = partialBeside(target, "tree");
  await mkdir(folder.path);
  const args = ["--extract", "--file", content.tar, "--directory", folder.path, "--no-same-owner"];
  await run("tar", args, { signal: context.signal, doing: `unpack "${content.tar}"` });
  await copyIntoVfat(file, folder.path, context);
}

async function copyIntoVfat(file: string, folder: string, context: Context): Promise<void> {
  await refuseSpecial(folder);
  const names = (await readdir(folder)).map((name) => join(folder, name));
  if (names.length === 0) return;
  const options = { signal: context.signal, doing: `copy "${folder}" into vfat`, env: { MTOOLS_SKIP_CHECK: "1" } };
  await run("mcopy", ["-s", "-p", "-m", "-Q", "-i", file, ...names, "::/"], options);
}

/** mcopy would follow a link, on the host. */
async function refuseSpecial(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    if (entry.isFile() || entry.isDirectory()) continue;
    const path = join(entry.parentPath, entry.name);
    throw new GuestkitError("E_LAYOUT_CONTENT", `Cannot copy "${path}" into vfat: it is no file and no directory`, {
      at: { file: path },
      help: "FAT holds neither links nor devices: leave it out, or use ext4.",
    });
  }
}
