import type { Release } from "../release.ts";
import type { Installed, PackageFormat } from "./package.ts";

/** How a family's packages are named: the type, and whether the distribution stands before the name. */
interface Rule {
  readonly type: string;
  /** The distribution's part; left out, its ID. */
  readonly namespace?: null;
  /** Names are the same in any case, and spelled small. */
  readonly small?: true;
  /** Where the epoch stands: in the version, or as a qualifier. */
  readonly epoch: "version" | "qualifier";
}

/** https://github.com/package-url/purl-spec, types-doc. Null where no type is specified: a name of our own would match nothing. */
const RULES: Readonly<Record<PackageFormat, Rule | null>> = {
  deb: { type: "deb", small: true, epoch: "version" },
  rpm: { type: "rpm", epoch: "qualifier" },
  apk: { type: "apk", small: true, epoch: "version" },
  pacman: { type: "alpm", small: true, epoch: "version" },
  ebuild: { type: "ebuild", namespace: null, epoch: "version" },
  nix: null,
  xbps: null,
  opkg: null,
  slackware: null,
};

/**
 * A package's URL: `pkg:deb/debian/zlib1g@1:1.2.13.dfsg-1?arch=amd64&distro=debian-12&upstream=zlib`. Null where its
 * kind has none, or no distribution gives it a namespace.
 */
export function purlOf(
  each: Installed,
  format: PackageFormat,
  { distro, version }: Pick<Release, "distro" | "version">,
): string | null {
  const rule = RULES[format];
  if (!rule) return null;
  const namespace = rule.namespace === null ? "" : `${encode((distro ?? "").toLowerCase())}/`;
  if (namespace === "/") return null;
  const { epoch, arch, source } = each;
  const name = rule.small ? each.name.toLowerCase() : each.name;
  const revision = each.release === null ? "" : `-${each.release}`;
  const full = `${rule.epoch === "version" && epoch !== null ? `${epoch}:` : ""}${each.version}${revision}`;
  const system = distro === null ? null : `${distro}${version === null ? "" : `-${version}`}`;
  const qualifiers = [
    qualifier("arch", arch),
    qualifier("distro", system),
    qualifier("epoch", rule.epoch === "qualifier" && epoch !== null ? String(epoch) : null),
    qualifier("upstream", source === each.name ? null : source),
  ].join("");
  const path = PLAIN.test(name) ? name : name.split("/").map(encode).join("/");
  // Behind the first one's mark, which stands between the others.
  const tail = qualifiers === "" ? "" : `?${qualifiers.slice(1)}`;
  return `pkg:${rule.type}/${namespace}${path}${full === "" ? "" : `@${encode(full)}`}${tail}`;
}

const qualifier = (key: string, value: string | null) => (value ? `&${key}=${encode(value)}` : "");

/** Of a package that no distribution made: `pkg:npm/%40scope/name@1.0.0`. */
export function urlOf(type: string, names: readonly string[], version: string | null): string {
  return `pkg:${type}/${names.map(encode).join("/")}${version ? `@${encode(version)}` : ""}`;
}

/** What needs no encoding: most of what packages are named by. */
const PLAIN = /^[\w.\-~:]*$/;

/** All but letters, digits, `.-_~` and the colon, which is never encoded (purl-spec, "Character encoding"). */
function encode(text: string): string {
  if (PLAIN.test(text)) return text;
  return encodeURIComponent(text.toWellFormed())
    .replace(/[!'()*]/g, (each) => `%${each.charCodeAt(0).toString(16).toUpperCase()}`)
    .replace(/%3A/g, ":");
}
