import { lstat, readdir, readFile, readlink } from "node:fs/promises";
import { basename, join } from "node:path";
import { readElfSections } from "../guest/elf.ts";
import { GuestkitError } from "../kit/errors.ts";
import { memorySource } from "../source/memory.ts";
import type { GuestTree } from "./tree.ts";
import { findInRoot } from "./unpacked.ts";

const LOADER = "ld-linux-x86-64.so.2";
/** Where libraries lie in packages: in one folder an architecture (Debian), or in one of all. */
const LIBRARY_FOLDERS = ["lib/x86_64-linux-gnu", "usr/lib/x86_64-linux-gnu", "lib64", "usr/lib64", "lib", "usr/lib"];
const PROGRAM_FOLDERS = ["usr/sbin", "usr/bin", "sbin", "bin"];

/** `DT_NEEDED` of a program's dynamic section (gabi, "Dynamic Section"). */
const NEEDED = 1n;

/** Puts programs into the tree, and whatever libraries they and `libraries` (named as they are loaded) need. */
export async function addPrograms(
  tree: GuestTree,
  packages: string,
  programs: readonly string[],
  libraries: readonly string[] = [],
): Promise<void> {
  const needed = new Set<string>(libraries);
  for (const name of programs) {
    const path = await findInRoot(packages, PROGRAM_FOLDERS, name);
    if (path === null) throw lacking(`program ${name}`);
    for (const each of await add(tree, path, `usr/sbin/${name}`)) needed.add(each);
  }
  await addLinks(tree, packages, new Set(programs));
  await addLibraries(tree, packages, needed);
}

/** The programs' other names: vgcreate for lvm, mkfs.vfat for mkfs.fat. */
async function addLinks(tree: GuestTree, packages: string, programs: ReadonlySet<string>): Promise<void> {
  for (const folder of PROGRAM_FOLDERS) {
    for (const entry of await readdir(join(packages, folder), { withFileTypes: true }).catch(() => [])) {
      if (!entry.isSymbolicLink() || tree.has(`usr/sbin/${entry.name}`)) continue;
      const program = basename(await readlink(join(packages, folder, entry.name)));
      if (programs.has(program)) tree.link(`usr/sbin/${entry.name}`, program);
    }
  }
}

/** Puts a file of the packages into the tree, or a folder with all that is in it. */
export async function addData(tree: GuestTree, packages: string, path: string): Promise<void> {
  const from = join(packages, path);
  const found = await lstat(from);
  if (found.isSymbolicLink()) tree.link(path, await readlink(from));
  else if (found.isFile()) tree.file(path, () => readFile(from));
  else for (const name of await readdir(from)) await addData(tree, packages, join(path, name));
}

/** A set that grows while it is walked: what libraries need comes behind them. */
async function addLibraries(tree: GuestTree, packages: string, needed: Set<string>): Promise<void> {
  for (const name of needed) {
    const path = await findInRoot(packages, LIBRARY_FOLDERS, name);
    if (path === null) throw lacking(`library ${name}`);
    for (const each of await add(
      tree,
      path,
      name === LOADER ? `usr/lib64/${name}` : `usr/lib/x86_64-linux-gnu/${name}`,
    )) {
      needed.add(each);
    }
  }
  const loader = await findInRoot(packages, LIBRARY_FOLDERS, LOADER);
  if (loader !== null) await add(tree, loader, `usr/lib64/${LOADER}`);
}

/** Gives the names of the libraries that it needs. */
async function add(tree: GuestTree, from: string, to: string): Promise<readonly string[]> {
  tree.file(to, () => readFile(from), true);
  return neededLibraries(await readFile(from));
}

/** Libraries that a program of 64 bits, least byte first, asks for by name; none of a script and of a static one. */
export async function neededLibraries(program: Uint8Array): Promise<readonly string[]> {
  const sections = await readElfSections(memorySource(program), [".dynamic", ".dynstr"]);
  const [dynamic, texts] = [sections?.get(".dynamic"), sections?.get(".dynstr")];
  if (!dynamic || !texts) return [];
  const view = new DataView(dynamic.buffer, dynamic.byteOffset, dynamic.length - (dynamic.length % 16));
  const names: string[] = [];
  for (let at = 0; at < view.byteLength; at += 16) {
    if (view.getBigUint64(at, true) === NEEDED) names.push(textAt(texts, Number(view.getBigUint64(at + 8, true))));
  }
  return names.filter(Boolean);
}

function textAt(texts: Uint8Array, at: number): string {
  const end = texts.indexOf(0, at);
  return new TextDecoder().decode(texts.subarray(at, end < 0 ? at : end));
}

const lacking = (what: string): GuestkitError =>
  new GuestkitError("E_APPLIANCE_PARTS", `Cannot build the appliance: no package of it brings the ${what}`, {
    help: "The distribution's packages are other ones than are known here: report it with the distribution's name and version.",
  });
