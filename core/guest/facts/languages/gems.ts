import type { Tree } from "../../../filesystem/tree.ts";
import type { Find } from "./find.ts";
import { type LanguagePackage, languagePackage } from "./package.ts";

const HEAD = 4096;

/** Gems by their specifications, those that came with Ruby (default) too. */
export async function readGems(tree: Tree, { path }: Find): Promise<readonly LanguagePackage[]> {
  const found: LanguagePackage[] = [];
  for (const folder of [path, `${path}/default`]) {
    for (const name of await tree.names(folder)) {
      const each = name.endsWith(".gemspec") ? await readOne(tree, `${folder}/${name}`, name) : null;
      if (each) found.push(each);
    }
  }
  return found;
}

/** By the line that RubyGems writes for itself, `# stub: name version platform paths`, else by the file's name. */
async function readOne(tree: Tree, path: string, file: string): Promise<LanguagePackage | null> {
  const source = await tree.open(path);
  if (!source) return null;
  const length = Math.min(HEAD, source.size);
  tree.budget.spend("bytes", length, path);
  const head = new TextDecoder().decode(await source.read(0, length));
  const stub = /^# stub: (\S+) (\S+)/m.exec(head) ?? /^(.{1,255})-(\d[^-]*)(?:-.*)?\.gemspec$/.exec(file);
  return stub ? languagePackage("gem", stub[1] as string, stub[2] as string, path) : null;
}
