import type { Tree } from "../../../filesystem/tree.ts";
import type { Find } from "./find.ts";
import { type LanguagePackage, languagePackage } from "./package.ts";

/** Names and versions stand at the start, before the description. */
const HEAD = 16 << 10;

/** Of METADATA in a .dist-info, PKG-INFO in an .egg-info, or an .egg-info that is a file (packaging.python.org, core metadata). */
export async function readPython(tree: Tree, { path, isFolder }: Find): Promise<readonly LanguagePackage[]> {
  const file = !isFolder ? path : `${path}/${path.endsWith(".dist-info") ? "METADATA" : "PKG-INFO"}`;
  const source = await tree.open(file);
  if (!source) return [];
  const length = Math.min(HEAD, source.size);
  tree.budget.spend("bytes", length, file);
  const [head = ""] = new TextDecoder().decode(await source.read(0, length)).split(/\r?\n\r?\n/, 1);
  const [, name] = /^Name:[ \t]*(\S+)/m.exec(head) ?? [];
  const [, version] = /^Version:[ \t]*(\S+)/m.exec(head) ?? [];
  const found = name === undefined ? null : languagePackage("pypi", name, version ?? null, file);
  return found ? [found] : [];
}
