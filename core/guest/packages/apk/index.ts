import type { Tree } from "../../../filesystem/tree.ts";
import { GuestkitError } from "../../../kit/errors.ts";
import { LineCutter } from "../../../kit/lines.ts";
import { byName, type Installed, MAX_PACKAGES } from "../package.ts";

/** Longer lines are texts for people. */
const MAX_LINE = 4096;

/** Fields of apk-package(5) that are wanted, by their letter. */
const FIELDS = { P: "name", V: "version", A: "arch", I: "size", L: "license", o: "source" } as const;
type Stanza = Partial<Record<(typeof FIELDS)[keyof typeof FIELDS], string>>;

/** What apk has installed, by its name; null where there is no list. Throws `E_APK_SYNTAX`: a list is whole or none. */
export async function readApk(tree: Tree, [path = ""]: readonly string[]): Promise<readonly Installed[] | null> {
  const content = await tree.stream(path);
  if (!content) return null;
  const found: Installed[] = [];
  let stanza: Stanza | null = null;
  const finish = () => {
    if (stanza) found.push(toPackage(stanza, path));
    stanza = null;
  };
  const cutter = new LineCutter(
    (line) => {
      if (line?.length === 0) finish();
      else stanza = withField(stanza ?? {}, line);
    },
    { most: MAX_LINE },
  );
  for await (const piece of content) {
    cutter.push(piece);
    if (found.length > MAX_PACKAGES) throw wrong(path, `there are more than ${MAX_PACKAGES}`);
  }
  cutter.end();
  finish();
  return found.sort(byName);
}

const COLON = 0x3a;
const decoder = new TextDecoder();

/** Lines of files, and of what is not wanted, change nothing. */
function withField(stanza: Stanza, line: Uint8Array | null): Stanza {
  const letter = line && line[1] === COLON ? String.fromCharCode(line[0] ?? 0) : "";
  if (!line || !Object.hasOwn(FIELDS, letter)) return stanza;
  stanza[FIELDS[letter as keyof typeof FIELDS]] = decoder.decode(line.subarray(2));
  return stanza;
}

/** A version is `1.36.1-r5`: what stands behind the last hyphen is the distribution's. */
function toPackage({ name, version = "", arch, size, license, source }: Stanza, path: string): Installed {
  if (!name) throw wrong(path, "a paragraph names no package");
  const [, upstream = version, release = null] = /^(.*)-(r\d+)$/.exec(version) ?? [];
  return {
    ...{ name, epoch: null, version: upstream, release, arch: arch ?? null, status: "installed" },
    source: source ?? name,
    size: size && /^\d{1,15}$/.test(size) ? Number(size) : null,
    ...{ vendor: null, license: license ?? null, installed_at: null },
  };
}

function wrong(path: string, what: string): GuestkitError {
  return new GuestkitError("E_APK_SYNTAX", `Cannot read the packages in "${path}": ${what}`, {
    at: { file: path },
    help: "The database is damaged: apk fix, in the guest, makes it anew.",
  });
}
