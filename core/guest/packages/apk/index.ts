import type { Tree } from "../../../filesystem/tree.ts";
import { GuestkitError } from "../../../kit/errors.ts";
import { byName, type Installed, MAX_PACKAGES, sizeOf } from "../package.ts";
import { type Paragraph, paragraphs } from "../paragraphs.ts";

/** Fields of apk-package(5) that are wanted, by their letter. */
const FIELDS = { P: "name", V: "version", A: "arch", I: "size", L: "license", o: "source" } as const;
type Field = (typeof FIELDS)[keyof typeof FIELDS];

/** What apk has installed, by its name; null where there is no list. Throws `E_APK_SYNTAX`: a list is whole or none. */
export async function readApk(tree: Tree, [path = ""]: readonly string[]): Promise<readonly Installed[] | null> {
  const content = await tree.stream(path);
  if (!content) return null;
  const found: Installed[] = [];
  for await (const each of paragraphs<Field>(content, FIELDS)) {
    found.push(toPackage(each, path));
    if (found.length > MAX_PACKAGES) throw wrong(path, `there are more than ${MAX_PACKAGES}`);
  }
  return found.sort(byName);
}

/** A version is `1.36.1-r5`: what stands behind the last hyphen is the distribution's. */
function toPackage({ name, version = "", ...rest }: Paragraph<Field>, path: string): Installed {
  if (!name) throw wrong(path, "a paragraph names no package");
  const [, upstream = version, release = null] = /^(.*)-(r\d+)$/.exec(version) ?? [];
  return {
    ...{ name, epoch: null, version: upstream, release, arch: rest.arch ?? null, status: "installed" },
    ...{ source: rest.source ?? name, size: sizeOf(rest.size) },
    ...{ vendor: null, license: rest.license ?? null, installed_at: null },
  };
}

function wrong(path: string, what: string): GuestkitError {
  return new GuestkitError("E_APK_SYNTAX", `Cannot read the packages in "${path}": ${what}`, {
    at: { file: path },
    help: "The database is damaged: apk fix, in the guest, makes it anew.",
  });
}
