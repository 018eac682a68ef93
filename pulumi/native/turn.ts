import type { EngineFace } from "@guestkit/core/engine";
import type { Actor } from "@guestkit/core/kit";
import { demandMachineOf } from "../face/host.ts";
import { demandKey } from "../face/key.ts";
import { actorOf } from "../face/owner.ts";
import { ResourceService } from "../face/service.ts";
import { machineIn, type Properties } from "../face/values.ts";
import type { Limit, Session } from "./session.ts";
import { readUrn, type Urn } from "./urn.ts";

/** One resource in one call. */
export interface Turn extends Urn {
  readonly engine: EngineFace;
  /** The contract's lifecycle, for the stack; of what is still to be taken over, whose it is does not matter. */
  readonly service: (isAnybodys?: boolean) => ResourceService;
  /** Takes a thing that an import brought into the state into the stack's care. Throws `E_HOST_CHANGED`, `E_STATE_ID`. */
  readonly adopt: (id: string, olds: Properties) => Promise<void>;
}

/** Throws `E_CONTRACT_UNKNOWN`, and what opening the engine throws. */
export async function takeTurn(session: Session, urn = "", limit: Limit): Promise<Turn> {
  const { stack, contract } = readUrn(urn);
  const engine = await session.engine();
  const surroundings = (owner: Actor | undefined) => ({
    ...{ engine, owner, signal: limit.signal },
    note: (line: string, isWarning?: boolean) => session.log.note(urn, line, isWarning),
    progress: session.log.progressOf(urn),
    watched: <T>(work: (signal: AbortSignal) => Promise<T>) => session.run(limit, work),
  });
  const service = (isAnybodys = false) => {
    const around = surroundings(isAnybodys ? undefined : actorOf(stack));
    return new ResourceService(contract, async () => around, session.replacing(contract.name));
  };
  return {
    ...{ stack, contract, engine, service },
    adopt: async (id, olds) => {
      await demandMachineOf(id, machineIn(olds), engine.machine);
      demandKey(engine, contract, id, olds);
      await session.run(limit, (signal) => engine.import(contract, id, { owner: actorOf(stack), signal }));
    },
  };
}
