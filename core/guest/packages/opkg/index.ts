import type { Tree } from "../../../filesystem/tree.ts";
import { GuestkitError } from "../../../kit/errors.ts";
import { splitVersion } from "../dpkg/status-reader.ts";
import { byName, type Installed, MAX_PACKAGES, sizeOf, timeOf } from "../package.ts";
import { type Paragraph, paragraphs } from "../paragraphs.ts";

/** Fields that opkg writes (libopkg/pkg.c, pkg_formatted_field). */
const FIELDS = {
  Package: "name",
  Version: "version",
  Architecture: "arch",
  Status: "status",
  "Installed-Size": "size",
  "Installed-Time": "time",
} as const;
type Field = (typeof FIELDS)[keyof typeof FIELDS];

/** Nothing of it is there, or its configuration alone. */
const GONE: ReadonlySet<string> = new Set(["not-installed", "config-files"]);

/** What opkg has installed, of the first of these lists that is there. Throws `E_OPKG_SYNTAX`: a list is whole or none. */
export async function readOpkg(tree: Tree, places: readonly string[]): Promise<readonly Installed[] | null> {
  for (const path of places) {
    const content = await tree.stream(path);
    if (content) return collect(content, path);
  }
  return null;
}

async function collect(content: AsyncIterable<Uint8Array>, path: string): Promise<readonly Installed[]> {
  const found: Installed[] = [];
  for await (const each of paragraphs<Field>(content, FIELDS)) {
    const one = toPackage(each, path);
    if (!GONE.has(one.status)) found.push(one);
    if (found.length > MAX_PACKAGES) throw wrong(path, `there are more than ${MAX_PACKAGES}`);
  }
  return found.sort(byName);
}

/** Of a status the third word: what is, beside what is wanted. Sizes are bytes, other than dpkg's. */
function toPackage({ name, version = "", arch, status, size, time }: Paragraph<Field>, path: string): Installed {
  if (!name) throw wrong(path, "a paragraph names no package");
  return {
    ...{ name, ...splitVersion(version), arch: arch ?? null, status: status?.split(/\s+/)[2] ?? "installed" },
    ...{ source: null, size: sizeOf(size), vendor: null, license: null, installed_at: timeOf(sizeOf(time)) },
  };
}

function wrong(path: string, what: string): GuestkitError {
  return new GuestkitError("E_OPKG_SYNTAX", `Cannot read the packages in "${path}": ${what}`, {
    at: { file: path },
    help: "The database is damaged: look at it with opkg list-installed in the guest.",
  });
}
