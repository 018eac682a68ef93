/** Disks whose system stands where guestkit reads and does not write, as RHEL and Fedora lay them out: /boot alone is ext4. */
import { mkdir, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { lock } from "./locked-volumes.ts";
import { withMount } from "./mounted.ts";
import { makePhysicalVolume } from "./physical-volume.ts";
import { changeRaw } from "./tamper.ts";
import { run } from "./tool.ts";

const MIB = 2 ** 20;
const BOOT = { start: MIB, size: 16 * MIB };
const BOOT_LABEL = "boot";
/** Of the physical volume: its label and texts. */
const PV_HEAD = MIB;
const EXTENT = 4 * MIB;

/** Where the file system of the system's root lies on its disk, and the root in it. Bytes. */
export interface RootPlace {
  readonly start: number;
  readonly size: number;
  readonly root: string;
}

/** What differs between the layouts. */
interface Layout extends RootPlace {
  /** Type of the partition. */
  readonly partition: string;
  readonly make: (file: string) => Promise<unknown>;
  /** Run in the mounted top before the root is filled. */
  readonly prepare: string;
  /** What stands before the file system in its partition. */
  readonly head: Uint8Array;
  readonly fstab: string;
}

const START = BOOT.start + BOOT.size;
const XFS_SIZE = 16 * MIB;
const BTRFS_SIZE = 128 * MIB;
const LVM = "E6D6D379-F507-44C2-A23C-238F2A3DF928";
const LINUX = "0FC63DAF-8483-4772-8E79-3D69D8477DE4";

export const FOREIGN_ROOTS = {
  "xfs in LVM": {
    ...{ start: START + PV_HEAD, size: XFS_SIZE, root: "." },
    partition: LVM,
    make: (file) => run("mkfs.xfs", ["--unsupported", "-q", "-d", "agcount=1", file]),
    prepare: "true",
    head: physicalVolume(),
    fstab: "/dev/mapper/vg0-root / xfs defaults 0 0",
  },
  "a subvolume": {
    ...{ start: START, size: BTRFS_SIZE, root: "root" },
    partition: LINUX,
    make: (file) => run("mkfs.btrfs", ["-q", "-L", "top", file]),
    prepare: "btrfs -q subvolume create root; btrfs -q subvolume create home",
    head: new Uint8Array(0),
    fstab: "LABEL=top / btrfs subvol=root 0 0\nLABEL=top /home btrfs subvol=home 0 0",
  },
} as const satisfies Record<string, Layout>;
export type ForeignRoot = keyof typeof FOREIGN_ROOTS;

function physicalVolume(): Uint8Array {
  const id = "gkRoot-0000-0000-0000-0000-0000-000000";
  const text = `vg0 { id = "gkVg00-0000-0000-0000-0000-0000-000000" seqno = 1 format = "lvm2"
    status = ["RESIZEABLE", "READ", "WRITE"] flags = [] extent_size = ${EXTENT / 512} max_lv = 0 max_pv = 0
    physical_volumes { pv0 { id = "${id}" status = ["ALLOCATABLE"] pe_start = ${PV_HEAD / 512} pe_count = ${XFS_SIZE / EXTENT} } }
    logical_volumes { root { id = "gkLv00-0000-0000-0000-0000-0000-000000" status = ["READ", "WRITE", "VISIBLE"]
      segment_count = 1 segment1 { start_extent = 0 extent_count = ${XFS_SIZE / EXTENT} type = "striped" stripe_count = 1
      stripes = ["pv0", 0] } } } }
    contents = "Text Format Volume Group"\nversion = 1\n`;
  const whole = makePhysicalVolume({ id, size: PV_HEAD + XFS_SIZE, areaSize: PV_HEAD - 4096, areas: [{ text }] });
  return whole.subarray(0, PV_HEAD);
}

/**
 * Makes a raw disk of the layout, its root filled by a script that is run in it. With a key file, all but /boot lies in
 * LUKS 2: places on the disk are not what they are without.
 */
export async function makeForeignRoot(
  kind: ForeignRoot,
  disk: string,
  script: string,
  keyFile: string | null = null,
): Promise<void> {
  const layout: Layout = FOREIGN_ROOTS[kind];
  const content = `${disk}.content`;
  await writeFile(content, layout.head);
  await makeRoot(layout, `${disk}.root`, script);
  await copyAt(`${disk}.root`, content, layout.start - START);
  if (keyFile) await lock(content, keyFile);
  const { size } = await stat(content);
  await makeDisk(disk, size, layout.partition);
  await copyAt(content, disk, START);
  for (const file of [content, `${disk}.root`]) await rm(file);
}

async function makeRoot(layout: Layout, file: string, script: string): Promise<void> {
  await run("truncate", ["-s", String(layout.size), file]);
  await layout.make(file);
  await withMount(file, "rw", async (top) => {
    await run("sh", ["-euc", `cd "$1"; ${layout.prepare}`, "sh", top]);
    const root = join(top, layout.root);
    for (const folder of ["etc", "boot", "home"]) await mkdir(join(root, folder), { recursive: true });
    await writeFile(join(root, "etc/fstab"), `${layout.fstab}\nLABEL=${BOOT_LABEL} /boot ext4 defaults 0 0\n`);
    await run("sh", ["-euc", `cd "$1"; ${script}`, "sh", root]);
  });
}

/** A table, /boot, and room for the rest. */
async function makeDisk(disk: string, size: number, type: string): Promise<void> {
  await run("truncate", ["-s", String(START + size + MIB), disk]);
  const line = (start: number, bytes: number, kind: string) =>
    `start=${start / 512}, size=${bytes / 512}, type=${kind}`;
  const table = ["label: gpt", line(BOOT.start, BOOT.size, LINUX), line(START, size, type)].join("\n");
  await run("sh", ["-c", 'printf "%s\n" "$1" | sfdisk --quiet --no-reread "$2"', "sh", table, disk]);
  const options = ["-q", "-F", "-t", "ext4", "-L", BOOT_LABEL, "-E", `offset=${BOOT.start}`];
  await run("mke2fs", [...options, disk, `${BOOT.size / 1024}k`]);
  await run("debugfs", ["-w", "-R", "mkdir grub", `${disk}?offset=${BOOT.start}`]);
}

/** A system for a root's script: distribution, packages, greeting. */
export const SMALL_SYSTEM = `
  mkdir -p usr/bin var/lib/dpkg; echo x > usr/bin/x; echo ID=test > etc/os-release; echo "as made" > etc/motd
  printf 'Package: %s\\nStatus: install ok installed\\nVersion: 1\\nArchitecture: amd64\\n\\n' one two > var/lib/dpkg/status`;

/** Changes the root behind guestkit's back, by the kernel: a script is run in it. The image keeps its name and format. */
export async function changeForeignRoot(kind: ForeignRoot, image: string, script: string): Promise<void> {
  const { start, size, root } = FOREIGN_ROOTS[kind];
  await changeRaw(image, async (raw, folder) => {
    const cut = join(folder, "cut");
    await run("dd", [`if=${raw}`, `of=${cut}`, "bs=1M", `skip=${start / MIB}`, `count=${size / MIB}`, "status=none"]);
    await withMount(cut, "rw", (top) => run("sh", ["-euc", `cd "$1"; ${script}`, "sh", join(top, root)]));
    await copyAt(cut, raw, start);
  });
}

/** The same of /boot, by commands of debugfs. */
export async function changeBoot(image: string, commands: readonly string[]): Promise<void> {
  await changeRaw(image, async (raw) => {
    for (const each of commands) await run("debugfs", ["-w", "-R", each, `${raw}?offset=${BOOT.start}`]);
  });
}

async function copyAt(from: string, disk: string, offset: number): Promise<void> {
  await run("dd", [`if=${from}`, `of=${disk}`, "bs=1M", `seek=${offset / MIB}`, "conv=notrunc", "status=none"]);
}
