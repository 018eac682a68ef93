import { homedir, tmpdir, userInfo } from "node:os";
import { join, resolve } from "node:path";
import type { Settings } from "../kit/context.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** The folders that guestkit uses: a face's settings, else GUESTKIT_*, else the XDG base directories. */
export function resolveSettings(given: Partial<Settings> = {}, env: Environment = process.env): Settings {
  const folder = (name: string, xdg: string, fallback: string) =>
    resolve(env[`GUESTKIT_${name}_DIR`] ?? join(env[xdg] || fallback, "guestkit"));
  return {
    dataDir: given.dataDir ?? folder("DATA", "XDG_DATA_HOME", join(homedir(), ".local/share")),
    cacheDir: given.cacheDir ?? folder("CACHE", "XDG_CACHE_HOME", join(homedir(), ".cache")),
    runtimeDir: given.runtimeDir ?? folder("RUNTIME", "XDG_RUNTIME_DIR", join(tmpdir(), `user-${userInfo().uid}`)),
    mirror: given.mirror ?? env.GUESTKIT_MIRROR ?? null,
  };
}
