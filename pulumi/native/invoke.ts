import { CallError } from "@guestkit/core/grpc";
import { isObject, UNKNOWN, type Value } from "@guestkit/core/model";
import { errorText } from "../face/message.ts";
import { toPulumi } from "../face/names.ts";
import { declarationOf } from "../face/values.ts";
import type { InvokeRequest, InvokeResponse } from "../generated/protocol.ts";
import { open, sealed } from "./secret.ts";
import type { Session } from "./session.ts";
import { readStruct, writeStruct } from "./struct.ts";
import { contractOfToken } from "./urn.ts";

/** Answers a contract's question. */
export async function invoke(session: Session, request: InvokeRequest, signal: AbortSignal): Promise<InvokeResponse> {
  const contract = contractOfToken(request.tok, "query");
  const config = declarationOf(contract, open(readStruct(request.args)));
  // What depends on something that is not there yet is not known either.
  if (holdsUnknown(config)) return {};
  const engine = await session.engine();
  try {
    const answer = await session.run({ signal }, (either) => engine.query(contract, config, { signal: either }));
    const told = toPulumi([...contract.input, ...contract.output], answer);
    return { return: writeStruct(sealed(contract, told)) };
  } catch (error) {
    throw new CallError(errorText(contract, error));
  }
}

function holdsUnknown(value: Value): boolean {
  if (value === UNKNOWN) return true;
  if (Array.isArray(value)) return value.some(holdsUnknown);
  return isObject(value) && Object.values(value).some(holdsUnknown);
}
