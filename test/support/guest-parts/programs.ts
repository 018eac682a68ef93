/** Fills the root of a small guest with programs out of unpacked Debian packages. */
import { chmod, copyFile, mkdir, readdir, readFile, stat, symlink } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { run } from "../tool.ts";

const LIBRARY_FOLDER = "lib/x86_64-linux-gnu";
const LOADER = "lib64/ld-linux-x86-64.so.2";
/** Names of busybox that would only mislead: package managers that know nothing, and what a guest brings itself. */
const LEFT_OUT = new Set(["busybox", "dpkg", "dpkg-deb", "rpm", "rpm2cpio", "init", "poweroff", "reboot", "halt"]);

/** Makes the folders of a root that is /usr-merged as Debian's. */
export async function makeFolders(root: string, folders: readonly string[]): Promise<void> {
  for (const folder of [...folders, "usr/bin", "usr/sbin", "usr/lib", "usr/lib64"]) {
    await mkdir(join(root, folder), { recursive: true });
  }
  for (const name of ["bin", "sbin", "lib", "lib64"]) await symlink(join("usr", name), join(root, name));
}

/** busybox, which needs no library, under its names but for those that the root has already. */
export async function copyBusybox(from: string, root: string): Promise<void> {
  await copyInto(root, from, "bin/busybox");
  const taken = new Set((await Promise.all(["bin", "sbin"].map((each) => readdir(join(root, "usr", each))))).flat());
  for (const name of (await run(join(from, "bin/busybox"), ["--list"])).trim().split("\n")) {
    if (!LEFT_OUT.has(name) && !taken.has(name)) await symlink("busybox", join(root, "usr/bin", name));
  }
  for (const name of ["init", "modprobe"]) await symlink("../bin/busybox", join(root, "usr/sbin", name));
}

/** Copies programs and whatever libraries they and `libraries` (named as they are loaded) need. */
export async function copyPrograms(
  from: string,
  root: string,
  programs: readonly string[],
  libraries: readonly string[] = [],
): Promise<void> {
  for (const program of programs) await copyInto(root, from, program);
  await copyInto(root, from, LOADER);
  await copyLibraries(from, root, programs, libraries);
}

/** The libraries that the programs name, and those that these name. */
async function copyLibraries(from: string, root: string, programs: readonly string[], extra: readonly string[]) {
  const done = new Set([basename(LOADER)]);
  const names = [...extra, ...(await Promise.all(programs.map((each) => neededBy(join(from, each))))).flat()];
  for (let name = names.pop(); name !== undefined; name = names.pop()) {
    if (done.has(name)) continue;
    done.add(name);
    const library = await findLibrary(from, name);
    await copyTo(join(root, "usr", LIBRARY_FOLDER, name), library);
    names.push(...(await neededBy(library)));
  }
}

async function neededBy(file: string): Promise<readonly string[]> {
  const told = await run("readelf", ["--dynamic", file]);
  return [...told.matchAll(/\(NEEDED\).*\[(.+)\]/g)].map(([, name = ""]) => name);
}

async function findLibrary(from: string, name: string): Promise<string> {
  for (const folder of [LIBRARY_FOLDER, join("usr", LIBRARY_FOLDER)]) {
    const path = join(from, folder, name);
    if (await stat(path).catch(() => null)) return path;
  }
  throw new Error(`no package of the guest brings ${name}`);
}

/** Copies a file of the unpacked packages to its place in the root. */
export async function copyInto(root: string, from: string, path: string): Promise<void> {
  await copyTo(join(root, path), join(from, path));
}

async function copyTo(target: string, source: string): Promise<void> {
  await mkdir(dirname(target), { recursive: true });
  await copyFile(source, target);
}

/** What begins with #! or is an ELF file may be run. */
export async function makeRunnable(root: string): Promise<void> {
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const head = (await readFile(path)).subarray(0, 4).toString("latin1");
    await chmod(path, head.startsWith("#!") || (head === "\x7fELF" && !path.endsWith(".ko")) ? 0o755 : 0o644);
  }
}
