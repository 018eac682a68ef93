/**
 * The report of `inspect --json` as a schema. Its twin without zod is core/inspect/report.ts, which has to start fast; a
 * test holds the two equal.
 */
import { z } from "zod";
import { factFields } from "./facts/index.ts";
import { readFrom } from "./read-from.ts";

/** Behind what a field is, where in the guest it is read. */
type Origin = readonly string[];

const text = (what: string, ...from: Origin) =>
  z
    .string()
    .describe(what)
    .meta(readFrom(...from));
const optional = (what: string, ...from: Origin) =>
  z
    .string()
    .nullable()
    .describe(what)
    .meta(readFrom(...from));
const bytes = (what: string) => z.int().min(0).describe(what);
const list = (what: string) => z.array(z.string()).describe(what);

export const packageReport = z
  .object({
    name: text("Name."),
    epoch: z.int().nullable().describe("Epoch of the version; null without one."),
    version: text("Upstream version."),
    release: optional("Distribution's revision; null for a package that has none."),
    arch: optional("Architecture: amd64, all."),
    status: text("installed, or what dpkg says instead: unpacked, half-configured, half-installed, triggers-pending."),
    source: optional("Name of the source package."),
    size: z.int().min(0).nullable().describe("Bytes installed, as the package says."),
    vendor: optional("Who made it, as the package says."),
    license: optional("Its licence, as the package says."),
    installed_at: optional("When it was installed (RFC 3339, UTC), where that is kept."),
    purl: optional(
      "Package URL: pkg:deb/debian/zlib1g@1:1.2.13.dfsg-1?arch=amd64&distro=debian-12; null where no type is specified.",
    ),
  })
  .meta({ id: "PackageReport" });

export const mountReport = z
  .object({
    target: text("Where it is mounted in the guest."),
    device: text("Device as libguestfs names it: /dev/sda1."),
    type: text("File system."),
    options: optional("Options of fstab, separated by commas; null where fstab does not name it."),
  })
  .meta({ id: "MountReport" });

export const userReport = z
  .object({
    name: text("Login name."),
    uid: z.int().describe("Number."),
    gid: z.int().describe("Number of the first group."),
    gecos: optional("Full name and more."),
    home: text("Home directory."),
    shell: text("Login shell."),
    groups: list("Names of all groups."),
  })
  .meta({ id: "UserReport" });

export const groupReport = z
  .object({
    name: text("Name."),
    gid: z.int().describe("Number."),
    members: list("Users that have it beside their first group."),
  })
  .meta({ id: "GroupReport" });

export const kernelReport = z
  .object({
    version: text("As uname -r says: 6.1.0-27-amd64."),
    image: optional("Path of the kernel in the guest."),
    initrd: optional("Path of its initial RAM disk."),
    modules: optional("Path of its modules."),
  })
  .meta({ id: "KernelReport" });

export const unitsReport = z
  .object({
    default_target: optional("What is started: graphical.target."),
    enabled: z
      .array(z.object({ name: text("Unit."), wanted_by: list("Units that pull it in.") }))
      .describe("Units that the administrator enabled."),
    masked: list("Units that cannot be started."),
  })
  .meta({ id: "UnitsReport" });

const NETWORK_KINDS = [
  ...(["ifupdown", "netplan", "networkd", "networkmanager", "ifcfg", "wicked", "dhcpcd"] as const),
  ...(["uci", "netifrc", "netctl"] as const),
] as const;

export const networkReport = z
  .object({
    kind: z.enum(NETWORK_KINDS).describe("Whose configuration it is."),
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
  })
  .meta({ id: "NetworkReport" });

export const bootloaderReport = z
  .object({
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
  })
  .meta({ id: "BootloaderReport" });

export const agentReport = z
  .object({
    installed: z.boolean().describe("It is there, as a package or a program."),
    enabled: z.boolean().describe("It starts by itself."),
    version: optional("The package's version."),
  })
  .meta({ id: "AgentReport" });

export const filesystemReport = z
  .object({
    device: text("Device as libguestfs names it: /dev/sda1; /dev/sda without a partition table."),
    type: optional("ext4, vfat, swap, crypto_LUKS; null where it is not recognised."),
    uuid: optional("UUID, or a FAT serial: 1234-ABCD."),
    label: optional("Label."),
    size: bytes("Bytes."),
    free: z.int().min(0).nullable().describe("Bytes free for files; null where unknown."),
    partition: z.int().nullable().describe("Number of its partition; null without a partition table."),
    partition_uuid: optional("PARTUUID."),
    partition_name: optional("GPT partition name."),
    error: optional("Why it cannot be read: code and text."),
  })
  .meta({ id: "FilesystemReport" });

const UNREAD = "Null where it could not be read; a warning says why.";

const RELEASES = [
  ...["/etc/os-release", "/usr/lib/os-release", "/etc/initrd-release", "/etc/lsb-release", "/etc/fedora-release"],
  ...["/etc/centos-release", "/etc/redhat-release", "/etc/SuSE-release", "/etc/alpine-release", "/etc/debian_version"],
  ...["/etc/arch-release", "/etc/gentoo-release", "/etc/slackware-version", "/etc/system-release"],
  ...["/nix/var/nix/profiles/system/etc/os-release", "/etc/NIXOS"],
];
const PACKAGES = [
  ...["/var/lib/dpkg", "/usr/lib/sysimage/rpm", "/var/lib/rpm", "/usr/share/rpm", "/lib/apk/db", "/var/lib/pacman"],
  ...["/var/db/pkg", "/var/db/xbps", "/usr/lib/opkg", "/var/lib/opkg", "/var/lib/pkgtools", "/var/log/packages"],
  "/nix/var/nix",
];
/** ELF headers tell for which processor they are. */
const PROGRAMS = [
  ...["/bin/sh", "/sbin/init", "/lib/systemd/systemd", "/usr/lib/systemd/systemd", "/bin/bash", "/bin/ls"],
  ...["/bin/busybox", "/usr/bin/rpm", "/usr/bin/dpkg"],
];
const UNITS = ["/etc/systemd/system", "/usr/lib/systemd/system", "/lib/systemd/system"];

