import { DatabaseSync } from "node:sqlite";
import type { Tree } from "../../core/filesystem/tree.ts";
import { type Content, memoryTree } from "./memory-filesystem.ts";

export const pathOf = (name: string) => `/nix/store/${"a".repeat(32)}-${name}`;

/** Names with what they were made of and refer to; the first one is the system's. */
export type Paths = readonly (readonly [name: string, deriver: string | null, references: readonly string[]])[];

const PROFILES = "/nix/var/nix/profiles";

/** A guest with a store's database by SQLite itself, in the schema of libstore/schema.sql; its profile leads to the first path. */
export async function nixTree(
  paths: Paths,
  profile: Readonly<Record<string, Content>> = profileOf(paths),
): Promise<Tree> {
  using database = new DatabaseSync(":memory:");
  database.exec(`
    CREATE TABLE ValidPaths (id integer primary key autoincrement not null, path text unique not null, hash text not null,
      registrationTime integer not null, deriver text, narSize integer, ultimate integer, sigs text, ca text);
    CREATE TABLE Refs (referrer integer not null, reference integer not null, primary key (referrer, reference))`);
  const add = database.prepare("INSERT INTO ValidPaths VALUES (?, ?, 'x', 1700000000, ?, 100, 1, null, null)");
  const refer = database.prepare("INSERT OR IGNORE INTO Refs VALUES (?, ?)");
  const numbers = new Map(paths.map(([own], at) => [own, at + 1]));
  for (const [at, [own, deriver]] of paths.entries()) add.run(at + 1, pathOf(own), deriver && pathOf(deriver));
  for (const [own, , references] of paths) {
    for (const each of references) refer.run(numbers.get(own) ?? 0, numbers.get(each) ?? NOWHERE);
  }
  return memoryTree({ "/nix/var/nix/db/db.sqlite": database.serialize(), ...profile });
}

/** The number of no path. */
const NOWHERE = 1_000_000;

export const profileOf = ([first]: Paths): Readonly<Record<string, Content>> => ({
  [`${PROFILES}/system`]: { link: "system-7-link" },
  [`${PROFILES}/system-7-link`]: { link: pathOf(first?.[0] ?? "") },
});
