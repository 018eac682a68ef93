import { mkdirSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";

/**
 * Where Node keeps compiled code: below guestkit's own cache. Node's own choice is /tmp, under a name that anybody can take
 * first, and it runs what it finds there. Null where there is no folder that this user alone can write to.
 */
export function compileCache({ GUESTKIT_CACHE_DIR, XDG_CACHE_HOME } = process.env): string | null {
  const above = XDG_CACHE_HOME || join(homedir(), ".cache");
  const cache = GUESTKIT_CACHE_DIR ?? join(above, "guestkit");
  const folder = join(cache, "compile");
  for (const each of [dirname(cache), cache, folder]) make(each);
  return [cache, folder].every(isOwn) ? folder : null;
}

/** Not recursive: what lies above a home is not ours to make. */
function make(folder: string): void {
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch {
    // It is there, or there is no home for it.
  }
}

function isOwn(folder: string): boolean {
  const found = statSync(folder, { throwIfNoEntry: false });
  if (!found?.isDirectory()) return false;
  return found.uid === process.getuid?.() && (found.mode & 0o022) === 0;
}