const system = {
  os_type: z.literal("linux").describe("Kind of operating system.").meta(readFrom("what lies in /bin, /sbin and /usr")),
  distro: optional("ID of os-release: debian.", ...RELEASES),
  version: optional("VERSION_ID of os-release: 12.", ...RELEASES),
  product_name: optional("Full name: Debian GNU/Linux 12 (bookworm).", ...RELEASES),
  product_variant: optional("VARIANT_ID of os-release: server, silverblue.", ...RELEASES),
  codename: optional("VERSION_CODENAME of os-release: bookworm.", ...RELEASES),
  osinfo: optional("libosinfo's short id: debian12, rhel9.4; null where it has none.", ...RELEASES),
  hostname: optional("Host name.", "/etc/hostname", "/etc/HOSTNAME", "/etc/sysconfig/network", "/etc/conf.d/hostname"),
  machine_id: optional("machine-id; null in an image for cloning.", "/etc/machine-id", "/var/lib/dbus/machine-id"),
  arch: optional("Architecture of its programs: x86_64.", ...PROGRAMS),
  root: text("Device of its root file system.", "the disk"),
  package_format: z
    .enum(["deb", "rpm", "apk", "pacman", "ebuild", "nix", "xbps", "opkg", "slackware"])
    .nullable()
    .describe("How packages come: of nix, what the system's profile needs.")
    .meta(readFrom(...PACKAGES)),
  package_management: optional(
    "What installs them: apt, dnf, yum, zypper, pacman, apk, portage, nix; rpm-ostree or bootc where a system is deployed as a whole.",
    ...[...RELEASES, "/ostree"],
  ),
  packages: z
    .array(packageReport)
    .nullable()
    .describe(`Packages. ${UNREAD}`)
    .meta(readFrom(...PACKAGES)),
  mounts: z
    .array(mountReport)
    .describe("File systems as the guest would mount them.")
    .meta(readFrom("/etc/fstab", "/etc/crypttab", "/ostree/deploy", "/boot/loader/entries", "mount points")),
  users: z
    .array(userReport)
    .nullable()
    .describe(`Accounts, without passwords. ${UNREAD}`)
    .meta(readFrom("/etc/passwd", "/etc/group", "/usr/lib/passwd", "/usr/lib/group")),
  groups: z.array(groupReport).nullable().describe(`Groups. ${UNREAD}`).meta(readFrom("/etc/group", "/usr/lib/group")),
  timezone: optional("Time zone: Europe/Berlin.", "/etc/localtime", "/etc/timezone", "/etc/sysconfig/clock"),
  locale: optional("LANG: C.UTF-8.", "/etc/locale.conf", "/etc/default/locale", "/etc/sysconfig/i18n"),
  kernels: z.array(kernelReport).nullable().describe(`Kernels. ${UNREAD}`).meta(readFrom("/boot", "/lib/modules")),
  units: unitsReport
    .nullable()
    .describe(`What is enabled in systemd. ${UNREAD}`)
    .meta(readFrom(...UNITS)),
  network: z
    .array(networkReport)
    .nullable()
    .describe(`Network configuration. ${UNREAD}`)
    .meta(
      readFrom(
        ...["/etc/network/interfaces", "/etc/network/interfaces.d", "/usr/lib/netplan", "/lib/netplan", "/etc/netplan"],
        ...["/run/netplan", "/etc/systemd/network", "/etc/NetworkManager/system-connections"],
        ...["/etc/sysconfig/network-scripts", "/etc/sysconfig/network", "/etc/wicked/ifconfig", "/etc/dhcpcd.conf"],
        ...["/etc/config/network", "/etc/conf.d/net", "/etc/netctl"],
      ),
    ),
  bootloader: bootloaderReport
    .nullable()
    .describe(`What starts the system. ${UNREAD}`)
    .meta(readFrom("/boot", "/etc/lilo.conf", "/EFI", "the disk's first sector")),
  cloud_init: agentReport
    .nullable()
    .describe(`cloud-init. ${UNREAD}`)
    .meta(readFrom("/usr/bin/cloud-init", "/etc/cloud/cloud-init.disabled", ...PACKAGES, ...UNITS)),
  guest_agent: agentReport
    .nullable()
    .describe(`QEMU's guest agent. ${UNREAD}`)
    .meta(
      readFrom(
        ...["/usr/sbin/qemu-ga", "/usr/bin/qemu-ga", "/lib/udev/rules.d", "/etc/runlevels/default"],
        ...[...PACKAGES, ...UNITS],
      ),
    ),
  ...factFields,
};

export const systemReport = z.object(system).meta({ id: "SystemReport" });

export const inspectionReport = z.object({
  format_version: z.literal(1).describe("Version of this shape.").meta(readFrom("guestkit itself")),
  ...system,
  os_type: system.os_type.nullable().describe("Kind of operating system; null where there is none."),
  root: system.root.nullable().describe("Device of the first system's root; null where there is none."),
  filesystems: z
    .array(filesystemReport)
    .describe("What every partition holds, recognised or not.")
    .meta(readFrom("partition tables, volumes, superblocks")),
  operating_systems: z
    .array(systemReport)
    .describe("Every system that was found; the first is the one above.")
    .meta(readFrom("each system, as above")),
  warnings: list("What was odd while reading.").meta(readFrom("whatever was read")),
});
