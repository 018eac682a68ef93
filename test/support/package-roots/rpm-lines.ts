import type { Package } from "../../../core/guest/packages/package.ts";

/** What packages are compared by, as rpm's own query tells it. */
export const QUERY =
  "%{NAME}|%{EPOCH}|%{VERSION}|%{RELEASE}|%{ARCH}|%{SIZE}|%{VENDOR}|%{LICENSE}|%{INSTALLTIME}|%{SOURCERPM}\\n";

/** Sorted lines of what rpm told; of a source package its name alone, as reports have it. */
export const linesOf = (told: string): readonly string[] =>
  told
    .trim()
    .split("\n")
    .map((line) => line.replace(/-[^-|]*-[^-|]*\.src\.rpm$/, ""))
    .sort();

/** The same of a report. */
export const spelled = (packages: readonly Omit<Package, "purl">[]): readonly string[] =>
  packages
    .map(({ name, epoch, version, release, arch, size, vendor, license, installed_at, source }) =>
      [name, epoch, version, release, arch, size, vendor, license, seconds(installed_at), source]
        .map((value) => value ?? "(none)")
        .join("|"),
    )
    .sort();

const seconds = (time: string | null) => time && Date.parse(time) / 1000;
