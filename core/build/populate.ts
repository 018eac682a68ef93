import { type FileHandle, mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { type Partial, partialBeside } from "../host/partial.ts";
import { findTool, run, whereIs } from "../host/program/process.ts";
import type { Context } from "../kit/context.ts";
import { GuestkitError } from "../kit/errors.ts";
import { openFileSource } from "../source/file.ts";
import { type Content, openContent } from "./content.ts";
import { mkfsCommand, type NewFileSystem, verifyFileSystem } from "./filesystem.ts";
import { proveVfat } from "./vfat-proof.ts";

/** Makes a file system in `file`, fills it, and reads it back. `target` tells where temporary folders lie. */
export async function makeFileSystem(
  file: string,
  fs: Omit<NewFileSystem, "content">,
  content: Content,
  target: string,
  context: Context,
): Promise<void> {
  context.progress({ phase: "making file systems", detail: fs.label ?? fs.type });
  await using ready = await openContent(content, target, context);
  const name = String(content.tar ?? content.directory ?? "");
  if (ready.tar && fs.type === "ext4") await makeExtFromTar(file, fs, { name, file: ready.tar }, target, context);
  else await mkfs(file, { ...fs, content: fs.type === "ext4" ? ready.directory : null }, context);
  if (ready.tar && fs.type === "vfat") await fillVfat(file, { name, file: ready.tar }, target, context);
  if (ready.directory !== null && fs.type === "vfat") await copyIntoVfat(file, ready.directory, context);
  await verifyFileSystem(file, { ...fs, content: null }, context);
}

async function mkfs(file: string, fs: NewFileSystem, context: Context): Promise<void> {
  const [command, ...args] = mkfsCommand(fs, file);
  await run(command as string, args, { signal: context.signal, doing: `make ${fs.type}` });
}

/** An open archive, and what it is called. */
interface Archive {
  readonly name: string;
  readonly file: FileHandle;
}

/**
 * Attributes come in a second pass: fakeroot loses the type of a file whose attributes it is told of first. tar makes a
 * link that leads out of the tree only at its end, so that nothing in the archive goes through it; at the second pass
 * all the links of the first one are there. So the first one has such links lead nowhere.
 */
const UNPACK = `unpack() { tar --extract --file /dev/fd/3 --directory "$dir" --numeric-owner --same-owner -p "$@"; }
dir=$1
unpack --no-xattrs --transform='flags=sRH;s|^/.*|-|' \\
  --transform='flags=sRH;s|^\\(.*/\\)\\{0,1\\}\\.\\.\\(/.*\\)\\{0,1\\}$|-|'
unpack --xattrs --xattrs-include='*' --overwrite
`;

/**
 * Unpacks and makes the file system within one fakeroot, where an ordinary user's files have the owners, devices and
 * attributes of the archive. fakeroot's daemon ends with the process namespace around both.
 */
async function makeExtFromTar(
  file: string,
  fs: Omit<NewFileSystem, "content">,
  tar: Archive,
  target: string,
  context: Context,
): Promise<void> {
  await using folder = partialBeside(target, "tree");
  const tree = await makeTree(folder);
  findTool("fakeroot");
  const command = mkfsCommand({ ...fs, content: tree }, file);
  const [mkfsTool, ...mkfsArgs] = command;
  const quoted = [findTool(mkfsTool as string), ...mkfsArgs].map(shellQuote).join(" ");
  const inner = ["fakeroot", "--", "sh", "-e", "-c", `${UNPACK}${quoted}`, "sh", tree];
  const [wrapper, ...args] = [...(await namespaced(context)), ...inner];
  try {
    await run(wrapper as string, args, {
      signal: context.signal,
      files: [tar.file.fd],
      doing: `fill ${fs.type} from "${tar.name}"`,
      // In a namespace of one user a real chown fails in a way that fakeroot does not expect.
      env: { FAKEROOTDONTTRYCHOWN: "1" },
    });
  } finally {
    await makeRemovable(folder);
  }
}

/** The archive says what its root may be to others: the folder around it is ours alone. */
async function makeTree({ path }: Partial): Promise<string> {
  const tree = join(path, "tree");
  await mkdir(path, { mode: 0o700 });
  await mkdir(tree);
  return tree;
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

async function fillVfat(file: string, tar: Archive, target: string, context: Context): Promise<void> {
  await using folder = partialBeside(target, "tree");
  const tree = await makeTree(folder);
  const args = ["--extract", "--file", "/dev/fd/3", "--directory", tree, "--no-same-owner"];
  await run("tar", args, { signal: context.signal, files: [tar.file.fd], doing: `unpack "${tar.name}"` });
  await copyIntoVfat(file, tree, context);
}

async function copyIntoVfat(file: string, folder: string, context: Context): Promise<void> {
  const files = await plainFiles(folder);
  const names = (await readdir(folder)).map((name) => join(folder, name));
  if (names.length === 0) return;
  const options = { signal: context.signal, doing: `copy "${folder}" into vfat`, env: { MTOOLS_SKIP_CHECK: "1" } };
  await run("mcopy", ["-s", "-p", "-m", "-Q", "-i", file, ...names, "::/"], options);
  await using source = await openFileSource(file);
  await proveVfat(source, files, context.signal);
}

/** The files in a folder with nothing else in it: mcopy would follow a link, on the host. Throws `E_LAYOUT_CONTENT`. */
async function plainFiles(folder: string): Promise<readonly string[]> {
  const files: string[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile()) files.push(path);
    if (entry.isFile() || entry.isDirectory()) continue;
    throw new GuestkitError("E_LAYOUT_CONTENT", `Cannot copy "${path}" into vfat: it is no file and no directory`, {
      at: { file: path },
      help: "FAT holds neither links nor devices: leave it out, or use ext4.",
    });
  }
  return files;
}
