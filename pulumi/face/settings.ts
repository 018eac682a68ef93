import type { Settings } from "@guestkit/core/kit";

/** `guestkit:cacheDir` and the like in the stack's configuration. */
export function settingsOf(get: (key: string) => string | undefined): Partial<Settings> {
  const names = ["dataDir", "cacheDir", "runtimeDir", "mirror"] as const;
  const lockTimeout = get("lockTimeout");
  return {
    ...Object.fromEntries(names.flatMap((name) => (get(name) === undefined ? [] : [[name, get(name)]]))),
    ...(lockTimeout !== undefined && { lockTimeout: Number(lockTimeout) }),
  };
}
