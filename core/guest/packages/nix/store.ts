import { type Database, integerOf, type Row, textOf } from "../../sqlite/index.ts";
import { wrong } from "./fault.ts";
import type { Profile } from "./profile.ts";

/** A valid path of the store, by the columns of ValidPaths (nix/src/libstore/schema.sql). */
export interface StorePath {
  readonly path: string;
  readonly deriver: string | null;
  /** Bytes as an archive of Nix's. */
  readonly size: number | null;
  /** Seconds since 1970. */
  readonly registered: number | null;
}

/** Several times what a builder of all there is keeps. */
const MAX_PATHS = 1 << 19;
const MAX_REFERENCES = 1 << 22;

/** The profile's path with all that it refers to, in the database's order. Throws `E_NIX_CLOSURE`, `E_SQLITE_*`. */
export async function closureOf(database: Database, name: string, profile: Profile): Promise<readonly StorePath[]> {
  const paths = await pathsOf(database, name);
  const start = [...paths].find(([, { path }]) => path === profile.path)?.[0];
  if (start === undefined) throw wrong(name, "CLOSURE", `${profile.path} is not in its database`);
  const reached = reachedFrom(start, await referencesOf(database, name));
  const lost = [...reached].find((id) => !paths.has(id));
  if (lost !== undefined) throw wrong(name, "CLOSURE", `path ${lost} is referred to and not there`);
  return [...paths].flatMap(([id, path]) => (reached.has(id) ? [path] : []));
}

/** By their number. */
async function pathsOf(database: Database, name: string): Promise<ReadonlyMap<number, StorePath>> {
  const found = new Map<number, StorePath>();
  await database.each("ValidPaths", async (row) => {
    found.set(row.rowid, await toPath(row, database, name));
    if (found.size > MAX_PATHS) throw wrong(name, "CLOSURE", `there are more than ${MAX_PATHS} paths`);
  });
  return found;
}

/** The columns are `id, path, hash, registrationTime, deriver, narSize`, and more. */
async function toPath(row: Row, { encoding }: Database, name: string): Promise<StorePath> {
  const path = await textOf(row, 1, encoding);
  if (path === null) throw wrong(name, "CLOSURE", `path ${row.rowid} has no name`);
  const [registered, deriver] = [await integerOf(row, 3), await textOf(row, 4, encoding)];
  return { path, deriver, size: await integerOf(row, 5), registered };
}

/** Numbers by the one that refers to them. */
async function referencesOf(database: Database, name: string): Promise<ReadonlyMap<number, readonly number[]>> {
  const found = new Map<number, number[]>();
  let left = MAX_REFERENCES;
  await database.each("Refs", async (row) => {
    const [referrer, reference] = [await integerOf(row, 0), await integerOf(row, 1)];
    if (left-- === 0) throw wrong(name, "CLOSURE", `there are more than ${MAX_REFERENCES} references`);
    if (referrer === null || reference === null) throw wrong(name, "CLOSURE", `reference ${row.rowid} names nothing`);
    const known = found.get(referrer);
    if (known) known.push(reference);
    else found.set(referrer, [reference]);
  });
  return found;
}

function reachedFrom(start: number, references: ReadonlyMap<number, readonly number[]>): ReadonlySet<number> {
  const reached = new Set([start]);
  // A set hands out what is added while it is walked.
  for (const id of reached) for (const each of references.get(id) ?? []) reached.add(each);
  return reached;
}
