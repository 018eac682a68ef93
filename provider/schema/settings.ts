import { type Keys, readKeys } from "@guestkit/core/kit";
import { UNKNOWN, type Value, type ValueObject } from "@guestkit/core/model";
import { type SchemaAttribute, StringKind } from "../generated/protocol.ts";

const setting = (name: string, description: string, type: unknown = "string"): SchemaAttribute => ({
  name,
  type: Buffer.from(JSON.stringify(type)),
  optional: true,
  description,
  description_kind: StringKind.MARKDOWN,
});

/** What a `provider "guestkit"` block may say; the environment fills in the rest. */
export const PROVIDER_SETTINGS: readonly SchemaAttribute[] = [
  setting(
    "host",
    "On which host things are made and looked at: `ssh://USER@HOST:PORT`, or a name of `~/.ssh/config`. `GUESTKIT_HOST`, else this machine. guestkit is brought there by ssh; a `provider` block with an `alias` a host has several in one configuration.",
  ),
  setting("remote_install", "Whether guestkit may be brought to the host. `false`: its own is used.", "bool"),
  setting("data_dir", "Where machines are kept. `GUESTKIT_DATA_DIR`, else `$XDG_DATA_HOME/guestkit`."),
  setting("cache_dir", "Where downloads are kept. `GUESTKIT_CACHE_DIR`, else `$XDG_CACHE_HOME/guestkit`."),
  setting("mirror", "Address of the Debian archive. `GUESTKIT_MIRROR`, else the host's own sources."),
  setting(
    "lock_timeout",
    "How many seconds another command at work on the same thing is waited for. `GUESTKIT_LOCK_TIMEOUT`, else 10; on another host 600, since what a line that was cut has begun goes on there.",
  ),
  {
    ...setting(
      "keys",
      'What opens encrypted devices: by device, UUID or `"*"` for any, `{ passphrase = ... }` (an ephemeral value serves) or `{ file = ... }`; `header` beside it where the LUKS header of a device stands in a file of its own. Kept nowhere.',
      ["map", ["map", "string"]],
    ),
    sensitive: true,
  },
];

export interface ProviderSettings {
  /** Null where it is not known yet. */
  readonly host?: string | null;
  readonly remoteInstall?: boolean;
  readonly dataDir?: string;
  readonly cacheDir?: string;
  readonly mirror?: string;
  readonly lockTimeout?: number;
  readonly keys?: Keys;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** A setting that is null or not known yet counts as not given, but for the host. Throws `E_KEYS`. */
export function readSettings(config: ValueObject, env: Environment = process.env): ProviderSettings {
  const { data_dir, cache_dir, mirror, lock_timeout, remote_install } = config;
  const host: Value = config.host ?? (env.GUESTKIT_HOST || null);
  const keys = typeof config.keys === "object" ? readKeys(config.keys) : null;
  return {
    ...(host !== null && { host: host === UNKNOWN ? null : String(host) }),
    ...(typeof remote_install === "boolean" && { remoteInstall: remote_install }),
    ...(typeof data_dir === "string" && { dataDir: data_dir }),
    ...(typeof cache_dir === "string" && { cacheDir: cache_dir }),
    ...(typeof mirror === "string" && { mirror }),
    ...(typeof lock_timeout === "string" && { lockTimeout: Number(lock_timeout) }),
    ...(keys && { keys }),
  };
}
