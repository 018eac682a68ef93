import type { Tree } from "../../filesystem/tree.ts";
import type { Allowance } from "../../kit/budget.ts";
import { familyOf } from "../families.ts";
import type { Release } from "../release.ts";
import { readDpkg } from "./dpkg/index.ts";
import type { Installed, Package, PackageFormat } from "./package.ts";
import { purlOf } from "./purl.ts";

export type { PackageFormat } from "./package.ts";

/** A database of the largest archive there is, several times over. */
export const PACKAGES_SHARE: Partial<Allowance> = { bytes: 128 << 20 };

/** How a package manager's list is found and read. */
interface PackageKind {
  /** Any of them shows that the system has it; those that hold the list, in the order of looking. */
  readonly places: readonly string[];
  /** What installs such, in the words of the families. */
  readonly tools: readonly string[];
  /** Null where there is no list after all. */
  read(tree: Tree, places: readonly string[]): Promise<readonly Installed[] | null>;
}

/** In the order of looking: a system of one family may have the tools of another, and their empty folders. */
const KINDS: Readonly<Record<PackageFormat, PackageKind>> = {
  deb: { places: ["/var/lib/dpkg/status", "/var/lib/dpkg/status.d"], tools: ["apt"], read: readDpkg },
  rpm: {
    places: ["/usr/lib/sysimage/rpm", "/var/lib/rpm", "/usr/share/rpm"],
    tools: ["dnf", "yum", "tdnf", "zypper", "rpm-ostree", "transactional-update", "urpmi"],
    // Loaded by the first system of its kind.
    read: async (tree, places) => (await import("./rpm/index.ts")).readRpm(tree, places),
  },
  apk: {
    places: ["/lib/apk/db/installed"],
    tools: ["apk"],
    read: async (tree, places) => (await import("./apk/index.ts")).readApk(tree, places),
  },
  pacman: {
    places: ["/var/lib/pacman/local"],
    tools: ["pacman"],
    read: async (tree, places) => (await import("./pacman/index.ts")).readPacman(tree, places),
  },
  ebuild: {
    places: ["/var/db/pkg"],
    tools: ["portage"],
    read: async (tree, places) => (await import("./portage/index.ts")).readPortage(tree, places),
  },
  xbps: {
    places: ["/var/db/xbps"],
    tools: ["xbps"],
    read: async (tree, places) => (await import("./xbps/index.ts")).readXbps(tree, places),
  },
  opkg: {
    places: ["/usr/lib/opkg/status", "/var/lib/opkg/status"],
    tools: ["opkg"],
    read: async (tree, places) => (await import("./opkg/index.ts")).readOpkg(tree, places),
  },
  slackware: {
    places: ["/var/lib/pkgtools/packages", "/var/log/packages"],
    tools: ["slackpkg"],
    read: async (tree, places) => (await import("./slackware/index.ts")).readSlackware(tree, places),
  },
  nix: {
    places: ["/nix/var/nix/db/db.sqlite"],
    tools: ["nix"],
    read: async (tree, places) => (await import("./nix/index.ts")).readNix(tree, places),
  },
};

/**
 * How a system's packages come; null where it has none. What its own family installs goes before what lies there of
 * another's tools: a Fedora may have dpkg, and its empty list.
 */
export async function readPackageFormat(tree: Tree, release: Release | null): Promise<PackageFormat | null> {
  const tool = release && familyOf(release).package_management;
  const isOwn = (format: PackageFormat) => tool !== null && KINDS[format].tools.includes(tool);
  const formats = Object.keys(KINDS) as PackageFormat[];
  for (const format of formats.sort((a, b) => Number(isOwn(b)) - Number(isOwn(a)))) {
    for (const path of KINDS[format].places) if (await tree.resolve(path)) return format;
  }
  return null;
}

/** Packages of which something is there, with their status; empty where there is no package manager. Throws what its reader throws. */
export async function readPackages(
  tree: Tree,
  format: PackageFormat | null,
  release: Pick<Release, "distro" | "version"> | null = null,
): Promise<readonly Package[]> {
  if (format === null) return [];
  const { places, read } = KINDS[format];
  const found = (await read(tree, places)) ?? [];
  return found.map((each): Package => ({ ...each, purl: release && purlOf(each, format, release) }));
}
