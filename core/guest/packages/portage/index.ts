import type { Tree } from "../../../filesystem/tree.ts";
import { GuestkitError } from "../../../kit/errors.ts";
import { byName, type Installed, MAX_PACKAGES, sizeOf, timeOf } from "../package.ts";

/** Files of one value each. */
const MAX_VALUE = 64 << 10;

/**
 * What portage has installed: folders of categories, in each a folder a package, in that a file a value (Package Manager
 * Specification, and portage's own SIZE and BUILD_TIME).
 */
export async function readPortage(tree: Tree, [folder = ""]: readonly string[]): Promise<readonly Installed[] | null> {
  const found: Installed[] = [];
  for (const category of await tree.names(folder)) {
    for (const name of await tree.names(`${folder}/${category}`)) {
      // Portage puts together under a name like this, and takes away under it.
      if (name.startsWith("-MERGING-")) continue;
      found.push(await readPackage(tree, folder, category, name));
      if (found.length > MAX_PACKAGES) throw wrong(folder, `there are more than ${MAX_PACKAGES}`);
    }
  }
  return found.sort(byName);
}

/** A package's version begins behind the last hyphen that a digit follows, but for its revision (PMS, section 3.2). */
const NAME = /^(.+?)-(\d[\w.]*?(?:_(?:alpha|beta|pre|rc|p)\d*)*)(?:-(r\d+))?$/;

async function readPackage(tree: Tree, folder: string, category: string, place: string): Promise<Installed> {
  const path = `${folder}/${category}/${place}`;
  const [, name, version = "", release = null] = NAME.exec(place) ?? [];
  if (name === undefined) throw wrong(path, "its name has no version");
  const value = async (of: string) => (await tree.readText(`${path}/${of}`, MAX_VALUE))?.trim() || null;
  const number = async (of: string) => sizeOf(await value(of));
  return {
    ...{ name: `${category}/${name}`, epoch: null, version, release, arch: machineOf(await value("CHOST")) },
    ...{ status: "installed", source: null, size: await number("SIZE"), vendor: null },
    ...{ license: await value("LICENSE"), installed_at: timeOf(await number("BUILD_TIME")) },
  };
}

/** `x86_64` of `x86_64-pc-linux-gnu`. */
const machineOf = (host: string | null): string | null => host?.split("-", 1)[0] || null;

function wrong(path: string, what: string): GuestkitError {
  return new GuestkitError("E_PORTAGE_SYNTAX", `Cannot read the packages in "${path}": ${what}`, {
    at: { file: path },
    help: "The database is damaged: look at it with emaint --check all in the guest.",
  });
}
