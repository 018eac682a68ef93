import type { Tree } from "../filesystem/tree.ts";
import { matchesName } from "./wildcard.ts";

/**
 * The paths that glob(7) makes of an absolute pattern, at most `most` of them, each folder's in the order of their names. What stands
 * behind the last wildcard need not be there.
 */
export async function expandGlob(tree: Tree, pattern: string, most: number): Promise<readonly string[]> {
  let paths = [""];
  for (const segment of pattern.split("/").slice(1)) {
    const next: string[] = [];
    for (const path of paths.slice(0, most)) {
      const names = /[*?[]/.test(segment)
        ? (await tree.names(path || "/")).filter((name) => matchesName(name, segment))
        : [segment];
      for (const name of names) next.push(`${path}/${name}`);
    }
    paths = next;
  }
  return paths.slice(0, most);
}
