import type { EngineFace } from "@guestkit/core/engine";
import { actorOf } from "../face/owner.ts";
import { ResourceService } from "../face/service.ts";
import type { Limit, Session } from "./session.ts";
import { readUrn, type Urn } from "./urn.ts";

/** One resource in one call. */
export interface Turn extends Urn {
  readonly engine: EngineFace;
  /** The contract's lifecycle, for the stack; `isImported`: of what is still to be taken over. */
  readonly service: (isImported?: boolean) => ResourceService;
}

/** Throws `E_CONTRACT_UNKNOWN`, and what opening the engine throws. */
export async function takeTurn(session: Session, urn = "", limit: Limit): Promise<Turn> {
  const { stack, contract } = readUrn(urn);
  const engine = await session.engine();
  const around = {
    ...{ engine, owner: actorOf(stack), signal: limit.signal },
    note: (line: string, isWarning?: boolean) => session.log.note(urn, line, isWarning),
    progress: session.log.progressOf(urn),
    watched: <T>(work: (signal: AbortSignal) => Promise<T>) => session.run(limit, work),
  };
  const service = (isImported = false) =>
    new ResourceService(contract, async () => ({ ...around, isImported }), session.replacing(contract.name));
  return { stack, contract, engine, service };
}
