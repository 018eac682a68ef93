import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fixture } from "./fixture.ts";
import { holds, isSoundQcow2 } from "./proof.ts";
import { run } from "./tool.ts";

export interface DebianImage {
  /** A qcow2: GPT with ESP (vfat), root (ext4) and /home (ext4). */
  readonly path: string;
  /** The same disk as raw bytes, sparse. */
  readonly raw: string;
  /** A tar of the whole tree that went into the file systems, as mmdebstrap made it. */
  readonly tar: string;
}

/** Identities that tests expect; everything else is Debian's. */
export const DEBIAN = {
  espUuid: "0DEB-1A12",
  rootUuid: "11111111-2222-4333-8444-555555555555",
  homeUuid: "66666666-7777-4888-9999-aaaaaaaaaaaa",
  homePartUuid: "bbbbbbbb-cccc-4ddd-8eee-ffffffffffff",
  hostname: "fixture",
  machineId: "0123456789abcdef0123456789abcdef",
  timezone: "Europe/Berlin",
} as const;

const PACKAGES = [
  "linux-image-cloud-amd64",
  "openssh-server",
  "cloud-init",
  "qemu-guest-agent",
  "netplan.io",
  "locales",
  "grub-efi-amd64-bin",
  "ca-certificates",
  "sudo",
  "vim-tiny",
  "curl",
];

/** Run in the finished tree, `$1`: what mmdebstrap leaves to a later step. */
const CUSTOMISE = `set -e
printf '%s\\n' ${DEBIAN.hostname} > "$1/etc/hostname"
printf 'LANG=C.UTF-8\\n' > "$1/etc/default/locale"
ln -sf /usr/share/zoneinfo/${DEBIAN.timezone} "$1/etc/localtime"
printf '%s\\n' ${DEBIAN.timezone} > "$1/etc/timezone"
printf '%s\\n' 'UUID=${DEBIAN.rootUuid} / ext4 errors=remount-ro 0 1' \\
  'UUID=${DEBIAN.espUuid} /boot/efi vfat umask=0077 0 1' \\
  'PARTUUID=${DEBIAN.homePartUuid} /home ext4 defaults,nodev 0 2' \\
  'tmpfs /tmp tmpfs defaults 0 0' 'LABEL=gone /srv ext4 noauto 0 0' > "$1/etc/fstab"
printf '%s\\n' 'auto lo' 'iface lo inet loopback' 'source /etc/network/interfaces.d/*' > "$1/etc/network/interfaces"
printf '%s\\n' 'iface eth0 inet dhcp' > "$1/etc/network/interfaces.d/eth0"
mkdir -p "$1/etc/netplan" "$1/boot/efi" "$1/home" "$1/boot/grub"
printf '%s\\n' 'network:' '  version: 2' '  renderer: networkd' '  ethernets:' '    ens3:' '      dhcp4: true' \\
  > "$1/etc/netplan/50-fixture.yaml"
printf '# menu\\n' > "$1/boot/grub/grub.cfg"
chroot "$1" useradd --create-home --shell /bin/bash --comment 'A User,,,' --groups sudo user
mkdir -p "$1/home/user/many"
for number in $(seq 400); do echo "$number" > "$1/home/user/many/$number"; done
rm -rf "$1"/var/lib/apt/lists/* "$1"/var/cache/apt/*.bin
`;

/** Run as root of the tree's namespace, in an empty folder: makes the three file systems from the tar on stdin. */
const POPULATE = `set -e
mkdir tree
tar -C tree --numeric-owner --xattrs --xattrs-include='*' --exclude='./dev/*' -xpf -
printf '%s\\n' ${DEBIAN.machineId} > tree/etc/machine-id
mkdir home && cp -a tree/home/. home/ && rm -rf tree/home/*
truncate -s 1600M root.img && mke2fs -q -t ext4 -U ${DEBIAN.rootUuid} -L root -E root_owner=0:0 -d tree root.img
truncate -s 64M home.img && mke2fs -q -t ext4 -U ${DEBIAN.homeUuid} -L home -d home home.img
truncate -s 64M esp.img && mkfs.fat -F 32 -n ESP -i ${DEBIAN.espUuid.replace("-", "")} esp.img > /dev/null
mmd -i esp.img ::/EFI ::/EFI/BOOT ::/EFI/Linux ::/EFI/debian
mcopy -i esp.img tree/usr/lib/grub/x86_64-efi/monolithic/grubx64.efi ::/EFI/BOOT/BOOTX64.EFI
mcopy -i esp.img tree/usr/lib/grub/x86_64-efi/monolithic/grubx64.efi ::/EFI/debian/grubx64.efi
mcopy -i esp.img tree/etc/hostname ::/EFI/Linux/debian-6.1.efi
rm -rf tree home
`;

