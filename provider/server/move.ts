import { GuestkitError, parseJson } from "@guestkit/core/kit";
import { type Contract, isObject, type Moved, type Value, type ValueObject } from "@guestkit/core/model";
import type { MoveResourceStateRequest, MoveResourceStateResponse } from "../generated/protocol.ts";
import { typeName } from "../schema/names.ts";
import { brought } from "./import.ts";
import type { Session } from "./session.ts";

/**
 * A `moved` block from a resource of another provider: of their state only the name is taken, the rest is what is there, as
 * an import reads it. Throws `E_MOVE_UNKNOWN` for a type that no contract tells of, `E_STATE_FORMAT`, and what an import
 * throws.
 */
export async function moveResourceState(
  session: Session,
  contract: Contract,
  request: MoveResourceStateRequest,
  signal: AbortSignal,
): Promise<MoveResourceStateResponse> {
  const { state, private: kept, identity } = await brought(session, contract, nameIn(contract, request), signal);
  return { target_state: state, target_private: kept, target_identity: identity };
}

function nameIn(contract: Contract, request: MoveResourceStateRequest): string {
  const { source_provider_address: provider = "", source_type_name: type = "", source_state } = request;
  const moved = contract.aliases.terraform?.moved ?? [];
  const known = moved.find((each) => each.type === type && provider.endsWith(`/${each.provider}`));
  if (!known) throw unknown(contract, moved, `${type} of ${provider}`);
  const theirs = parseJson(Buffer.from(source_state?.json ?? []).toString("utf8") || "null") as Value;
  const name = isObject(theirs) ? nameOf(known, theirs) : undefined;
  if (name !== undefined) return name;
  throw new GuestkitError(
    "E_STATE_FORMAT",
    `Cannot read the state of ${type}: it has no text in ${known.from.join(" or ")}`,
    {
      help: "Import the thing by its name instead.",
    },
  );
}

function nameOf({ from, until }: Moved, theirs: ValueObject): string | undefined {
  const found = from.map((attribute) => theirs[attribute]).find(isText);
  return until === undefined ? found : found?.split(until, 1)[0];
}

const isText = (value: Value | undefined): value is string => typeof value === "string" && value !== "";

function unknown(contract: Contract, moved: readonly Moved[], what: string): GuestkitError {
  const takes = moved.map(({ provider, type }) => `${type} of ${provider}`).join(", ");
  return new GuestkitError(
    "E_MOVE_UNKNOWN",
    `Cannot move ${what} to ${typeName(contract)}: it is not known to become one`,
    {
      help: `${takes === "" ? "" : `It takes ${takes}. `}Import the thing by its name instead.`,
    },
  );
}
