import { parseJson, readKeys, type Settings } from "@guestkit/core/kit";

/** `guestkit:cacheDir` and the like in the stack's configuration. */
export function settingsOf(get: (key: string) => string | undefined): Partial<Settings> {
  const names = ["dataDir", "cacheDir", "runtimeDir", "mirror"] as const;
  const lockTimeout = get("lockTimeout");
  const keys = get("keys");
  return {
    ...Object.fromEntries(names.flatMap((name) => (get(name) === undefined ? [] : [[name, get(name)]]))),
    ...(lockTimeout !== undefined && { lockTimeout: Number(lockTimeout) }),
    ...(keys !== undefined && { keys: readKeys(jsonOf(keys)) ?? {} }),
  };
}

/** Where the engine works, as the provider is configured. */
export interface Place {
  readonly host?: string | undefined;
  readonly remoteInstall?: boolean | undefined;
}

/** `guestkit:host` and `guestkit:remoteInstall`, else the environment's host. */
export function placeOf(get: (key: string) => string | undefined, env: NodeJS.ProcessEnv = process.env): Place {
  const host = get("host") ?? env.GUESTKIT_HOST;
  const install = get("remoteInstall");
  return { ...(host && { host }), ...(install !== undefined && { remoteInstall: install !== "false" }) };
}

/** Its text may hold secrets: no error repeats it. */
function jsonOf(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return text;
  }
}
