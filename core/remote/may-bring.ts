import { resolveSettings } from "../host/settings.ts";
import { GuestkitError } from "../kit/errors.ts";
import { type Payload, payloads } from "./payload.ts";

/** Next steps, by the variable that every face takes: each spells its setting in its own way. */
export const USE_ITS_OWN = "Install guestkit there and have that used (GUESTKIT_REMOTE_INSTALL=false)";
export const LET_BRING = "neither the settings nor GUESTKIT_REMOTE_INSTALL may forbid it";

/**
 * Whether guestkit may be brought to a host: both the settings and the environment may forbid it. Throws `E_SETTING` for an
 * environment that says neither.
 */
export function mayBring({ remoteInstall = true }: { readonly remoteInstall?: boolean | undefined }): boolean {
  const said = process.env.GUESTKIT_REMOTE_INSTALL || "true";
  if (said !== "true" && said !== "false") throw neither(said);
  return remoteInstall && said === "true";
}

/** Null where the host's own guestkit is to be used. Throws as `mayBring`. */
export async function whatMayBeBrought(where: {
  readonly remoteInstall?: boolean | undefined;
}): Promise<readonly Payload[] | null> {
  return mayBring(where) ? await payloads(resolveSettings()) : null;
}

const neither = (said: string): GuestkitError =>
  new GuestkitError(
    "E_SETTING",
    `Cannot use GUESTKIT_REMOTE_INSTALL: ${JSON.stringify(said)} is neither true nor false`,
    {
      help: "Write one of them: false brings guestkit to no host.",
    },
  );
