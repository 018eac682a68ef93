import type { Tree } from "../../filesystem/tree.ts";
import type { ByteSource } from "../../source/source.ts";
import { type Encoding, type Logs, openPages, type Pages } from "./pages.ts";
import { integerOf, textOf } from "./record.ts";
import { eachRow, type Visit } from "./table.ts";

export type { Logs } from "./pages.ts";
export { blobOf, integerOf, type Row, textOf } from "./record.ts";

/** A database of SQLite 3, read as its last commit left it. */
export interface Database {
  /** Of its texts. */
  readonly encoding: Encoding;
  /** Shows the rows of a table by their rowid; false where there is no such table. Throws `E_SQLITE_*`. */
  each(table: string, visit: Visit): Promise<boolean>;
}

const SCHEMA_ROOT = 1;

/** A database of a guest's with what SQLite keeps beside it; null where there is no such file. Throws `E_SQLITE_*`. */
export async function openDatabaseIn(tree: Tree, path: string): Promise<Database | null> {
  const file = await tree.open(path);
  if (!file) return null;
  const [ahead, rollback] = [await tree.open(`${path}-wal`), await tree.open(`${path}-journal`)];
  return openDatabase(file, { ahead, rollback });
}

/**
 * Opens a database. What is in its write-ahead log alone counts, and what a rollback journal says was not finished does
 * not. Tables with a rowid are read, as all are that were not declared WITHOUT ROWID. Throws `E_SQLITE_*`.
 */
export async function openDatabase(file: ByteSource, logs: Logs = {}): Promise<Database> {
  // What SQLite makes with its first table.
  if (file.size === 0) return { encoding: "utf-8", each: async () => false };
  const pages = await openPages(file, logs);
  const { encoding } = pages;
  return {
    encoding,
    each: async (table, visit) => {
      const root = await rootOf(pages, table);
      if (root !== null) await eachRow(pages, root, visit);
      return root !== null;
    },
  };
}

/** The page at which a table begins, as the schema has it. */
async function rootOf(pages: Pages, table: string): Promise<number | null> {
  const { encoding } = pages;
  let found: number | null = null;
  await eachRow(pages, SCHEMA_ROOT, async (row) => {
    const [type, name] = [await textOf(row, 0, encoding), await textOf(row, 1, encoding)];
    if (type === "table" && name === table) found = await integerOf(row, 3);
    return found === null;
  });
  return found;
}
