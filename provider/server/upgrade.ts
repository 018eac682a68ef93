import { GuestkitError } from "@guestkit/core/kit";
import type { Contract } from "@guestkit/core/model";
import type { UpgradeResourceStateRequest, UpgradeResourceStateResponse } from "../generated/protocol.ts";
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
  const json = raw_state?.json;
  if (!json) throw new GuestkitError("E_STATE_FORMAT", `Cannot read the state of ${type_name}: it has no JSON`);
  if (version > SCHEMA_VERSION) throw newer(type_name, version);
  let state = JSON.parse(Buffer.from(json).toString("utf8")) as Json;
  session.hold(contract.name, String(state.id), privateOf(state.owner));
  if (version === SCHEMA_VERSION) return { upgraded_state: { json } };
  for (let at = version; at < SCHEMA_VERSION; at++) state = UPGRADES[type_name]?.[at]?.(state) ?? state;
  return { upgraded_state: { json: Buffer.from(JSON.stringify(state)) } };
}

function newer(name: string, version: number): GuestkitError {
  return new GuestkitError(
    "E_STATE_NEWER",
    `Cannot read the state of ${name}: it has version ${version}, this provider knows ${SCHEMA_VERSION}`,
    { help: "Use the provider release that wrote it, or a newer one." },
  );
}
