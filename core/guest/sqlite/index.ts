import type { ByteSource } from "../../source/source.ts";
import { openPages } from "./pages.ts";
import { integerOf, type Row, textOf } from "./record.ts";
import { rows } from "./table.ts";

export { blobOf, integerOf, type Row, textOf } from "./record.ts";

/** A database of SQLite 3, read as its last commit left it. */
export interface Database {
  /** Rows of a table by their rowid; null where there is no such table. Throws `E_SQLITE_*`. */
  table(name: string): Promise<AsyncIterable<Row> | null>;
}

const SCHEMA_ROOT = 1;

/**
 * Opens a database with its write-ahead log (`-wal` beside it), where there is one: what is only there counts. Tables with
 * a rowid are read, as all are that were not declared WITHOUT ROWID. Throws `E_SQLITE_*`.
 */
export async function openDatabase(file: ByteSource, log: ByteSource | null): Promise<Database> {
  // What SQLite makes with its first table.
  if (file.size === 0) return { table: async () => null };
  const pages = await openPages(file, log);
  return {
    table: async (name) => {
      for await (const row of rows(pages, SCHEMA_ROOT)) {
        const [type, own, root] = [
          await textOf(row, 0, pages.encoding),
          await textOf(row, 1, pages.encoding),
          await integerOf(row, 3),
        ];
        if (type === "table" && own === name && root !== null) return rows(pages, root);
      }
      return null;
    },
  };
}
