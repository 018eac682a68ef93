import type { Tree } from "../../../filesystem/tree.ts";
import { GuestkitError } from "../../../kit/errors.ts";
import { byName, type Installed, MAX_PACKAGES, sizeOf, timeOf } from "../package.ts";

/** Of one package: its texts have a few KiB. */
const MAX_DESC = 1 << 20;

/** What pacman has installed: a folder each, with a file `desc` (libalpm/be_local.c). Throws `E_PACMAN_SYNTAX`. */
export async function readPacman(tree: Tree, [folder = ""]: readonly string[]): Promise<readonly Installed[] | null> {
  const names = (await tree.names(folder)).filter((name) => name !== "ALPM_DB_VERSION");
  if (names.length > MAX_PACKAGES) throw wrong(folder, `there are more than ${MAX_PACKAGES}`);
  const found: Installed[] = [];
  for (const name of names) {
    const path = `${folder}/${name}/desc`;
    const text = await tree.readText(path, MAX_DESC);
    if (text === null) throw wrong(path, "there is no such file");
    found.push(toPackage(parseDesc(text), path));
  }
  return found.sort(byName);
}

/** Values by the name above them: `%NAME%`, then a line each, then an empty one. */
export function parseDesc(text: string): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  let values: string[] | null = null;
  for (const line of text.split("\n")) {
    const [, name] = /^%([A-Z0-9]+)%$/.exec(line) ?? [];
    if (line === "") values = null;
    else if (values) values.push(line);
    else if (name !== undefined) {
      values = [];
      found.set(name, values);
    }
  }
  return found;
}

/** A version is `[epoch:]version-release`. */
const VERSION = /^(?:(\d+):)?(.*)-([^-]*)$/;

function toPackage(values: ReadonlyMap<string, readonly string[]>, path: string): Installed {
  const one = (name: string) => values.get(name)?.[0] ?? null;
  const number = (name: string) => sizeOf(one(name));
  const name = one("NAME");
  if (name === null) throw wrong(path, "it names no package");
  const spelled = one("VERSION") ?? "";
  const [, epoch, version = spelled, release = null] = VERSION.exec(spelled) ?? [];
  return {
    ...{ name, epoch: epoch === undefined ? null : Number(epoch), version, release, arch: one("ARCH") },
    ...{ status: "installed", source: one("BASE") ?? name, size: number("SIZE"), vendor: null },
    license: values.get("LICENSE")?.join(" AND ") || null,
    installed_at: timeOf(number("INSTALLDATE")),
  };
}

function wrong(path: string, what: string): GuestkitError {
  return new GuestkitError("E_PACMAN_SYNTAX", `Cannot read the packages in "${path}": ${what}`, {
    at: { file: path },
    help: "The database is damaged: look at it with pacman -Dk in the guest.",
  });
}
