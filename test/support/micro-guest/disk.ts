import { copyFile, cp, mkdir, open, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { buildUki } from "../../../core/build/bootstrap/uki.ts";
import { run } from "../tool.ts";

const MIB = 2 ** 20;
/** The first file system of either disk, which firmware reads: kernel and initramfs. */
const BOOT = { start: 1 * MIB, size: 47 * MIB };
const ROOT = { start: 48 * MIB, size: 144 * MIB };
const DISK_SIZE = 193 * MIB;

/** Names that tests count on. */
export const ROOT_UUID = "6d696372-6f67-4ee5-a741-726f6f740001";
export const ROOT_LABEL = "micro-root";

export interface DiskParts {
  /** The guest's root, a folder; becomes the ext4. */
  readonly root: string;
  /** Where the packages with the boot loaders are unpacked. */
  readonly programs: string;
  readonly bzImage: string;
  /** The initramfs that finds the root. */
  readonly initrd: string;
  readonly release: string;
  readonly cmdline: string;
}

/** A qcow2 for UEFI alone: GPT, an ESP with one unified kernel image, and the root. */
export async function makeUefiDisk(parts: DiskParts, target: string, work: string): Promise<void> {
  const esp = join(work, "esp.img");
  const uki = join(work, "uki.efi");
  await writeFile(uki, await unifiedKernel(parts));
  await makeFat(esp, "ESP");
  await run("mmd", ["-i", esp, "::/EFI", "::/EFI/BOOT"]);
  await run("mcopy", ["-i", esp, uki, "::/EFI/BOOT/BOOTX64.EFI"]);
  const root = await makeRoot(parts, work, "uefi", "LABEL=ESP /boot/efi vfat umask=0077 0 1");
  await assemble({ boot: esp, root, table: TABLES.gpt, bootCode: null }, target, work);
}

/** A qcow2 for BIOS alone: MBR, a FAT with SYSLINUX, and the root. */
export async function makeBiosDisk(parts: DiskParts, target: string, work: string): Promise<void> {
  const boot = join(work, "boot.img");
  const config = join(work, "syslinux.cfg");
  await writeFile(config, syslinuxConfig(parts));
  await makeFat(boot, "BOOT");
  await run(join(parts.programs, "usr/bin/syslinux"), ["--install", boot]);
  await run("mcopy", ["-i", boot, config, "::/syslinux.cfg"]);
  await run("mcopy", ["-i", boot, parts.bzImage, "::/vmlinuz"]);
  await run("mcopy", ["-i", boot, parts.initrd, "::/initrd.img"]);
  const root = await makeRoot(parts, work, "bios", "LABEL=BOOT /boot/syslinux vfat umask=0077 0 1");
  const bootCode = join(parts.programs, "usr/lib/syslinux/mbr/mbr.bin");
  await assemble({ boot, root, table: TABLES.mbr, bootCode }, target, work);
}

async function unifiedKernel({ programs, root, bzImage, initrd, release, cmdline }: DiskParts): Promise<Uint8Array> {
  return buildUki(await readFile(join(programs, "usr/lib/systemd/boot/efi/linuxx64.efi.stub")), {
    osRelease: await readFile(join(root, "etc/os-release")),
    cmdline,
    uname: release,
    linux: await readFile(bzImage),
    initrd: await readFile(initrd),
  });
}

function syslinuxConfig({ cmdline }: DiskParts): string {
  const label = ["LABEL micro", "  KERNEL vmlinuz", "  INITRD initrd.img", `  APPEND ${cmdline}`];
  return ["SERIAL 0 115200", "DEFAULT micro", "PROMPT 0", "TIMEOUT 0", ...label, ""].join("\n");
}

async function makeFat(path: string, label: string): Promise<void> {
  await run("truncate", ["-s", String(BOOT.size), path]);
  await run("mkfs.vfat", ["-n", label, path]);
}

/** The root file system, with the files that only a disk has; root owns all of it. */
async function makeRoot(parts: DiskParts, work: string, name: string, bootEntry: string): Promise<string> {
  const tree = join(work, `${name}-root`);
  const image = `${tree}.img`;
  await cp(parts.root, tree, { recursive: true, verbatimSymlinks: true });
  await mkdir(join(tree, bootEntry.split(" ")[1] ?? ""), { recursive: true });
  await copyFile(parts.bzImage, join(tree, "boot", `vmlinuz-${parts.release}`));
  await copyFile(parts.initrd, join(tree, "boot", `initrd.img-${parts.release}`));
  await writeFile(join(tree, "etc/fstab"), `UUID=${ROOT_UUID} / ext4 errors=remount-ro 0 1\n${bootEntry}\n`);
  const make = 'chown -R 0:0 "$1" && mke2fs -q -t ext4 -U "$2" -L "$3" -d "$1" "$4" "$5"';
  const size = `${ROOT.size / 1024}k`;
  await run("fakeroot", ["sh", "-c", make, "sh", tree, ROOT_UUID, ROOT_LABEL, image, size]);
  await rm(tree, { recursive: true });
  return image;
}

/** Sectors of 512 bytes. */
const place = ({ start, size }: { start: number; size: number }) => `start=${start / 512}, size=${size / 512}`;
const TABLES = {
  gpt: [
    "label: gpt",
    `${place(BOOT)}, type=C12A7328-F81F-11D2-BA4B-00A0C93EC93B, name="EFI system"`,
    `${place(ROOT)}, type=4F68BCE3-E8CD-4DB1-96E7-FBCAF984B709, name="root"`,
  ],
  mbr: ["label: dos", `${place(BOOT)}, type=c, bootable`, `${place(ROOT)}, type=83`],
};

interface Assembly {
  readonly boot: string;
  readonly root: string;
  readonly table: readonly string[];
  /** What a BIOS runs first; null for none. */
  readonly bootCode: string | null;
}

async function assemble({ boot, root, table, bootCode }: Assembly, target: string, work: string): Promise<void> {
  const disk = join(work, "disk.raw");
  await run("truncate", ["-s", String(DISK_SIZE), disk]);
  await run("sh", ["-c", 'printf "%s\\n" "$1" | sfdisk --quiet --no-reread "$2"', "sh", table.join("\n"), disk]);
  await copyAt(boot, disk, BOOT.start);
  await copyAt(root, disk, ROOT.start);
  if (bootCode) await writeBootCode(disk, bootCode);
  await run("qemu-img", ["convert", "-O", "qcow2", disk, target]);
  for (const file of [disk, boot, root]) await rm(file);
}

async function copyAt(from: string, disk: string, offset: number): Promise<void> {
  const seek = ["bs=1M", `seek=${offset / MIB}`, "conv=notrunc,sparse", "status=none"];
  await run("dd", [`if=${from}`, `of=${disk}`, ...seek]);
}

/** The first 440 bytes; disk signature and partition table follow. */
async function writeBootCode(disk: string, path: string): Promise<void> {
  const code = await readFile(path);
  if (code.length > 440) throw new Error(`${path} has ${(await stat(path)).size} bytes, and room is for 440`);
  await using file = await open(disk, "r+");
  await file.write(code, 0, code.length, 0);
}
