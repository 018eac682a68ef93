import type { Tree } from "../../../filesystem/tree.ts";
import { type Database, integerOf, openDatabaseIn, type Row, textOf } from "../../sqlite/index.ts";
import { type Boot, instant, type LastLogin, type Login, type Sessions } from "./sessions.ts";

/** Columns of the table `wtmp` (wtmpdb's lib/sqlite.c, add_entry); the first one is the row's own number. */
const WTMP = { type: 1, user: 2, login: 3, logout: 4, line: 5, host: 6 } as const;
/** `BOOT_TIME` and `USER_PROCESS` of wtmpdb.h. */
const [BOOT, LOGIN] = [1, 3];
/** Columns of the table `Lastlog2` (util-linux, liblastlog2/src/lastlog2.c, write_entry). */
const LASTLOG2 = { user: 0, seconds: 1, line: 2, host: 3 } as const;

interface WtmpRow {
  readonly isBoot: boolean;
  readonly user: string;
  readonly line: string;
  readonly host: string | null;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly until: number | null;
}

/** What a database of wtmpdb tells, up to `most` of each kind, and how many rows it has. Throws `E_SQLITE_*`. */
export async function readWtmpdb(
  tree: Tree,
  path: string,
  most: number,
): Promise<(Sessions & { readonly records: number }) | null> {
  const database = await openDatabaseIn(tree, path);
  if (!database) return null;
  const [boots, logins]: [WtmpRow[], WtmpRow[]] = [[], []];
  let records = 0;
  await database.each("wtmp", async (row) => {
    tree.budget.spend("entries", 1, path);
    records++;
    const found = await wtmpRow(row, database);
    if (found) keepLast(found.isBoot ? boots : logins, found, most);
  });
  const starts = boots.map(({ at }) => at);
  return { records, boots: boots.reverse().map(bootOf(starts)), logins: logins.reverse().map(loginOf(starts)) };
}

async function wtmpRow(row: Row, { encoding }: Database): Promise<WtmpRow | null> {
  const type = await integerOf(row, WTMP.type);
  const at = await integerOf(row, WTMP.login);
  if ((type !== BOOT && type !== LOGIN) || at === null) return null;
  const until = await integerOf(row, WTMP.logout);
  return {
    isBoot: type === BOOT,
    user: (await textOf(row, WTMP.user, encoding)) ?? "",
    line: (await textOf(row, WTMP.line, encoding)) ?? "",
    host: (await textOf(row, WTMP.host, encoding)) || null,
    at: Math.floor(at / 1000),
    until: until === null ? null : Math.floor(until / 1000),
  };
}

function keepLast<T>(kept: T[], next: T, most: number): void {
  kept.push(next);
  if (kept.length > 2 * most) kept.splice(0, kept.length - most);
}

/** A row without an end is of a system that was gone before, where a later start is told. */
const bootOf =
  (starts: readonly number[]) =>
  ({ at, until, host }: WtmpRow): Boot => ({
    at: instant(at),
    kernel: host,
    until: instant(until),
    ended: until !== null ? "shutdown" : starts.some((start) => start > at) ? "crash" : "unknown",
  });

const loginOf =
  (starts: readonly number[]) =>
  ({ at, until, user, line, host }: WtmpRow): Login => ({
    user,
    line,
    host,
    at: instant(at),
    until: instant(until),
    ended: until !== null ? "logout" : starts.some((start) => start > at) ? "crash" : "unknown",
  });

/** The last session of each user in a database of lastlog2; null where there is none. Throws `E_SQLITE_*`. */
export async function readLastlog2(tree: Tree, path: string): Promise<readonly LastLogin[] | null> {
  const database = await openDatabaseIn(tree, path);
  if (!database) return null;
  const { encoding } = database;
  const found: LastLogin[] = [];
  await database.each("Lastlog2", async (row) => {
    tree.budget.spend("entries", 1, path);
    const user = await textOf(row, LASTLOG2.user, encoding);
    const at = instant(((await integerOf(row, LASTLOG2.seconds)) ?? 0) * 1000);
    if (user === null || at === null) return;
    const line = (await textOf(row, LASTLOG2.line, encoding)) || null;
    found.push({ user, at, line, host: (await textOf(row, LASTLOG2.host, encoding)) || null, file: path });
  });
  return found;
}
