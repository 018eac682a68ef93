import { nameIn } from "../../../kit/path.ts";
import { readZipDirectory, readZipEntry, type ZipEntry } from "../../zip.ts";
import type { Known } from "../fact.ts";
import type { Find } from "./find.ts";
import { type LanguagePackage, languagePackage } from "./package.ts";

const MANIFEST = "META-INF/MANIFEST.MF";
const POM = /^META-INF\/maven\/[^/]+\/[^/]+\/pom\.properties$/;
const LARGEST = 1 << 20;
/** Of one archive. */
const MAX_POMS = 1000;

/** What Maven left in an archive, each artifact that was put together in it; else what its manifest says. Throws `E_ZIP`. */
export async function readJar({ tree, codec, warn }: Known, { path, node }: Find): Promise<readonly LanguagePackage[]> {
  const source = await node.fs.open(node.inode);
  const entries = await readZipDirectory(source, (bytes) => tree.budget.spend("bytes", bytes, path));
  const text = async (entry: ZipEntry) => {
    // What it unpacks to as well: many may be one piece that grows a thousandfold.
    tree.budget.spend("bytes", entry.packed + entry.size, path);
    return new TextDecoder().decode(await readZipEntry(source, entry, codec, LARGEST));
  };
  const found: LanguagePackage[] = [];
  const poms = (entries ?? []).filter(({ name }) => POM.test(name));
  if (poms.length > MAX_POMS)
    warn(`${path} has ${poms.length} artifacts in it, of which the first ${MAX_POMS} are told`);
  for (const entry of poms.slice(0, MAX_POMS)) {
    const set = parseProperties(await text(entry));
    const [group, artifact, version] = ["groupId", "artifactId", "version"].map((key) => set.get(key) ?? "");
    const each = group && artifact ? languagePackage("maven", `${group}:${artifact}`, version ?? null, path) : null;
    if (each) found.push(each);
  }
  const manifest = entries?.find(({ name }) => name === MANIFEST);
  if (found.length > 0 || !manifest) return found;
  const each = fromManifest(await text(manifest), path);
  return each ? [each] : [];
}

/** `name=value` lines; escapes stand in no such file. */
function parseProperties(text: string): ReadonlyMap<string, string> {
  const lines = text.split(/\r?\n/).filter((line) => !line.startsWith("#") && line.includes("="));
  return new Map(
    lines.map((line) => [line.slice(0, line.indexOf("=")).trim(), line.slice(line.indexOf("=") + 1).trim()]),
  );
}

/** Its main section; a line that begins with a blank goes on with the one before. */
function fromManifest(text: string, path: string): LanguagePackage | null {
  const [main = ""] = text.replace(/\r\n/g, "\n").replace(/\n /g, "").split("\n\n", 1);
  const set = new Map(
    main
      .split("\n")
      .map((line) => [line.slice(0, Math.max(0, line.indexOf(":"))), line.slice(line.indexOf(":") + 1).trim()]),
  );
  const [bundle = ""] = (set.get("Bundle-SymbolicName") ?? "").split(";", 1);
  const [, file = "", named = null] = /([^/]*?)(?:-(\d[^/]*))?\.[jwe]ar$/.exec(nameIn(path)) ?? [];
  const name = bundle || set.get("Implementation-Title") || set.get("Automatic-Module-Name") || file;
  const version = set.get("Implementation-Version") ?? set.get("Bundle-Version") ?? named;
  return languagePackage("maven", name, version, path);
}
