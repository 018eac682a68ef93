/**
 * The report of `inspect --json` as a schema. Its twin without zod is core/inspect/report.ts, which has to start fast; a
 * test holds the two equal.
 */
import { z } from "zod";
import { factFields } from "./facts/index.ts";

const text = (what: string) => z.string().describe(what);
const optional = (what: string) => z.string().nullable().describe(what);
const bytes = (what: string) => z.int().min(0).describe(what);
const list = (what: string) => z.array(z.string()).describe(what);

export const packageReport = z.object({
  name: text("Name."),
  epoch: z.int().nullable().describe("Epoch of the version; null without one."),
  version: text("Upstream version."),
  release: optional("Distribution's revision; null for a package that has none."),
  arch: optional("Architecture: amd64, all."),
  status: text("installed, or what dpkg says instead: unpacked, half-configured, half-installed, triggers-pending."),
  source: optional("Name of the source package."),
  size: bytes("Bytes installed, as the package says.").nullable(),
  vendor: optional("Who made it, as the package says."),
  license: optional("Its licence, as the package says."),
  installed_at: optional("When it was installed (RFC 3339, UTC), where that is kept."),
  purl: optional(
    "Package URL: pkg:deb/debian/zlib1g@1:1.2.13.dfsg-1?arch=amd64&distro=debian-12; null where no type is specified.",
  ),
});

export const mountReport = z.object({
  target: text("Where it is mounted in the guest."),
  device: text("Device as libguestfs names it: /dev/sda1."),
  type: text("File system."),
  options: optional("Options of fstab, separated by commas; null where fstab does not name it."),
});

export const userReport = z.object({
  name: text("Login name."),
  uid: z.int().describe("Number."),
  gid: z.int().describe("Number of the first group."),
  gecos: optional("Full name and more."),
  home: text("Home directory."),
  shell: text("Login shell."),
  groups: list("Names of all groups."),
});

export const groupReport = z.object({
  name: text("Name."),
  gid: z.int().describe("Number."),
  members: list("Users that have it beside their first group."),
});

export const kernelReport = z.object({
  version: text("As uname -r says: 6.1.0-27-amd64."),
  image: optional("Path of the kernel in the guest."),
  initrd: optional("Path of its initial RAM disk."),
  modules: optional("Path of its modules."),
});

export const unitsReport = z.object({
  default_target: optional("What is started: graphical.target."),
  enabled: z
    .array(z.object({ name: text("Unit."), wanted_by: list("Units that pull it in.") }))
    .describe("Units that the administrator enabled."),
  masked: list("Units that cannot be started."),
});

export const networkReport = z.object({
  kind: z.enum(["ifupdown", "netplan", "networkd", "networkmanager"]).describe("Whose configuration it is."),
  files: list("Files that were read."),
  renderer: optional("Who carries netplan's configuration out; null where it is not said."),
  interfaces: z
    .array(
      z.object({
        name: text("Name, or a pattern of names."),
        dhcp: z.boolean().describe("Addresses come by DHCP."),
        addresses: list("Addresses as written."),
      }),
    )
    .describe("Interfaces it speaks of."),
});

export const bootloaderReport = z.object({
  loaders: z
    .array(
      z.object({
        name: z
          .enum(["grub", "systemd-boot", "shim", "uki", "fallback", "extlinux", "lilo"])
          .describe("Boot loader; uki is a unified kernel image, fallback what firmware starts by itself."),
        firmware: z.enum(["bios", "efi"]).describe("Which firmware starts it."),
        path: optional("Path in the EFI system partition; null for boot code in the first sector."),
      }),
    )
    .describe("Boot loaders that are there."),
  config: optional("The menu's file in the guest."),
});

export const agentReport = z.object({
  installed: z.boolean().describe("It is there, as a package or a program."),
  enabled: z.boolean().describe("It starts by itself."),
  version: optional("The package's version."),
});

export const filesystemReport = z.object({
  device: text("Device as libguestfs names it: /dev/sda1; /dev/sda without a partition table."),
  type: optional("ext4, vfat, swap, crypto_LUKS; null where it is not recognised."),
  uuid: optional("UUID, or a FAT serial: 1234-ABCD."),
  label: optional("Label."),
  size: bytes("Bytes."),
  free: bytes("Bytes free for files; null where unknown.").nullable(),
  partition: z.int().nullable().describe("Number of its partition; null without a partition table."),
  partition_uuid: optional("PARTUUID."),
  partition_name: optional("GPT partition name."),
  error: optional("Why it cannot be read: code and text."),
});

const UNREAD = "Null where it could not be read; a warning says why.";

const system = {
  os_type: z.literal("linux").describe("Kind of operating system."),
  distro: optional("ID of os-release: debian."),
  version: optional("VERSION_ID of os-release: 12."),
  product_name: optional("Full name: Debian GNU/Linux 12 (bookworm)."),
  product_variant: optional("VARIANT_ID of os-release: server, silverblue."),
  codename: optional("VERSION_CODENAME of os-release: bookworm."),
  osinfo: optional("libosinfo's short id: debian12, rhel9.4; null where it has none."),
  hostname: optional("Host name."),
  machine_id: optional("machine-id; null in an image for cloning."),
  arch: optional("Architecture of its programs: x86_64."),
  root: text("Device of its root file system."),
  package_format: z
    .enum(["deb", "rpm", "apk", "pacman", "ebuild", "nix", "xbps", "opkg", "slackware"])
    .nullable()
    .describe("How packages come: of nix, what the system's profile needs."),
  package_management: optional("What installs them: apt, dnf, yum, zypper, pacman, apk, portage, nix."),
  packages: z.array(packageReport).nullable().describe(`Packages. ${UNREAD}`),
  mounts: z.array(mountReport).describe("File systems as the guest would mount them."),
  users: z.array(userReport).nullable().describe(`Accounts, without passwords. ${UNREAD}`),
  groups: z.array(groupReport).nullable().describe(`Groups. ${UNREAD}`),
  timezone: optional("Time zone: Europe/Berlin."),
  locale: optional("LANG: C.UTF-8."),
  kernels: z.array(kernelReport).nullable().describe(`Kernels. ${UNREAD}`),
  units: unitsReport.nullable().describe(`What is enabled in systemd. ${UNREAD}`),
  network: z.array(networkReport).nullable().describe(`Network configuration. ${UNREAD}`),
  bootloader: bootloaderReport.nullable().describe(`What starts the system. ${UNREAD}`),
  cloud_init: agentReport.nullable().describe(`cloud-init. ${UNREAD}`),
  guest_agent: agentReport.nullable().describe(`QEMU's guest agent. ${UNREAD}`),
  ...factFields,
};

export const systemReport = z.object(system);

export const inspectionReport = z.object({
  format_version: z.literal(1).describe("Version of this shape."),
  ...system,
  os_type: system.os_type.nullable().describe("Kind of operating system; null where there is none."),
  root: system.root.nullable().describe("Device of the first system's root; null where there is none."),
  filesystems: z.array(filesystemReport).describe("What every partition holds, recognised or not."),
  operating_systems: z.array(systemReport).describe("Every system that was found; the first is the one above."),
  warnings: list("What was odd while reading."),
});
