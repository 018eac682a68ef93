import { symlink } from "node:fs/promises";
import { join } from "node:path";
import { KERNEL, unpackKernelPackage, unpackPackages } from "../guest-parts/packages.ts";
import { copyBusybox, copyInto, copyPrograms } from "../guest-parts/programs.ts";

/** Programs of the guest, from the Debian archive that the host's apt uses, and the packages of their libraries. */
const PROGRAMS = ["busybox-static", "dropbear-bin", "openssh-sftp-server", "qemu-guest-agent", "sshfs"];
const LIBRARIES = [
  "libc6",
  "libcrypt1",
  "libfuse3-3",
  "libglib2.0-0",
  "libgmp10",
  "libnuma1",
  "libpcre2-8-0",
  "libtomcrypt1",
  "libtommath1",
  "libudev1",
  "liburing2",
  "zlib1g",
];
/** What makes the disks bootable; none of it goes into the guest itself. */
const BOOT_LOADERS = ["syslinux", "syslinux-common", "systemd-boot-efi"];
/** All that the guest is made of, for the fixture's recipe. */
export const PACKAGES = [...PROGRAMS, ...LIBRARIES, ...BOOT_LOADERS, KERNEL];

const DYNAMIC_PROGRAMS = [
  "usr/sbin/qemu-ga",
  "usr/sbin/dropbear",
  "usr/bin/dropbearkey",
  "usr/bin/dropbearconvert",
  "usr/lib/openssh/sftp-server",
  "usr/bin/sshfs",
];
const AGENT_RULE = "lib/udev/rules.d/60-qemu-guest-agent.rules";

/** Where what was unpacked lies. */
export interface Unpacked {
  /** The packages but the kernel, in one tree. */
  readonly programs: string;
  /** The kernel package's own tree: `boot/` and `lib/modules/`. */
  readonly kernel: string;
  /** `uname -r` of the kernel. */
  readonly release: string;
}

/** Downloads the packages and unpacks them below `dir`; nothing is installed on the host. */
export async function unpackGuest(dir: string): Promise<Unpacked> {
  const unpacked = { programs: join(dir, "programs"), kernel: join(dir, "kernel") };
  await unpackPackages([...PROGRAMS, ...LIBRARIES, ...BOOT_LOADERS], unpacked.programs);
  return { ...unpacked, release: await unpackKernelPackage(unpacked.kernel) };
}

/** Puts the programs, the libraries that they need and busybox's names into the guest's root. */
export async function copyGuestPrograms(from: string, root: string): Promise<void> {
  await copyBusybox(from, root);
  // Where cloud-init's network renderers are looked for.
  await symlink("../bin/busybox", join(root, "usr/sbin/ifup"));
  await copyPrograms(from, root, DYNAMIC_PROGRAMS);
  // Where Debian's dropbear looks for it.
  await symlink("openssh/sftp-server", join(root, "usr/lib/sftp-server"));
  await copyInto(root, from, AGENT_RULE);
}
