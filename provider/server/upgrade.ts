import { GuestkitError } from "@guestkit/core/kit";
import type { Contract } from "@guestkit/core/model";
import type {
  RawState,
  UpgradeResourceIdentityRequest,
  UpgradeResourceIdentityResponse,
  UpgradeResourceStateRequest,
  UpgradeResourceStateResponse,
} from "../generated/protocol.ts";
import { IDENTITY_VERSION } from "../schema/identity.ts";
import { SCHEMA_VERSION } from "../schema/schema.ts";
import { privateOf } from "./owner.ts";
import type { Session } from "./session.ts";

type Json = Readonly<Record<string, unknown>>;

/** One step from version N to N + 1, by type name and N. */
const UPGRADES: Readonly<Record<string, Readonly<Record<number, (old: Json) => Json>>>> = {};

/**
 * Comes for every resource at every plan, refreshed or not: it tells what the engine holds. A state of the current version
 * goes back untouched.
 */
export function upgradeResourceState(
  session: Session,
  contract: Contract,
  request: UpgradeResourceStateRequest,
): UpgradeResourceStateResponse {
  const { type_name = "", version = 0, raw_state } = request;
  const json = jsonOf("state", { type_name, version, raw: raw_state, known: SCHEMA_VERSION });
  let state = JSON.parse(Buffer.from(json).toString("utf8")) as Json;
  session.hold(contract.name, String(state.id), privateOf(state.owner));
  if (version === SCHEMA_VERSION) return { upgraded_state: { json } };
  for (let at = version; at < SCHEMA_VERSION; at++) state = UPGRADES[type_name]?.[at]?.(state) ?? state;
  return { upgraded_state: { json: Buffer.from(JSON.stringify(state)) } };
}

/** The same of what tells a resource from others: it has had one version so far. */
export function upgradeResourceIdentity(request: UpgradeResourceIdentityRequest): UpgradeResourceIdentityResponse {
  const { type_name = "", version = 0, raw_identity } = request;
  const json = jsonOf("identity", { type_name, version, raw: raw_identity, known: IDENTITY_VERSION });
  return { upgraded_identity: { identity_data: { json } } };
}

interface Kept {
  readonly type_name: string;
  readonly version: number;
  readonly raw: RawState | undefined;
  readonly known: number;
}

/** Throws `E_STATE_FORMAT`, and `E_STATE_NEWER` for what a later release wrote. */
function jsonOf(what: string, { type_name, version, raw, known }: Kept): Uint8Array {
  const json = raw?.json;
  if (!json) throw new GuestkitError("E_STATE_FORMAT", `Cannot read the ${what} of ${type_name}: it has no JSON`);
  if (version <= known) return json;
  throw new GuestkitError(
    "E_STATE_NEWER",
    `Cannot read the ${what} of ${type_name}: it has version ${version}, this provider knows ${known}`,
    { help: "Use the provider release that wrote it, or a newer one." },
  );
}
