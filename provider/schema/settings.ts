import type { ValueObject } from "@guestkit/core/model";
import { type SchemaAttribute, StringKind } from "../generated/protocol.ts";

const setting = (name: string, description: string): SchemaAttribute => ({
  name,
  type: Buffer.from('"string"'),
  optional: true,
  description,
  description_kind: StringKind.MARKDOWN,
});

/** What a `provider "guestkit"` block may say; the environment fills in the rest. */
export const PROVIDER_SETTINGS: readonly SchemaAttribute[] = [
  setting("data_dir", "Where machines are kept. `GUESTKIT_DATA_DIR`, else `$XDG_DATA_HOME/guestkit`."),
  setting("cache_dir", "Where downloads are kept. `GUESTKIT_CACHE_DIR`, else `$XDG_CACHE_HOME/guestkit`."),
  setting("mirror", "Address of the Debian archive. `GUESTKIT_MIRROR`, else the host's own sources."),
  setting(
    "lock_timeout",
    "How many seconds another command at work on the same thing is waited for. `GUESTKIT_LOCK_TIMEOUT`, else 10.",
  ),
];

export interface ProviderSettings {
  readonly dataDir?: string;
  readonly cacheDir?: string;
  readonly mirror?: string;
  readonly lockTimeout?: number;
}

/** A setting that is null or not known yet counts as not given. */
export function readSettings(config: ValueObject): ProviderSettings {
  const { data_dir, cache_dir, mirror, lock_timeout } = config;
  return {
    ...(typeof data_dir === "string" && { dataDir: data_dir }),
    ...(typeof cache_dir === "string" && { cacheDir: cache_dir }),
    ...(typeof mirror === "string" && { mirror }),
    ...(typeof lock_timeout === "string" && { lockTimeout: Number(lock_timeout) }),
  };
}
