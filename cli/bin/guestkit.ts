#!/usr/bin/env node
import { mkdirSync, type Stats, statSync } from "node:fs";
import { enableCompileCache } from "node:module";
import { dirname } from "node:path";
import { setFlagsFromString } from "node:v8";
import { RUNTIME_FLAGS } from "../node-flags.ts";

for (const flag of RUNTIME_FLAGS) setFlagsFromString(flag);

// In this file, since no other is compiled before: compiled code is kept from the first run on.
const folder = compileCache();
if (folder !== null) enableCompileCache(folder);
const { main } = await import("../main.ts");
process.exitCode = await main(process.argv.slice(2));

/**
 * Below guestkit's own cache. Node's own choice is /tmp, under a name that anybody can take first, and it runs what it finds
 * there. Null where there is no folder that this user alone can write to.
 */
function compileCache(): string | null {
  const { GUESTKIT_CACHE_DIR, XDG_CACHE_HOME, HOME } = process.env;
  if (!GUESTKIT_CACHE_DIR && !XDG_CACHE_HOME && !HOME) return null;
  const cache = GUESTKIT_CACHE_DIR || `${XDG_CACHE_HOME || `${HOME}/.cache`}/guestkit`;
  const place = `${cache}/compile`;
  // Not recursive: what lies above a home is not ours to make.
  if (!look(place)) for (const each of [dirname(cache), cache, place]) make(each);
  return [cache, place].every(isOwn) ? place : null;
}

function make(path: string): void {
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch {
    // It is there, or there is no home for it.
  }
}

function isOwn(path: string): boolean {
  const found = look(path);
  if (!found?.isDirectory()) return false;
  return found.uid === process.getuid?.() && (found.mode & 0o022) === 0;
}

/** Null also where this user may not look. */
function look(path: string): Stats | null {
  try {
    return statSync(path);
  } catch {
    return null;
  }
}
