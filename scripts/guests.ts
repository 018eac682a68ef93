/** Families of guests, how their packages are kept, and what holds that what is read of them is right: docs/guests.md. */
import type { PackageFormat } from "../core/guest/packages/index.ts";

interface GuestFamily {
  readonly name: string;
  /** os-release's IDs. */
  readonly ids: readonly string[];
  /** Null where a system has no packages. */
  readonly formats: readonly PackageFormat[] | null;
}

/** By families.ts, whose every ID stands here (a test holds that). */
export const FAMILIES: readonly GuestFamily[] = [
  { name: "Debian, Ubuntu and kin", ids: ["debian", "ubuntu", "pop"], formats: ["deb"] },
  { name: "Red Hat", ids: ["rhel", "centos", "rocky", "almalinux", "ol", "amzn", "fedora"], formats: ["rpm"] },
  {
    name: "SUSE",
    ids: ["sles", "sled", "sle_hpc", "sles_sap", "opensuse-leap", "opensuse", "opensuse-tumbleweed", "suse"],
    formats: ["rpm"],
  },
  {
    name: "SUSE, updated as a whole",
    ids: ["sle-micro", "suse-microos", "sl-micro", "opensuse-microos", "opensuse-aeon"],
    formats: ["rpm"],
  },
  { name: "Mageia", ids: ["mageia"], formats: ["rpm"] },
  { name: "Photon, Azure Linux", ids: ["photon", "azurelinux", "mariner"], formats: ["rpm"] },
  { name: "Arch", ids: ["arch", "manjaro"], formats: ["pacman"] },
  { name: "Alpine, Wolfi", ids: ["alpine", "wolfi", "chainguard"], formats: ["apk"] },
  { name: "Gentoo", ids: ["gentoo"], formats: ["ebuild"] },
  { name: "NixOS", ids: ["nixos"], formats: ["nix"] },
  { name: "Void", ids: ["void"], formats: ["xbps"] },
  { name: "Slackware", ids: ["slackware"], formats: ["slackware"] },
  { name: "OpenWrt", ids: ["openwrt"], formats: ["opkg", "apk"] },
  { name: "Images without packages", ids: ["flatcar", "coreos", "bottlerocket", "talos"], formats: null },
];

/** What says that one thing is read as it is. */
export interface Proof {
  readonly what: string;
  /** The family's own tool, which made what is read and told what is there; else the source that says how it is laid out. */
  readonly by: { readonly tool: string } | { readonly source: string };
  /** Below test/. */
  readonly test: string;
}

const LISTS = "fast/guest/package-lists";
const FAMILIES_TEST = "tools/inspect/package-families";
const RPM_TEST = "tools/inspect/rpm-databases";

export const PACKAGES: Readonly<Record<PackageFormat, readonly Proof[]>> = {
  deb: [
    { what: "`/var/lib/dpkg/status`", by: { tool: "dpkg-query" }, test: "tools/inspect/debian" },
    { what: "states of packages", by: { tool: "dpkg-query" }, test: "tools/inspect/oracles" },
    {
      what: "`status.d`, `updates`",
      by: { source: "dpkg's lib/dpkg/dbmodify.c; distroless' own files" },
      test: "fast/guest/dpkg",
    },
  ],
  rpm: [
    { what: "SQLite", by: { tool: "rpm 4.18, `rpm -qa`" }, test: FAMILIES_TEST },
    { what: "SQLite, used and rebuilt", by: { tool: "rpm 4.16 and 4.20, `rpm -qa`" }, test: RPM_TEST },
    { what: "SQLite, installed by dnf", by: { tool: "dnf 4.14, `rpm -qa --root`" }, test: FAMILIES_TEST },
    { what: "SQLite, installed by zypper", by: { tool: "zypper 1.14, `rpm -qa --root`" }, test: FAMILIES_TEST },
    { what: "Berkeley DB, used and rebuilt", by: { tool: "rpm 4.16, `rpm -qa`" }, test: RPM_TEST },
    {
      what: "Berkeley DB of other page sizes, of big-endian hosts",
      by: { tool: "libdb's db5.3_load, of what rpm 4.16 wrote" },
      test: RPM_TEST,
    },
    { what: "NDB, used and rebuilt", by: { tool: "rpm 4.20, `rpm -qa`" }, test: RPM_TEST },
  ],
  apk: [{ what: "`lib/apk/db/installed`", by: { source: "apk-package(5), apk-tools' src/database.c" }, test: LISTS }],
  pacman: [{ what: "`/var/lib/pacman/local`", by: { tool: "pacman 6.0, `pacman -Q`" }, test: FAMILIES_TEST }],
  ebuild: [{ what: "`/var/db/pkg`", by: { tool: "portage 3.0, `emerge`, `portageq`" }, test: "slow/inspect/portage" }],
  nix: [
    {
      what: "the closure of the system's profile",
      by: { tool: "nix 2.8, `nix-store --query --requisites`" },
      test: FAMILIES_TEST,
    },
  ],
  xbps: [
    {
      what: "`/var/db/xbps/pkgdb-0.38.plist`",
      by: { source: "xbps' lib/package_register.c, lib/package_state.c" },
      test: LISTS,
    },
  ],
  opkg: [{ what: "`/usr/lib/opkg/status`", by: { source: "opkg's libopkg/pkg.c, pkg_formatted_field" }, test: LISTS }],
  slackware: [
    { what: "`/var/lib/pkgtools/packages`, `/var/log/packages`", by: { source: "pkgtools' installpkg" }, test: LISTS },
  ],
};

export const BESIDES: readonly Proof[] = [
  {
    what: "the deployment that starts (rpm-ostree, bootc), with /var and /boot",
    by: { tool: "ostree 2022.7, `ostree admin status`" },
    test: "tools/inspect/deployments",
  },
  {
    what: "flatpaks, of the system and of users",
    by: { tool: "flatpak 1.14, `flatpak list`, `flatpak info`" },
    test: "tools/inspect/facts-flatpaks",
  },
  {
    what: "order of versions",
    by: { tool: "dpkg, rpm, vercmp, `builtins.compareVersions`" },
    test: "tools/inspect/version-order",
  },
  { what: "SQLite's write-ahead log and rollback journal", by: { tool: "SQLite" }, test: "fast/guest/sqlite" },
];
