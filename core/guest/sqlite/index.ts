import type { Tree } from "../../filesystem/tree.ts";
import type { ByteSource } from "../../source/source.ts";
import { type Encoding, type Logs, openPages } from "./pages.ts";
import { integerOf, type Row, textOf } from "./record.ts";
import { rows } from "./table.ts";

export type { Logs } from "./pages.ts";
export { blobOf, integerOf, type Row, textOf } from "./record.ts";

/** A database of SQLite 3, read as its last commit left it. */
export interface Database {
  /** Of its texts. */
  readonly encoding: Encoding;
  /** Rows of a table by their rowid; null where there is no such table. Throws `E_SQLITE_*`. */
  table(name: string): Promise<AsyncIterable<Row> | null>;
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
  if (file.size === 0) return { encoding: "utf-8", table: async () => null };
  const pages = await openPages(file, logs);
  const { encoding } = pages;
  return {
    encoding,
    table: async (name) => {
      for await (const row of rows(pages, SCHEMA_ROOT)) {
        const [type, own, root] = [
          await textOf(row, 0, encoding),
          await textOf(row, 1, encoding),
          await integerOf(row, 3),
        ];
        if (type === "table" && own === name && root !== null) return rows(pages, root);
      }
      return null;
    },
  };
}
