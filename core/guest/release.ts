import type { Tree } from "../filesystem/tree.ts";
import { parseAssignments } from "./assignments.ts";

/** Which distribution a system is. */
export interface Release {
  /** os-release's ID: `debian`, `ubuntu`, `fedora`. */
  readonly distro: string | null;
  /** VERSION_ID: `12`, `24.04`; null where a distribution rolls. */
  readonly version: string | null;
  /** PRETTY_NAME, for people. */
  readonly product_name: string | null;
  /** VERSION_CODENAME: `bookworm`. */
  readonly codename: string | null;
  /** VARIANT_ID: `server`, `silverblue`. */
  readonly product_variant: string | null;
  /** ID_LIKE: distributions that it was made of, the nearest first. */
  readonly like: readonly string[];
}

/** Longer first lines are no name of a system. */
const MAX_LINE = 256;
/** Distributions that one says it is like. */
const MOST_LIKE = 16;
/** Nor is there much below one. */
const MAX_FILE = 4096;

type Elder = (text: string) => Plain;

/** What elder files tell. */
type Plain = Omit<Release, "product_variant" | "like">;

/** What distributions wrote before os-release(5), or beside it. */
const ELDERS: readonly (readonly [path: string, read: Elder])[] = [
  ["/etc/lsb-release", fromLsb],
  ["/etc/fedora-release", named("fedora")],
  ["/etc/centos-release", named("centos")],
  ["/etc/redhat-release", fromRedHat],
  ["/etc/SuSE-release", fromSuse],
  ["/etc/alpine-release", numbered("alpine", "Alpine Linux")],
  ["/etc/debian_version", fromDebian],
  ["/etc/arch-release", named("arch")],
  ["/etc/gentoo-release", named("gentoo")],
  ["/etc/slackware-version", named("slackware")],
  ["/etc/system-release", fromRedHat],
  // A mark without content, for nixos-install and the like.
  ["/etc/NIXOS", named("nixos")],
];

/** What NixOS lays below /etc when it starts. */
const NIX_RELEASE = "/nix/var/nix/profiles/system/etc/os-release";

/** The distribution of a tree; null where no file says that an operating system is there. */
export async function readRelease(tree: Tree): Promise<Release | null> {
  for (const path of ["/etc/os-release", "/usr/lib/os-release", "/etc/initrd-release", NIX_RELEASE]) {
    const text = await tree.readText(path);
    if (text) return fromOsRelease(text);
  }
  let unnamed: Plain | null = null;
  for (const [path, read] of ELDERS) {
    const text = await tree.readText(path);
    const release = text === null ? null : read(text);
    // An lsb-release may tell of the standard alone.
    if (release?.distro) return { ...release, ...ALONE };
    unnamed ??= release;
  }
  return unnamed && { ...unnamed, ...ALONE };
}

const ALONE = { product_variant: null, like: [] } as const;

/** ID is `linux` and the name `Linux` where the file does not say (os-release(5)). */
function fromOsRelease(text: string): Release {
  const values = parseAssignments(text);
  return {
    distro: values.get("ID") || "linux",
    version: values.get("VERSION_ID") || null,
    product_name: values.get("PRETTY_NAME") || values.get("NAME") || "Linux",
    codename: values.get("VERSION_CODENAME") || null,
    product_variant: values.get("VARIANT_ID") || null,
    like: (values.get("ID_LIKE") ?? "").split(/\s+/).filter(Boolean).slice(0, MOST_LIKE),
  };
}

function fromLsb(text: string): Plain {
  const values = parseAssignments(text);
  return {
    distro: values.get("DISTRIB_ID")?.toLowerCase() || null,
    version: values.get("DISTRIB_RELEASE") || null,
    product_name: values.get("DISTRIB_DESCRIPTION") || null,
    codename: values.get("DISTRIB_CODENAME") || null,
  };
}

/** `12.4`, or `trixie/sid`: only the major number is what VERSION_ID would be. */
function fromDebian(text: string): Plain {
  const line = firstLine(text);
  const version = /^\d+/.exec(line)?.[0] ?? null;
  const codename = /^([a-z]+)\/sid/.exec(line)?.[1] ?? null;
  return { distro: "debian", version, product_name: `Debian GNU/Linux ${line}`.trim(), codename };
}

/** `CentOS Linux release 7.9.2009 (Core)`. */
function fromRedHat(text: string): Plain {
  const line = firstLine(text);
  const ids = {
    "Red Hat": "rhel",
    CentOS: "centos",
    Fedora: "fedora",
    Rocky: "rocky",
    Alma: "almalinux",
    Oracle: "ol",
  };
  const distro = Object.entries(ids).find(([name]) => line.includes(name))?.[1] ?? null;
  return { ...named(distro)(text) };
}

/** `SUSE Linux Enterprise Server 11 (x86_64)`, and below it VERSION, PATCHLEVEL or CODENAME. */
function fromSuse(text: string): Plain {
  const line = firstLine(text);
  const kinds: Readonly<Record<string, RegExp>> = {
    sled: /enterprise desktop|linux desktop/i,
    sles: /enterprise/i,
    opensuse: /opensuse/i,
  };
  const values = parseAssignments(text.slice(0, MAX_FILE).replace(/^(\w+)[ \t]*=[ \t]*/gm, "$1="));
  const [version, level] = [values.get("VERSION"), values.get("PATCHLEVEL")];
  return {
    distro: Object.entries(kinds).find(([, pattern]) => pattern.test(line))?.[0] ?? "suse",
    version: version
      ? `${version}${level && level !== "0" ? `.${level}` : ""}`
      : (/\d+(?:\.\d+)*/.exec(line)?.[0] ?? null),
    product_name: line || null,
    codename: values.get("CODENAME") || null,
  };
}

function named(distro: string | null): Elder {
  return (text) => {
    const line = firstLine(text);
    const version = /(?:release\s+)?(\d+(?:\.\d+)*)/.exec(line)?.[1] ?? null;
    return { distro, version, product_name: line || null, codename: /\(([^)]+)\)/.exec(line)?.[1] ?? null };
  };
}

function numbered(distro: string, name: string): Elder {
  return (text) => ({ distro, version: firstLine(text), product_name: `${name} ${firstLine(text)}`, codename: null });
}

function firstLine(text: string): string {
  return text.slice(0, MAX_LINE).split(/\r|\n/, 1)[0]?.trim() ?? "";
}
