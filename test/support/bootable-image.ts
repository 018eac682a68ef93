import { chmod, mkdir, mkdtemp, open, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { MIB, placePartitions, tableBytes, type WantedPartition } from "../../core/build/table.ts";
import { withMount } from "./mounted.ts";
import { run } from "./tool.ts";

/** A file's text or bytes, with permissions where they matter, or a link's target; null leaves the file of the sound image out. */
export type File =
  | string
  | Uint8Array
  | { readonly text: string; readonly mode: number }
  | { readonly link: string }
  | null;
export type Files = Readonly<Record<string, File>>;

/** A disk that has all that a boot is judged by, and boots nothing. What is given departs from the sound one. */
export interface ImageRecipe {
  readonly files?: Files;
  /** Of the EFI system partition; null for no such partition. */
  readonly esp?: Files | null;
  /** Boot code that leads to GRUB's second part, to an empty partition, or none. */
  readonly bios?: "grub" | "empty" | "none";
  /** Type of the root's content as a disk shows it: another one is written over an ext4. */
  readonly root?: "ext4" | "xfs" | "luks" | "blank";
  /** Bytes of the disk, if it is to be cut. */
  readonly cutTo?: number;
}

export const ROOT_UUID = "5ca1ab1e-0000-4000-8000-000000000001";
export const OTHER_UUID = "0ddba11e-0000-4000-8000-000000000002";
export const KERNEL = "6.1.0-1-test";
const MODULES = `/lib/modules/${KERNEL}`;

/** Drivers of the sound kernel: `loadable` are files, the first ones of them in the initial RAM disk. */
export const LOADABLE = [
  "virtio_pci",
  "virtio_blk",
  "virtio_scsi",
  "sd_mod",
  "ahci",
  "virtio_net",
  "9p",
  "9pnet_virtio",
  "virtiofs",
];

export const ADMIN_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJustForTests0000000000000000000000000000";
const HOST_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHostKeyForTests0000000000000000000000000";
const WANTED = "/etc/systemd/system";

/** A Debian as far as anything looks. */
export const SOUND: Files = {
  "/etc/os-release": 'ID=debian\nVERSION_ID="12"\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n',
  "/etc/machine-id": "",
  "/etc/passwd": "root:x:0:0:root:/root:/bin/bash\nadmin:x:1000:1000::/home/admin:/bin/bash\n",
  "/etc/group": "root:x:0:\nadmin:x:1000:\n",
  "/etc/shadow": "root:*:19000:0:99999:7:::\nadmin:!:19000:0:99999:7:::\n",
  "/etc/fstab": `UUID=${ROOT_UUID} / ext4 defaults 0 1\nLABEL=gone /srv ext4 nofail 0 0\n`,
  "/bin/sh": elf(62),
  "/bin/bash": elf(62),
  "/usr/lib/systemd/systemd": elf(62),
  "/usr/lib/systemd/systemd-networkd": elf(62),
  "/usr/sbin/sshd": elf(62),
  [`${WANTED}/multi-user.target.wants/ssh.service`]: { link: "/lib/systemd/system/ssh.service" },
  "/lib/systemd/system/ssh.service": "[Service]\nExecStart=/usr/sbin/sshd -D\n",
  "/etc/ssh/sshd_config": "Include /etc/ssh/sshd_config.d/*.conf\nPermitRootLogin prohibit-password\nUsePAM yes\n",
  "/etc/ssh/ssh_host_ed25519_key": "secret\n",
  "/etc/ssh/ssh_host_ed25519_key.pub": `${HOST_KEY} root@test\n`,
  "/home/admin/.ssh/authorized_keys": `${ADMIN_KEY} admin@test\n`,
  "/usr/bin/cloud-init": "#!/bin/sh\n",
  "/usr/bin/growpart": "#!/bin/sh\n",
  "/usr/bin/sudo": elf(62),
  [`${WANTED}/cloud-init.target.wants/cloud-init.service`]: { link: "/lib/systemd/system/cloud-init.service" },
  "/etc/cloud/cloud.cfg": "disable_root: true\nsystem_info:\n  default_user:\n    name: debian\n",
  "/usr/sbin/qemu-ga": elf(62),
  "/lib/udev/rules.d/60-qemu-guest-agent.rules": 'SUBSYSTEM=="virtio-ports"\n',
  "/var/lib/dpkg/status": ["openssh-server", "cloud-init", "qemu-guest-agent"].map(stanza).join("\n"),
  [`/boot/vmlinuz-${KERNEL}`]: "kernel",
  [`/boot/initrd.img-${KERNEL}`]: gzipSync(initramfs(LOADABLE.slice(0, 5))),
  "/boot/grub/grub.cfg": menu(`root=UUID=${ROOT_UUID} ro console=tty0 console=ttyS0,115200`),
  [`${MODULES}/modules.dep`]: LOADABLE.map((name) => `kernel/drivers/${name}.ko.xz:`).join("\n"),
  [`${MODULES}/modules.builtin`]: "kernel/drivers/nvme/host/nvme.ko\n",
};

export const SOUND_ESP: Files = { "/EFI/BOOT/BOOTX64.EFI": pe({ signed: true }) };

/** Writes a raw image. */
export async function makeImage(path: string, recipe: ImageRecipe = {}): Promise<string> {
  const esp = recipe.esp === null ? null : { ...SOUND_ESP, ...recipe.esp };
  const wanted: WantedPartition[] = [
    { name: "bios", type: "bios_boot", size: MIB },
    ...(esp ? [{ name: "esp", type: "esp", size: 4 * MIB } as const] : []),
    { name: "root", type: "root", size: recipe.root === "xfs" ? XFS_SIZE : 12 * MIB },
  ];
  const diskSize = recipe.root === "xfs" ? XFS_SIZE + 8 * MIB : 20 * MIB;
  const partitions = placePartitions("gpt", diskSize, wanted);
  await writeFile(path, "");
  await truncate(path, diskSize);
  const place = (name: string) => partitions.find((each) => each.name === name)?.start ?? 0;
  if (recipe.root === undefined || recipe.root === "ext4")
    await makeRoot(path, place("root"), { ...SOUND, ...recipe.files });
  if (recipe.root === "xfs") await makeXfsRoot(path, place("root"), { ...SOUND, ...recipe.files });
  if (esp) await makeEsp(path, place("esp"), esp);
  await using file = await open(path, "r+");
  for (const { offset, bytes } of tableBytes({ scheme: "gpt", diskSize, partitions }))
    await file.write(bytes, 0, bytes.length, offset);
  if (recipe.root === "luks") await file.write(LUKS, 0, LUKS.length, place("root"));
  await writeBootCode(file, recipe.bios ?? "grub", place("bios"));
  if (recipe.cutTo !== undefined) await file.truncate(recipe.cutTo);
  return path;
}

const LUKS = Buffer.concat([Buffer.from("LUKS\xba\xbe\0\x02", "latin1"), Buffer.alloc(4088)]);

async function makeRoot(path: string, offset: number, files: Files): Promise<void> {
  const tree = await mkdtemp(`${path}.tree-`);
  await layOut(tree, files);
  await run("mke2fs", [
    "-q",
    "-F",
    "-t",
    "ext4",
    "-U",
    ROOT_UUID,
    "-L",
    "root",
    "-E",
    `offset=${offset}`,
    "-d",
    tree,
    path,
    "12288k",
  ]);
  await rm(tree, { recursive: true });
}

/** The least that mkfs.xfs makes. */
const XFS_SIZE = 16 * MIB;

/** Filled by the kernel: mkfs.xfs takes no folder. */
async function makeXfsRoot(path: string, offset: number, files: Files): Promise<void> {
  const alone = `${path}.xfs`;
  await writeFile(alone, "");
  await truncate(alone, XFS_SIZE);
  await run("mkfs.xfs", ["--unsupported", "-q", "-L", "root", "-m", `uuid=${ROOT_UUID}`, "-d", "agcount=1", alone]);
  await withMount(alone, "rw", (mount) => layOut(mount, files));
  await run("dd", [`if=${alone}`, `of=${path}`, `seek=${offset / MIB}`, "bs=1M", "conv=notrunc", "status=none"]);
  await rm(alone);
}

async function layOut(tree: string, files: Files): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    if (content === null) continue;
    await mkdir(dirname(join(tree, path)), { recursive: true });
    if (typeof content === "object" && "link" in content) await symlink(content.link, join(tree, path));
    else if (typeof content === "object" && "mode" in content) {
      await writeFile(join(tree, path), content.text);
      await chmod(join(tree, path), content.mode);
    } else await writeFile(join(tree, path), content);
  }
}

