import type { SystemReport } from "../../core/inspect/index.ts";
import { NO_SYSTEM, type Report } from "../../core/inspect/report.ts";

export type PackageReport = NonNullable<SystemReport["packages"]>[number];

export const packageOf = (fields: Partial<PackageReport> = {}): PackageReport => ({
  ...{ name: "a", epoch: null, version: "1", release: null, arch: null, status: "installed", source: null, size: null },
  ...{ vendor: null, license: null, installed_at: null, purl: null },
  ...fields,
});

export const systemOf = (fields: Partial<SystemReport> = {}): SystemReport => ({
  ...(NO_SYSTEM as unknown as SystemReport),
  ...{ os_type: "linux", distro: "debian", version: "12", product_name: "Debian GNU/Linux 12", arch: "x86_64" },
  ...{ root: "/dev/sda2", package_format: "deb", packages: [packageOf()] },
  ...fields,
});

export function reportOf(systems: readonly SystemReport[], rest: Partial<Report> = {}): Report {
  const frame = { format_version: 1, filesystems: [], operating_systems: systems, warnings: [] } as const;
  return { ...(systems[0] ?? NO_SYSTEM), ...frame, ...rest };
}
