import { copyFile, mkdir, readdir, rm, stat, symlink } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { run } from "../tool.ts";

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
/** The full kernel: Debian's cloud kernel has no 9p. */
const KERNEL = "linux-image-amd64";
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
const LIBRARY_FOLDER = "lib/x86_64-linux-gnu";
const LOADER = "lib64/ld-linux-x86-64.so.2";
/** Names of busybox that would only mislead: package managers that know nothing, and what `guest/` brings itself. */
const LEFT_OUT = new Set(["busybox", "dpkg", "dpkg-deb", "rpm", "rpm2cpio", "init", "poweroff", "reboot", "halt"]);

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
export async function unpackPackages(dir: string): Promise<Unpacked> {
  const kernelPackage = await newestKernel();
  const unpacked = { programs: join(dir, "programs"), kernel: join(dir, "kernel") };
  await unpack([...PROGRAMS, ...LIBRARIES, ...BOOT_LOADERS], unpacked.programs);
  await unpack([kernelPackage], unpacked.kernel);
  return { ...unpacked, release: kernelPackage.replace("linux-image-", "") };
}

/** The package that the metapackage stands for today. */
async function newestKernel(): Promise<string> {
  const told = await run("apt-cache", ["depends", "--important", KERNEL]);
  const name = /Depends: (linux-image-\S+)/.exec(told)?.[1];
  if (name === undefined) throw new Error(`apt knows no kernel for ${KERNEL}: run apt-get update`);
  return name;
}

async function unpack(packages: readonly string[], target: string): Promise<void> {
  const debs = `${target}-debs`;
  await mkdir(debs);
  await mkdir(target);
  await run("sh", ["-c", 'cd "$1" && shift && apt-get -qq download "$@"', "sh", debs, ...packages]);
  for (const deb of await readdir(debs)) await run("dpkg-deb", ["-x", join(debs, deb), target]);
  await rm(debs, { recursive: true });
}

/** Puts the programs, the libraries that they need and busybox's names into the guest's root. */
export async function copyPrograms(from: string, root: string): Promise<void> {
  await copyBusybox(from, root);
  // Where cloud-init's network renderers are looked for.
  await symlink("../bin/busybox", join(root, "usr/sbin/ifup"));
  for (const program of DYNAMIC_PROGRAMS) await copyInto(root, join(from, program), program);
  // Where Debian's dropbear looks for it.
  await symlink("openssh/sftp-server", join(root, "usr/lib/sftp-server"));
  await copyInto(root, join(from, AGENT_RULE), join("usr", AGENT_RULE));
  await copyInto(root, join(from, LOADER), join("usr", LOADER));
  await copyLibraries(from, root);
}

/** busybox, which needs no library, under its names. */
export async function copyBusybox(from: string, root: string): Promise<void> {
  await copyInto(root, join(from, "bin/busybox"), "usr/bin/busybox");
  for (const name of (await run(join(from, "bin/busybox"), ["--list"])).trim().split("\n")) {
    if (!LEFT_OUT.has(name)) await symlink("busybox", join(root, "usr/bin", name));
  }
  for (const name of ["init", "modprobe"]) await symlink("../bin/busybox", join(root, "usr/sbin", name));
}

/** The libraries that the programs name, and those that these name. */
async function copyLibraries(from: string, root: string): Promise<void> {
  const done = new Set([basename(LOADER)]);
  const wanted = DYNAMIC_PROGRAMS.map((program) => join(from, program));
  for (let file = wanted.pop(); file !== undefined; file = wanted.pop()) {
    for (const name of await neededBy(file)) {
      if (done.has(name)) continue;
      done.add(name);
      const library = await findLibrary(from, name);
      await copyInto(root, library, join("usr", LIBRARY_FOLDER, name));
      wanted.push(library);
    }
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
  throw new Error(`no package of the micro guest brings ${name}`);
}

async function copyInto(root: string, from: string, path: string): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await copyFile(from, join(root, path));
}