async function makeEsp(path: string, offset: number, files: Files): Promise<void> {
  await run("mkfs.vfat", ["-n", "ESP", "-i", "12345678", "--offset", String(offset / 512), path, "4096"]);
  const tree = await mkdtemp(`${path}.esp-`);
  await layOut(tree, files);
  await run("sh", ["-c", 'mcopy -s -i "$1" "$2"/* ::/', "sh", `${path}@@${offset}`, tree], {
    MTOOLS_SKIP_CHECK: "1",
  }).catch((error: unknown) => {
    if (Object.values(files).some((each) => each !== null)) throw error;
  });
  await rm(tree, { recursive: true });
}

/** As grub-install does it: the sector of the second part stands at 0x5c. */
async function writeBootCode(
  file: Awaited<ReturnType<typeof open>>,
  kind: "grub" | "empty" | "none",
  core: number,
): Promise<void> {
  if (kind === "none") return;
  const code = Buffer.alloc(440);
  code.write("\xeb\x63\x90", 0, "latin1");
  code.writeUInt32LE(core / 512, 0x5c);
  code.write("GRUB \0Geom\0Hard Disk\0Read\0 Error", 0x180, "latin1");
  await file.write(code, 0, code.length, 0);
  if (kind === "grub") await file.write(Buffer.alloc(512, 0x52), 0, 512, core);
}

