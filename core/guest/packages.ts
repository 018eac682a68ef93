import type { Tree } from "../filesystem/tree.ts";
import type { Allowance } from "../kit/budget.ts";
import { GuestkitError } from "../kit/errors.ts";
import { readDpkg } from "./dpkg.ts";
import type { Package } from "./package.ts";

/** A database of the largest archive there is, several times over. */
export const PACKAGES_SHARE: Partial<Allowance> = { bytes: 128 << 20 };

export type PackageFormat = "deb" | "rpm" | "apk" | "pacman";

/** Where each package manager keeps its list. */
const DATABASES: readonly (readonly [PackageFormat, readonly string[]])[] = [
  ["deb", ["/var/lib/dpkg/status", "/var/lib/dpkg/status.d"]],
  ["rpm", ["/usr/lib/sysimage/rpm", "/var/lib/rpm"]],
  ["apk", ["/lib/apk/db/installed"]],
  ["pacman", ["/var/lib/pacman/local"]],
];

/** How a system's packages come; null where it has none. */
export async function readPackageFormat(tree: Tree): Promise<PackageFormat | null> {
  for (const [format, paths] of DATABASES) {
    for (const path of paths) if (await tree.resolve(path)) return format;
  }
  return null;
}

/** Packages of which something is there, with their status; empty where there is no package manager. Throws `E_PACKAGES_FORMAT` for one not read yet. */
export async function readPackages(tree: Tree, format: PackageFormat | null): Promise<readonly Package[]> {
  if (format === null) return [];
  if (format === "deb") return (await readDpkg(tree)) ?? [];
  throw new GuestkitError("E_PACKAGES_FORMAT", `Cannot list packages: the ${format} database is not read yet`, {
    help: "The rest of the report is right; list them with the guest's own tools.",
  });
}
