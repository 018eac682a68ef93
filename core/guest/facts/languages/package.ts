import { urlOf } from "../../packages/purl.ts";

/** Kinds of packages, by the types of package URLs. */
export const ECOSYSTEMS = ["cargo", "gem", "golang", "maven", "npm", "pypi"] as const;
export type Ecosystem = (typeof ECOSYSTEMS)[number];

/** A package of a language, which the distribution's packages may or may not have brought. */
export interface LanguagePackage {
  readonly ecosystem: Ecosystem;
  /** As its ecosystem spells it: `@scope/name`, `group:artifact`, `github.com/a/b`. */
  readonly name: string;
  readonly version: string | null;
  /** What tells of it: a folder's metadata, or the program that it is part of. */
  readonly path: string;
  /** Null where its ecosystem would not find it by one. */
  readonly purl: string | null;
}

/** Longer ones are none. */
const LONGEST = 512;

/** Null for what is no name. */
export function languagePackage(
  ecosystem: Ecosystem,
  name: string,
  version: string | null,
  path: string,
): LanguagePackage | null {
  if (name === "" || name.length > LONGEST || (version?.length ?? 0) > LONGEST) return null;
  return { ecosystem, name, version: version || null, path, purl: purl(ecosystem, name, version) };
}

/** purl-spec, types: names that are compared without regard to case or marks are spelled in one way. */
function purl(ecosystem: Ecosystem, name: string, version: string | null): string | null {
  if (ecosystem === "pypi") return urlOf(ecosystem, [name.toLowerCase().replace(/[-_.]+/g, "-")], version);
  if (ecosystem === "maven") return name.includes(":") ? urlOf(ecosystem, name.split(":"), version) : null;
  // A folder that was taken in place of a module.
  if (ecosystem === "golang" && /^[./]/.test(name)) return null;
  if (ecosystem === "golang") return urlOf(ecosystem, name.toLowerCase().split("/"), version);
  return urlOf(ecosystem, name.split("/"), version);
}
