import type { Tree } from "../../../filesystem/tree.ts";
import { GuestkitError } from "../../../kit/errors.ts";
import { byName, type Installed, MAX_PACKAGES, sizeOf, timeOf } from "../package.ts";
import { entriesOf } from "./plist.ts";

/** Its version stands in its name: 0.38 since 2014 (include/xbps.h.in, XBPS_PKGDB). */
const DATABASE = /^pkgdb-\d+\.\d+\.plist$/;
/** A desktop has 3 MiB. */
const MAX_DATABASE = 64 << 20;
/** Nothing of it is there, or its configuration alone (lib/package_state.c). */
const GONE: ReadonlySet<string> = new Set(["not-installed", "config-files"]);

/** What xbps has installed; null where it has no database. Throws `E_XBPS_SYNTAX`: a list is whole or none. */
export async function readXbps(tree: Tree, [folder = ""]: readonly string[]): Promise<readonly Installed[] | null> {
  const name = (await tree.names(folder)).findLast((each) => DATABASE.test(each));
  if (name === undefined) return null;
  const path = `${folder}/${name}`;
  const text = (await tree.readText(path, MAX_DATABASE)) ?? "";
  const found: Installed[] = [];
  for (const [own, values] of entriesOf(text, (what) => wrong(path, what))) {
    // Alternatives and the like stand beside the packages.
    if (own.startsWith("_")) continue;
    const one = toPackage(own, values, path);
    if (!GONE.has(one.status)) found.push(one);
    if (found.length > MAX_PACKAGES) throw wrong(path, `there are more than ${MAX_PACKAGES}`);
  }
  return found.sort(byName);
}

/**
 * `pkgver` is `name-version_revision`: the revision stays in the version, as xbps spells it; elsewhere a hyphen is put
 * before one. The source package's revision names where it was made.
 */
function toPackage(name: string, values: ReadonlyMap<string, string>, path: string): Installed {
  const full = values.get("pkgver") ?? "";
  if (!full.startsWith(`${name}-`)) throw wrong(path, `"${name}" has no version`);
  const source = /^([^:\s]+):/.exec(values.get("source-revisions") ?? "")?.[1];
  return {
    ...{
      name,
      epoch: null,
      version: full.slice(name.length + 1),
      release: null,
      arch: values.get("architecture") ?? null,
    },
    ...{ status: values.get("state") ?? "installed", source: source ?? null },
    ...{ size: sizeOf(values.get("installed_size")), vendor: null, license: values.get("license") ?? null },
    installed_at: timeOf(secondsOf(values.get("install-date"))),
  };
}

/** `2024-01-31 12:00 UTC` (lib/package_register.c); other zones' names tell no time of the world's. */
function secondsOf(text = ""): number | null {
  const [, day, time] = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d) (?:UTC|GMT)$/.exec(text) ?? [];
  const seconds = day === undefined ? Number.NaN : Date.parse(`${day}T${time}:00Z`) / 1000;
  return Number.isFinite(seconds) && seconds >= 0 ? seconds : null;
}

function wrong(path: string, what: string): GuestkitError {
  return new GuestkitError("E_XBPS_SYNTAX", `Cannot read the packages in "${path}": ${what}`, {
    at: { file: path },
    help: "The database is damaged: look at it with xbps-pkgdb -a in the guest.",
  });
}
