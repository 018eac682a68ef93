import type { Tree } from "../../../filesystem/tree.ts";
import { folderIn } from "../../../kit/path.ts";
import { parseSudoers, type SudoAlias, type SudoRule } from "./sudoers.ts";

/** What /etc/sudoers and the files that it takes in say. */
export interface Sudo {
  readonly rules: readonly (SudoRule & { readonly file: string })[];
  readonly aliases: readonly (SudoAlias & { readonly file: string })[];
  readonly defaults: readonly { readonly file: string; readonly setting: string }[];
}

const MAINS = ["/etc/sudoers", "/usr/etc/sudoers"];
/** Of sudo itself (MAX_SUDOERS_DEPTH). */
const MAX_DEPTH = 128;

/** Null where there is no sudoers. Files of a folder count by their names, but for those with a `.` or a `~` at the end. */
export async function readSudo(tree: Tree): Promise<Sudo | null> {
  const found = { rules: [], aliases: [], defaults: [] } as { -readonly [K in keyof Sudo]: Sudo[K][number][] };
  for (const main of MAINS) {
    if (await tree.resolve(main)) {
      await take(tree, main, 0, found);
      return found;
    }
  }
  return null;
}

async function take(
  tree: Tree,
  file: string,
  depth: number,
  found: { -readonly [K in keyof Sudo]: Sudo[K][number][] },
) {
  tree.budget.spend("entries", 1, file);
  const text = depth > MAX_DEPTH ? null : await tree.readText(file);
  const { rules, aliases, defaults, includes } = parseSudoers(text ?? "");
  for (const rule of rules) found.rules.push({ file, ...rule });
  for (const alias of aliases) found.aliases.push({ file, ...alias });
  for (const setting of defaults) found.defaults.push({ file, setting });
  for (const { path, isFolder } of includes) {
    const place = path.startsWith("/") ? path : `${folderIn(file)}/${path}`;
    const names = isFolder ? (await tree.names(place)).filter((name) => !/\.|~$/.test(name)) : [];
    for (const each of isFolder ? names.map((name) => `${place}/${name}`) : [place])
      await take(tree, each, depth + 1, found);
  }
}
