import { chmod, copyFile, cp, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { packCpio } from "../guest-parts/cpio.ts";
import { copyModules, unpackKernel } from "../guest-parts/kernel.ts";
import { copyBusybox, makeFolders, makeRunnable } from "../guest-parts/programs.ts";
import { run } from "../tool.ts";
import { type DiskParts, makeBiosDisk, makeUefiDisk, ROOT_UUID } from "./disk.ts";
import { BOOT_MODULES, MODULES } from "./modules.ts";
import { copyGuestPrograms, type Unpacked, unpackGuest } from "./packages.ts";

const FOLDERS = ["dev", "proc", "sys", "run", "tmp", "mnt", "root/.ssh", "home", "var/log", "var/lib"];
const GUEST_FILES = join(import.meta.dirname, "guest");

/** Makes every file of the guest in `target`; `cmdline` is what its own disks boot with, beside their root. */
export async function buildMicroGuest(target: string, cmdline: string): Promise<void> {
  const work = await mkdtemp(join(tmpdir(), "guestkit-micro-"));
  try {
    const unpacked = await unpackGuest(work);
    await writeFile(join(target, "release"), `${unpacked.release}\n`);
    await makeKey(join(target, "ssh_key"));
    await copyFile(join(unpacked.kernel, "boot", `vmlinuz-${unpacked.release}`), join(target, "vmlinuz"));
    await unpackKernel(join(target, "vmlinuz"), join(target, "vmlinux"));
    const root = join(work, "root");
    await makeRoot(root, unpacked, join(target, "ssh_key.pub"));
    await writeFile(join(target, "initrd.cpio"), await packCpio(root));
    const parts: DiskParts = {
      root,
      programs: unpacked.programs,
      bzImage: join(target, "vmlinuz"),
      initrd: await makeBootInitrd(unpacked, work),
      release: unpacked.release,
      cmdline: `root=UUID=${ROOT_UUID} ${cmdline}`,
    };
    await makeUefiDisk(parts, join(target, "uefi.qcow2"), work);
    await makeBiosDisk(parts, join(target, "bios.qcow2"), work);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function makeKey(path: string): Promise<void> {
  await run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "micro-guest", "-f", path]);
}

/** The guest's root. */
async function makeRoot(root: string, unpacked: Unpacked, key: string): Promise<void> {
  await makeFolders(root, FOLDERS);
  await symlink("../run", join(root, "var/run"));
  await copyGuestPrograms(unpacked.programs, root);
  await copyGuestFiles(root);
  for (const name of ["poweroff", "reboot", "halt"]) await symlink("shutdown", join(root, "usr/sbin", name));
  await copyModules(unpacked.kernel, unpacked.release, MODULES, root);
  await copyFile(key, join(root, "root/.ssh/authorized_keys"));
  await chmod(join(root, "root"), 0o700);
  await chmod(join(root, "root/.ssh"), 0o700);
}

/** The initramfs of the disks: busybox, the drivers of disks, and what finds the root. */
async function makeBootInitrd({ programs, kernel, release }: Unpacked, work: string): Promise<string> {
  const root = join(work, "boot-initrd");
  await makeFolders(root, ["dev", "proc", "sys", "run", "usr/lib/micro", "etc/modprobe.d"]);
  await copyBusybox(programs, root);
  for (const file of ["init", "usr/lib/micro/kernel-line", "usr/lib/micro/load-drivers", "etc/modprobe.d/micro.conf"]) {
    await cp(join(GUEST_FILES, file), join(root, file));
  }
  await copyModules(kernel, release, BOOT_MODULES, root);
  await makeRunnable(root);
  await writeFile(`${root}.cpio`, await packCpio(root));
  return `${root}.cpio`;
}

/** The files of `guest/` lie there as in the guest. */
async function copyGuestFiles(root: string): Promise<void> {
  await cp(GUEST_FILES, root, { recursive: true });
  await makeRunnable(root);
  await chmod(join(root, "etc/shadow"), 0o600);
  // For its su, by which our sudo becomes root; its other programs drop the right at once.
  await chmod(join(root, "usr/bin/busybox"), 0o4755);
}
