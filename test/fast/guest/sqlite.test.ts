import { copyFile, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { crc32 } from "node:zlib";
import { describe, expect, it } from "vitest";
import { blobOf, integerOf, openDatabase, textOf } from "../../../core/guest/sqlite/index.ts";
import { GuestkitError } from "../../../core/kit/errors.ts";
import { memorySource } from "../../../core/source/memory.ts";
import { Random } from "../../support/random.ts";
import { scratch } from "../../support/scratch.ts";

const dir = await scratch("sqlite");

const summed = (bytes: Uint8Array) => `${bytes.length} ${crc32(bytes)}`;

type Values = readonly [rowid: number, bytes: string, text: string | null, number: number | null];

/** A database by SQLite itself, its rows as SQLite tells them, and its files as they lie there while it is open. */
async function made(name: string, pragmas: string, rows = 300) {
  const path = join(dir, name);
  const database = new DatabaseSync(path);
  database.exec(
    `${pragmas}; PRAGMA synchronous = OFF; CREATE TABLE other (a); CREATE TABLE p (h INTEGER PRIMARY KEY, b BLOB, t TEXT, n)`,
  );
  const insert = database.prepare("INSERT INTO p VALUES (?, ?, ?, ?)");
  const random = new Random(name.length);
  for (let row = 0; row < rows; row++) {
    if (row % 20 === 0) database.exec(row === 0 ? "BEGIN" : "COMMIT; BEGIN");
    const size = random.below(row % 25 === 0 ? 150_000 : 900);
    const number = row % 7 === 0 ? null : BigInt((row % 2 ? -1 : 1) * random.below(2 ** (1 + (row % 46))));
    insert.run((row * 7) % 3001, Buffer.alloc(size, row & 255), row % 9 === 0 ? null : `tür ${row}`, number);
  }
  database.exec("COMMIT; DELETE FROM p WHERE h % 5 = 0");
  const [file, log] = [`${path}.copy`, `${path}.copy-wal`];
  await copyFile(path, file);
  const hasLog = await stat(`${path}-wal`).then(
    () => true,
    () => false,
  );
  if (hasLog) await copyFile(`${path}-wal`, log);
  const expected = valuesIn(database);
  return { database, file: await readFile(file), log: hasLog ? await readFile(log) : null, expected };
}

type Beside = { readonly ahead?: Uint8Array | null; readonly rollback?: Uint8Array };

async function read(file: Uint8Array, { ahead, rollback }: Beside = {}) {
  const database = await openDatabase(memorySource(file, "p.db"), {
    ahead: ahead ? memorySource(ahead, "p.db-wal") : null,
    rollback: rollback ? memorySource(rollback, "p.db-journal") : null,
  });
  const found: Values[] = [];
  await database.each("p", async (row) => {
    const blob = blobOf(row, 1);
    const bytes = blob ? (await blob.range(0, blob.size)).subarray(0, blob.size) : null;
    const text = await textOf(row, 2, database.encoding);
    found.push([row.rowid, summed(bytes ?? new Uint8Array(0)), text, await integerOf(row, 3)]);
  });
  return found;
}

describe("a database of SQLite", () => {
  it.each([
    ["small pages", "PRAGMA page_size = 512"],
    ["the largest pages", "PRAGMA page_size = 65536"],
    ["pages that are reclaimed", "PRAGMA page_size = 1024; PRAGMA auto_vacuum = FULL"],
  ])("has the rows that SQLite says: %s", async (name, pragmas) => {
    const { file, expected, database } = await made(name, pragmas);
    database.close();
    expect(await read(file)).toEqual(expected);
  });

  it("counts what is in its write-ahead log alone, and text of another encoding", async () => {
    const { file, log, expected, database } = await made(
      "wal",
      "PRAGMA encoding = 'UTF-16le'; PRAGMA journal_mode = WAL",
    );
    database.close();
    if (!log) throw new Error("SQLite kept no log");
    expect(expected.length).toBeGreaterThan(200);
    expect(await read(file, { ahead: log })).toEqual(expected);
  });

  it("is as its last commit left it, wherever its log breaks off", async () => {
    const { file, log, database } = await made("cut", "PRAGMA page_size = 1024; PRAGMA journal_mode = WAL", 40);
    database.close();
    const random = new Random(3);
    for (let round = 0; round < 40; round++) {
      const cut = (log ?? Buffer.alloc(0)).subarray(0, random.below(log?.length ?? 1));
      const path = join(dir, `cut-${round}`);
      await copyInto(path, file, cut, "wal");
      const oracle = new DatabaseSync(path);
      const has = oracle.prepare("SELECT count(*) AS n FROM sqlite_schema WHERE name = 'p'").get() as { n: number };
      const rows = has.n ? (oracle.prepare("SELECT h FROM p ORDER BY h").all() as unknown as { h: number }[]) : [];
      oracle.close();
      expect((await read(file, { ahead: cut })).map(([rowid]) => rowid)).toEqual(rows.map(({ h }) => h));
    }
  });

  it.each([
    ["with a synced journal", "PRAGMA page_size = 1024", "FULL"],
    ["with one that tells no end", "PRAGMA page_size = 4096", "OFF"],
    ["whose last change cut it short", "PRAGMA page_size = 512; PRAGMA auto_vacuum = FULL", "FULL"],
  ])("is as before what was not finished, wherever its journal breaks off: %s", async (name, pragmas, synchronous) => {
    const { database, expected } = await made(name, pragmas, 60);
    database.exec(`PRAGMA synchronous = ${synchronous}; PRAGMA cache_size = 3; BEGIN`);
    database.exec(
      "DELETE FROM p WHERE h % 2 = 0; UPDATE p SET t = 'never', b = zeroblob(2000); INSERT INTO other SELECT b FROM p",
    );
    const [file, rollback] = [await readFile(join(dir, name)), await readFile(join(dir, `${name}-journal`))];
    database.exec("ROLLBACK");
    database.close();
    // Pages went out before the end: without its journal the file tells what never was.
    await expect(read(file).catch(() => null)).resolves.not.toEqual(expected);
    expect(await read(file, { rollback })).toEqual(expected);
    const random = new Random(5);
    for (let round = 0; round < 15; round++) {
      const cut = rollback.subarray(0, random.below(rollback.length));
      const path = join(dir, `${synchronous}-${name.length}-${round}`);
      await copyInto(path, file, cut, "journal");
      // Half put back it is damaged mostly: what SQLite tells of that may be refused, and nothing else be told.
      const told = await read(file, { rollback: cut }).catch(() => null);
      if (told) expect(told).toEqual(rowsOf(path));
    }
  });

  it("is not read as far as what stands behind a megabyte of its row", async () => {
    const path = join(await scratch("sqlite-far"), "far.db");
    {
      using database = new DatabaseSync(path);
      database.exec("CREATE TABLE p (a, b, c); INSERT INTO p VALUES (zeroblob(2000000), 'x', 7)");
    }
    const database = await openDatabase(memorySource(await readFile(path), "p.db"));
    await database.each("p", async (row) => {
      expect([await textOf(row, 1, "utf-8"), await integerOf(row, 2)]).toEqual([null, null]);
      expect(blobOf(row, 0)?.size).toBe(2_000_000);
    });
  });

  it("whose rows share the pages behind them is refused: it would cost many times what it takes", async () => {
    const path = join(dir, "shared");
    {
      using database = new DatabaseSync(path);
      // As long as leaves least of it in the row's own page.
      database.exec("PRAGMA page_size = 512; CREATE TABLE p (b); INSERT INTO p VALUES (zeroblob(500397))");
    }
    const bytes = Uint8Array.from(await readFile(path));
    const page = bytes.subarray(512, 1024);
    const view = new DataView(page.buffer, page.byteOffset, page.length);
    const cell = page.slice(view.getUint16(8));
    const copies = 5;
    view.setUint16(3, copies);
    for (let copy = 0; copy < copies; copy++) {
      const at = 512 - cell.length * (copy + 1);
      // Behind the size, of three bytes, stands the row's number.
      page.set(cell.with(3, copy + 1), at);
      view.setUint16(8 + 2 * copy, at);
    }
    const readAll = async () => {
      const database = await openDatabase(memorySource(bytes, "p.db"));
      await database.each("p", (row) => blobOf(row, 0)?.range(0, Number.POSITIVE_INFINITY));
    };
    await expect(readAll()).rejects.toMatchObject({ code: "E_SQLITE_OVERFLOW" });
  });

  it("that holds nothing has no table", async () => {
    const database = await openDatabase(memorySource(new Uint8Array(0), "p.db"));
    expect(await database.each("p", () => {})).toBe(false);
  });

  it("of damaged bytes is refused, or tells no row twice, and ends", async () => {
    const { file, expected, database } = await made("damaged", "PRAGMA page_size = 512", 80);
    database.close();
    const random = new Random(11);
    for (let seed = 0; seed < 300; seed++) {
      const bytes = Uint8Array.from(file);
      for (let count = 1 + random.below(4); count > 0; count--)
        bytes[random.below(count % 2 ? 4096 : bytes.length)] = random.below(256);
      try {
        const rows = (await read(bytes)).map(([rowid]) => rowid);
        expect(new Set(rows).size).toBe(rows.length);
        expect(rows.length).toBeLessThanOrEqual(4 * expected.length);
      } catch (error) {
        expect(error).toBeInstanceOf(GuestkitError);
        expect((error as GuestkitError).code).toMatch(/^E_(?:SQLITE|SOURCE_BOUNDS|STRUCT)/);
      }
    }
  });
});

async function copyInto(path: string, file: Uint8Array, log: Uint8Array, kind: "wal" | "journal"): Promise<void> {
  await writeFile(path, file);
  await writeFile(`${path}-${kind}`, log);
}

/** As SQLite itself tells them; null where it finds the database damaged. */
function rowsOf(path: string): readonly Values[] | null {
  using database = new DatabaseSync(path);
  try {
    return valuesIn(database);
  } catch {
    return null;
  }
}

function valuesIn(database: DatabaseSync): readonly Values[] {
  const rows = database.prepare("SELECT h, hex(b) AS b, t, n FROM p ORDER BY h").all() as never[];
  return rows.map(({ h, b, t, n }) => [h, summed(Buffer.from(b, "hex")), t, n] as unknown as Values);
}
