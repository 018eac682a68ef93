import { chmod, copyFile, cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../tool.ts";
import { packCpio } from "./cpio.ts";
import { copyModules, MODULES, unpackKernel } from "./kernel.ts";
import { copyPrograms, type Unpacked, unpackPackages } from "./packages.ts";

const FOLDERS = [
  "dev",
  "proc",
  "sys",
  "run",
  "tmp",
  "mnt",
  "root/.ssh",
  "home",
  "var/log",
  "var/lib",
  "usr/sbin",
  "usr/bin",
];

/** Makes every file of the guest in `target`. */
export async function buildMicroGuest(target: string): Promise<void> {
  const work = await mkdtemp(join(tmpdir(), "guestkit-micro-"));
  try {
    const unpacked = await unpackPackages(work);
    await writeFile(join(target, "release"), `${unpacked.release}\n`);
    await makeKey(join(target, "ssh_key"));
    await copyFile(join(unpacked.kernel, "boot", `vmlinuz-${unpacked.release}`), join(target, "vmlinuz"));
    await unpackKernel(join(target, "vmlinuz"), join(target, "vmlinux"));
    const root = join(work, "root");
    await makeRoot(root, unpacked, join(target, "ssh_key.pub"));
    await writeFile(join(target, "initrd.cpio"), await packCpio(root));
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function makeKey(path: string): Promise<void> {
  await run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "micro-guest", "-f", path]);
}

/** The guest's root, /usr-merged as Debian's. */
async function makeRoot(root: string, unpacked: Unpacked, key: string): Promise<void> {
  for (const folder of FOLDERS) await mkdir(join(root, folder), { recursive: true });
  for (const name of ["bin", "sbin", "lib", "lib64"]) await symlink(join("usr", name), join(root, name));
  await symlink("../run", join(root, "var/run"));
  await copyPrograms(unpacked.programs, root);
  await copyGuestFiles(root);
  for (const name of ["poweroff", "reboot", "halt"]) await symlink("shutdown", join(root, "usr/sbin", name));
  await copyModules(unpacked.kernel, unpacked.release, MODULES, root);
  await copyFile(key, join(root, "root/.ssh/authorized_keys"));
  await chmod(join(root, "root"), 0o700);
  await chmod(join(root, "root/.ssh"), 0o700);
}

/** The files of `guest/`, which lie there as in the guest: what begins with #! may be run. */
async function copyGuestFiles(root: string): Promise<void> {
  const from = join(import.meta.dirname, "guest");
  await cp(from, root, { recursive: true });
  for (const entry of await readdir(from, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(root, entry.parentPath.slice(from.length), entry.name);
    await chmod(path, (await readFile(path, "latin1")).startsWith("#!") ? 0o755 : 0o644);
  }
  await chmod(join(root, "etc/shadow"), 0o600);
}
