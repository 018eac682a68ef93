import type { ByteSource } from "../../../source/source.ts";
import { blobOf, openDatabase } from "../../sqlite/index.ts";
import type { Blob } from "./blob.ts";
import { damaged } from "./fault.ts";

/** The headers in rpmdb.sqlite (rpm 4.16 and later). */
export async function* sqliteHeaders(file: ByteSource, log: ByteSource | null): AsyncGenerator<Blob> {
  const database = await openDatabase(file, log);
  for await (const row of (await database.table("Packages")) ?? []) {
    const blob = blobOf(row, 1);
    if (!blob) throw damaged(file.name, "ROW", 0, `package ${row.rowid} has no header`);
    yield blob;
  }
}
