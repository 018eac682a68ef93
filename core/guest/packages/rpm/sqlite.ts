import type { Tree } from "../../../filesystem/tree.ts";
import { blobOf, openDatabaseIn } from "../../sqlite/index.ts";
import { damaged } from "./fault.ts";
import type { Visit } from "./header.ts";

/** Shows the headers in rpmdb.sqlite (rpm 4.16 and later); false where there is no such file. */
export async function eachOfSqlite(tree: Tree, folder: string, visit: Visit): Promise<boolean> {
  const path = `${folder}/rpmdb.sqlite`;
  const database = await openDatabaseIn(tree, path);
  await database?.each("Packages", (row) => {
    const blob = blobOf(row, 1);
    if (!blob) throw damaged(path, "ROW", 0, `package ${row.rowid} has no header`);
    return visit(blob);
  });
  return database !== null;
}