function stanza(name: string): string {
  return `Package: ${name}\nStatus: install ok installed\nVersion: 1-1\nArchitecture: amd64\n`;
}

export function menu(line: string): string {
  return `menuentry 'Debian' {\n\tlinux\t/boot/vmlinuz-${KERNEL} ${line}\n\tinitrd\t/boot/initrd.img-${KERNEL}\n}\n`;
}

/** The head of an ELF program for a machine of its specification. */
export function elf(machine: number): Uint8Array {
  const head = Buffer.alloc(64);
  head.write("\x7fELF\x02\x01\x01", 0, "latin1");
  head.writeUInt16LE(machine, 18);
  return head;
}

/** An EFI program with sections; signed ones have a certificate table. */
export function pe({ machine = 0x8664, signed = false, sections = {} }: PeRecipe): Uint8Array {
  const names = Object.keys(sections);
  const head = Buffer.alloc(4096);
  head.write("MZ", 0);
  head.writeUInt32LE(0x80, 0x3c);
  head.write("PE\0\0", 0x80, "latin1");
  head.writeUInt16LE(machine, 0x84);
  head.writeUInt16LE(names.length, 0x86);
  head.writeUInt16LE(240, 0x94);
  head.writeUInt16LE(0x20b, 0x98);
  if (signed) head.writeUInt32LE(8, 0x98 + 112 + 4 * 8 + 4);
  const parts: Buffer[] = [head];
  let offset = head.length;
  for (const [index, name] of names.entries()) {
    const bytes = Buffer.from(sections[name] ?? "");
    const at = 0x98 + 240 + index * 40;
    head.write(name, at, "latin1");
    for (const [place, value] of [
      [8, bytes.length],
      [12, offset],
      [16, bytes.length],
      [20, offset],
    ] as const)
      head.writeUInt32LE(value, at + place);
    parts.push(bytes);
    offset += bytes.length;
  }
  return Buffer.concat(parts);
}

interface PeRecipe {
  readonly machine?: number;
  readonly signed?: boolean;
  readonly sections?: Readonly<Record<string, string | Uint8Array>>;
}

/** A cpio archive of empty modules. */
export function initramfs(modules: readonly string[]): Uint8Array {
  const names = modules.map((name) => `usr/lib/modules/${KERNEL}/kernel/drivers/${name}.ko.xz`);
  return Buffer.concat([...names, "TRAILER!!!"].map(entry));
}

function entry(name: string): Buffer {
  const data = Buffer.from(name === "TRAILER!!!" ? "" : "module");
  const fields = [1, 0o100644, 0, 0, 1, 0, data.length, 0, 0, 0, 0, name.length + 1, 0];
  const head = Buffer.from(`070701${fields.map((each) => each.toString(16).padStart(8, "0")).join("")}${name}\0`);
  return Buffer.concat([padded(head), padded(data)]);
}

function padded(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);
}
