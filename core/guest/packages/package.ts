/** How packages come, in libguestfs's words where it has one. */
export type PackageFormat = "deb" | "rpm" | "apk" | "pacman" | "ebuild" | "nix" | "xbps" | "opkg" | "slackware";

/** One package of which something is there. What a package manager does not keep is null. */
export interface Package {
  readonly name: string;
  /** Null where the version has none. */
  readonly epoch: number | null;
  readonly version: string;
  /** The distribution's revision; null for a package that has none. */
  readonly release: string | null;
  /** `amd64`, `all`, `noarch`. */
  readonly arch: string | null;
  /** dpkg's: `installed`, `unpacked`, `half-configured`, ... */
  readonly status: string;
  /** The source package's name. */
  readonly source: string | null;
  /** Bytes on disk as the package says; null where it does not. */
  readonly size: number | null;
  /** Who made it, in its own words. */
  readonly vendor: string | null;
  /** In its own words. */
  readonly license: string | null;
  /** RFC 3339, UTC. */
  readonly installed_at: string | null;
  /** Its package URL, by which lists of faults name it; null where the distribution is not known. */
  readonly purl: string | null;
}

/** A package as its database has it: what a URL is made of beside it is the system's. */
export type Installed = Omit<Package, "purl">;

/** `1:2.3-4`, as package managers write it: an epoch of 0 goes without saying. */
export function fullVersion({ epoch, version, release }: Pick<Package, "epoch" | "version" | "release">): string {
  return `${epoch ? `${epoch}:` : ""}${version}${release === null ? "" : `-${release}`}`;
}

/** Three times what the largest archive holds: a database of more is made to exhaust its reader. */
export const MAX_PACKAGES = 200_000;

/** Several of one name may be installed. */
export function byName(a: Installed, b: Installed): number {
  if (a.name !== b.name) return a.name < b.name ? -1 : 1;
  const [left, right] = [spelled(a), spelled(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}

const spelled = ({ epoch, version, release, arch }: Installed) =>
  `${arch ?? ""} ${epoch ?? 0}:${version}-${release ?? ""}`;

/** The end of the year 9999: what is past it is no time of a package. */
const LAST = 253_402_300_799;

/** The one that was spelled last: what is installed together has mostly one, and to spell it takes long. */
let known: { readonly seconds: number; readonly text: string } = { seconds: 0, text: new Date(0).toISOString() };

/** A time as packages tell it, in seconds since 1970. */
export function timeOf(seconds: number | null): string | null {
  if (seconds === null || seconds > LAST) return null;
  if (seconds !== known.seconds) known = { seconds, text: new Date(seconds * 1000).toISOString() };
  return known.text;
}

/** A whole number as lists spell sizes and times; null for anything else. */
export function sizeOf(text: string | null | undefined): number | null {
  return text && /^\d{1,15}$/.test(text) ? Number(text) : null;
}
