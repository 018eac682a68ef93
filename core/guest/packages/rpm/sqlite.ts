import type { Tree } from "../../../filesystem/tree.ts";
import type { Pieces } from "../../pieces.ts";
import { blobOf, type Database, openDatabaseIn } from "../../sqlite/index.ts";
import { damaged } from "./fault.ts";

/** The headers in rpmdb.sqlite (rpm 4.16 and later); null where there is no such file. */
export async function sqliteHeaders(tree: Tree, folder: string): Promise<AsyncIterable<Pieces> | null> {
  const path = `${folder}/rpmdb.sqlite`;
  const database = await openDatabaseIn(tree, path);
  return database && headersOf(database, path);
}

async function* headersOf(database: Database, path: string): AsyncGenerator<Pieces> {
  for await (const row of (await database.table("Packages")) ?? []) {
    const blob = blobOf(row, 1);
    if (!blob) throw damaged(path, "ROW", 0, `package ${row.rowid} has no header`);
    yield blob;
  }
}
