import { cp, mkdtemp, readdir, readlink, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { packCpio } from "../guest-parts/cpio.ts";
import { copyModules, unpackKernel } from "../guest-parts/kernel.ts";
import { unpackKernelPackage, unpackPackages } from "../guest-parts/packages.ts";
import { copyBusybox, copyPrograms, makeFolders, makeRunnable } from "../guest-parts/programs.ts";
import { MODULES } from "./modules.ts";
import { DATA, LATE_LIBRARIES, LINK_FOLDERS, PACKAGES, PROGRAMS, PYTHON_LIBRARY } from "./packages.ts";

const FOLDERS = ["dev", "proc", "sys", "run", "tmp", "mnt", "root", "etc", "disk", "job", "sent/files", "var/lib"];

/** Makes the kernel (`vmlinux`, an ELF file that QEMU enters at once) and `initrd.cpio` in `target`. */
export async function buildTestMachine(target: string): Promise<void> {
  const work = await mkdtemp(join(tmpdir(), "guestkit-test-machine-"));
  try {
    const [root, kernel] = [join(work, "root"), join(work, "kernel")];
    await makeRoot(root, work);
    const release = await unpackKernelPackage(kernel);
    await copyModules(kernel, release, MODULES, root);
    await writeFile(join(target, "initrd.cpio"), await packCpio(root));
    await unpackKernel(join(kernel, "boot", `vmlinuz-${release}`), join(target, "vmlinux"));
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function makeRoot(root: string, work: string): Promise<void> {
  const [packages, python] = [join(work, "packages"), join(work, "python")];
  await unpackPackages(PACKAGES, packages);
  await unpackPackages([PYTHON_LIBRARY], python);
  await makeFolders(root, FOLDERS);
  await copyPrograms(packages, root, PROGRAMS, LATE_LIBRARIES);
  await copyLinks(packages, root);
  await copyBusybox(packages, root);
  for (const path of DATA) await cp(join(packages, path), join(root, path), { recursive: true });
  await cp(join(python, "usr/lib/python3.11/json"), join(root, "usr/lib/python3.11/json"), { recursive: true });
  await symlink("python3.11", join(root, "usr/bin/python3"));
  await cp(join(import.meta.dirname, "guest"), root, { recursive: true });
  await makeRunnable(root);
}

/** The programs' other names. */
async function copyLinks(packages: string, root: string): Promise<void> {
  const programs = new Set(PROGRAMS.map((path) => basename(path)));
  for (const folder of LINK_FOLDERS) {
    for (const entry of await readdir(join(packages, folder), { withFileTypes: true })) {
      if (!entry.isSymbolicLink()) continue;
      const to = await readlink(join(packages, folder, entry.name));
      if (programs.has(to)) await symlink(to, join(root, folder, entry.name));
    }
  }
}