/** Sectors of 512 bytes: where each file system is put. */
const PLACES = { "esp.img": 2048, "root.img": 135_168, "home.img": 3_411_968 } as const;

const TABLE = `label: gpt
start=2048, size=131072, type=C12A7328-F81F-11D2-BA4B-00A0C93EC93B, name="EFI system"
start=135168, size=3276800, type=4F68BCE3-E8CD-4DB1-96E7-FBCAF984B709, name="root"
start=3411968, size=131072, type=933AC7E1-2EB4-4F13-B844-0E14E2AEF915, uuid=${DEBIAN.homePartUuid}, name="home"
`;

/**
 * A real Debian 12 of about 250 packages and 20,000 files, built once (about two minutes) and kept in the fixture
 * cache. The mirror is the one that the host's own apt uses.
 */
export async function debianImage(): Promise<DebianImage> {
  const tree = await fixture("debian-12-tree", [PACKAGES, CUSTOMISE], bootstrap, (made) => holds(made, ["root.tar"]));
  const tar = join(tree, "root.tar");
  const dir = await fixture("debian-12", [PACKAGES, CUSTOMISE, POPULATE, PLACES, TABLE], (to) => build(to, tar), prove);
  return { path: join(dir, "disk.qcow2"), raw: join(dir, "disk.raw"), tar };
}

async function prove(dir: string): Promise<void> {
  await run("sfdisk", ["--verify", join(dir, "disk.raw")]);
  await isSoundQcow2(join(dir, "disk.qcow2"));
}

async function bootstrap(dir: string): Promise<void> {
  await mmdebstrap([
    "--quiet",
    "--variant=important",
    '--aptopt=Apt::Install-Recommends "false"',
    `--include=${PACKAGES.join(",")}`,
    `--customize-hook=${CUSTOMISE}`,
    "bookworm",
    join(dir, "root.tar"),
    ...(await mirrors()),
  ]);
}

async function build(dir: string, tar: string): Promise<void> {
  await populate(dir, tar);
  await partition(dir);
  await run("qemu-img", ["convert", "-O", "qcow2", join(dir, "disk.raw"), join(dir, "disk.qcow2")]);
  for (const name of Object.keys(PLACES)) await rm(join(dir, name), { force: true });
}

/** A hook's chroot and the file systems need root, or a user namespace of mmdebstrap's making. */
function mmdebstrap(args: readonly string[]): Promise<string> {
  return run("mmdebstrap", [process.getuid?.() === 0 ? "--mode=root" : "--mode=unshare", ...args]);
}

/** In a folder that a user namespace's root can reach too, since the cache may be closed to others. */
async function populate(dir: string, tar: string): Promise<void> {
  const work = await mkdtemp(join(tmpdir(), "guestkit-debian-"));
  try {
    await chmod(work, 0o777);
    await writeFile(join(work, "populate.sh"), `cd "${work}"\n${POPULATE}`);
    const shell = process.getuid?.() === 0 ? "sh" : "mmdebstrap --unshare-helper sh";
    await run("sh", ["-c", `${shell} "$1" < "$2"`, "sh", join(work, "populate.sh"), tar]);
    const images = Object.keys(PLACES).map((name) => join(work, name));
    await run("cp", ["--sparse=always", ...images, dir]);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function partition(dir: string): Promise<void> {
  const disk = join(dir, "disk.raw");
  await run("truncate", ["-s", String(3_411_968 * 512 + (64 << 20) + (2 << 20)), disk]);
  await run("sh", ["-c", 'printf %s "$1" | sfdisk --quiet --no-reread "$2"', "sh", TABLE, disk]);
  for (const [name, sector] of Object.entries(PLACES)) {
    const place = [`if=${join(dir, name)}`, `of=${disk}`, "bs=1M", `seek=${sector / 2048}`];
    await run("dd", [...place, "conv=notrunc,sparse", "status=none"]);
  }
}

/** Addresses of the Debian archive that the host's apt uses; none leaves mmdebstrap its own choice. */
async function mirrors(): Promise<readonly string[]> {
  const told = await run("apt-get", ["indextargets", "--format", "$(REPO_URI)", "Created-By: Packages"]).catch(
    () => "",
  );
  const archive = told.split("\n").find((address) => /\/debian\/?$/.test(address));
  return archive ? [archive] : [];
}
