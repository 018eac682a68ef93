/**
 * A guest for tests that boots in seconds where the processor is emulated: Debian's own full kernel, busybox, the real
 * qemu-ga, dropbear with OpenSSH's sftp-server, and a small cloud-init (NoCloud). Built once, from packages of the
 * host's apt sources, into the fixture cache. What it obeys on the kernel command line is told in README.md.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fixture } from "../fixture.ts";
import { textOf } from "../guest-parts/recipe.ts";
import { holds, isSoundQcow2 } from "../proof.ts";
import { buildMicroGuest } from "./build.ts";
import { PACKAGES } from "./packages.ts";

export interface MicroGuest {
  /** The kernel as an ELF file that QEMU's -kernel enters at once (PVH). */
  readonly kernel: string;
  /** The same kernel as Debian ships it. */
  readonly bzImage: string;
  /** The whole guest, run from memory; with `root=` on the command line, a way to the root on a disk. */
  readonly initrd: string;
  /** A kernel command line for the two. */
  readonly cmdline: string;
  /** A qcow2 that UEFI boots: GPT, ESP with a unified kernel image, root on ext4. To be used through an overlay. */
  readonly image: string;
  /** The same for BIOS: MBR, SYSLINUX. */
  readonly imageBios: string;
  /** `uname -r` */
  readonly release: string;
  /** A private key (OpenSSH, ed25519, mode 0600) with which root may log in. */
  readonly sshKey: string;
  /** Its public half, one line as in authorized_keys. */
  readonly sshPublicKey: string;
}

/**
 * What is told to the kernel: its log on the first serial port, and what saves time where the processor is emulated. No
 * `panic=`: a guest that panics stands still, and the machine's own devices say so.
 */
export const MICRO_CMDLINE =
  "console=ttyS0 nokaslr mitigations=off cryptomgr.notests no_timer_check tsc=reliable audit=0 8250.nr_uarts=1 random.trust_cpu=on reboot=t";

/** The guest's files, built at the first call (under a minute). */
export async function microGuest(): Promise<MicroGuest> {
  const dir = await fixture("micro-guest", await recipe(), (target) => buildMicroGuest(target, MICRO_CMDLINE), prove);
  return {
    kernel: join(dir, "vmlinux"),
    bzImage: join(dir, "vmlinuz"),
    initrd: join(dir, "initrd.cpio"),
    cmdline: MICRO_CMDLINE,
    image: join(dir, "uefi.qcow2"),
    imageBios: join(dir, "bios.qcow2"),
    release: (await readFile(join(dir, "release"), "utf8")).trim(),
    sshKey: join(dir, "ssh_key"),
    sshPublicKey: (await readFile(join(dir, "ssh_key.pub"), "utf8")).trim(),
  };
}

async function prove(dir: string): Promise<void> {
  await holds(dir, ["vmlinux", "vmlinuz", "initrd.cpio", "release", "ssh_key", "ssh_key.pub"]);
  for (const name of ["uefi.qcow2", "bios.qcow2"]) await isSoundQcow2(join(dir, name));
}

/** Everything that the guest is made of: the text of this folder and of the parts, and the names of packages. */
async function recipe(): Promise<readonly string[]> {
  const folders = [import.meta.dirname, join(import.meta.dirname, "../guest-parts")];
  return [...PACKAGES, ...(await textOf(folders, (name) => name === "index.ts" || name.endsWith(".md")))];
}
