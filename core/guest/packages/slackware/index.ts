import type { Tree } from "../../../filesystem/tree.ts";
import { GuestkitError } from "../../../kit/errors.ts";
import { byName, type Installed, MAX_PACKAGES } from "../package.ts";

/** What is wanted stands at a file's start, before its list of files. */
const HEAD = 1024;

/**
 * What Slackware's pkgtools have installed, of the first of these folders that holds any: a file a package, by its name
 * `name-version-arch-build` (installpkg(8), package_name in its script). Throws `E_SLACKWARE_SYNTAX`.
 */
export async function readSlackware(tree: Tree, folders: readonly string[]): Promise<readonly Installed[] | null> {
  for (const folder of folders) {
    const names = await tree.names(folder);
    if (names.length > MAX_PACKAGES) throw wrong(folder, `there are more than ${MAX_PACKAGES}`);
    if (names.length > 0) return collect(tree, folder, names);
  }
  return null;
}

async function collect(tree: Tree, folder: string, names: readonly string[]): Promise<readonly Installed[]> {
  const found: Installed[] = [];
  for (const each of names) {
    const [, name, version = "", arch = null, release = null] = /^(.+)-([^-]+)-([^-]+)-([^-]+)$/.exec(each) ?? [];
    if (name === undefined) throw wrong(`${folder}/${each}`, "its name has no version, architecture and build");
    found.push({
      ...{ name, epoch: null, version, release, arch, status: "installed", source: null },
      size: await sizeIn(tree, `${folder}/${each}`),
      ...{ vendor: null, license: null, installed_at: null },
    });
  }
  return found.sort(byName);
}

/** `UNCOMPRESSED PACKAGE SIZE:     2.8M`, as du -h rounds it; elder ones say `2800 K`. */
async function sizeIn(tree: Tree, path: string): Promise<number | null> {
  const file = await tree.open(path);
  if (!file) throw wrong(path, "it is no file");
  const head = new TextDecoder().decode(await file.read(0, Math.min(HEAD, file.size)));
  const [, number, unit = ""] = /^UNCOMPRESSED PACKAGE SIZE:[ \t]{1,40}(\d{1,9}(?:\.\d)?) ?([KMG])/m.exec(head) ?? [];
  return number === undefined ? null : Math.round(Number(number) * 1024 ** (1 + "KMG".indexOf(unit)));
}

function wrong(path: string, what: string): GuestkitError {
  return new GuestkitError("E_SLACKWARE_SYNTAX", `Cannot read the packages in "${path}": ${what}`, {
    at: { file: path },
    help: "The list is damaged: look at it with pkgtool in the guest.",
  });
}
