import { homedir, tmpdir, userInfo } from "node:os";
import { join, resolve } from "node:path";
import type { Settings } from "../kit/context.ts";
import { GuestkitError } from "../kit/errors.ts";
import { LOCK_TIMEOUT } from "./lock.ts";

/** A day, s. */
const LONGEST = 86_400;

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The folders that guestkit uses: a face's settings, else GUESTKIT_*, else the XDG base directories; and how long it waits.
 * Throws `E_SETTING`.
 */
export function resolveSettings(given: Partial<Settings> = {}, env: Environment = process.env): Settings {
  const folder = (name: string, xdg: string, fallback: string) =>
    resolve(env[`GUESTKIT_${name}_DIR`] ?? join(env[xdg] || fallback, "guestkit"));
  return {
    dataDir: given.dataDir ?? folder("DATA", "XDG_DATA_HOME", join(homedir(), ".local/share")),
    cacheDir: given.cacheDir ?? folder("CACHE", "XDG_CACHE_HOME", join(homedir(), ".cache")),
    runtimeDir: given.runtimeDir ?? folder("RUNTIME", "XDG_RUNTIME_DIR", join(tmpdir(), `user-${userInfo().uid}`)),
    mirror: given.mirror ?? env.GUESTKIT_MIRROR ?? null,
    lockTimeout: secondsOf(given.lockTimeout ?? (env.GUESTKIT_LOCK_TIMEOUT || LOCK_TIMEOUT)),
    ...(given.keys && { keys: given.keys }),
    ...(given.owner && { owner: given.owner }),
  };
}

function secondsOf(given: number | string): number {
  const seconds = Number(given);
  if (seconds >= 0 && seconds <= LONGEST) return seconds;
  throw new GuestkitError("E_SETTING", `Cannot wait "${given}" for a lock: that is no number of seconds`, {
    help: `Give 0 (do not wait) to ${LONGEST} as --lock-timeout, lock_timeout or GUESTKIT_LOCK_TIMEOUT.`,
  });
}
