import type { EngineFace } from "@guestkit/core/engine";
import type { Contract, ValueObject } from "@guestkit/core/model";
import { DiagnosticSeverity, type ListResourceEvent, type ListResourceRequest } from "../generated/protocol.ts";
import { listings } from "../schema/listing.ts";
import { resources } from "../schema/schema.ts";
import { configFromTerraform, toTerraform } from "../schema/value.ts";
import { errorDiagnostic } from "./diagnostics.ts";
import { readDynamic, writeDynamic } from "./dynamic.ts";
import { identityOf } from "./identity.ts";
import type { Session } from "./session.ts";
import { unknownType } from "./unknown-type.ts";

interface Listed {
  readonly engine: EngineFace;
  readonly contract: Contract;
  readonly id: string;
}

/** What is there, thing by thing; what speaks against the question is the last event. */
export async function* listResource(
  session: Session,
  request: ListResourceRequest,
  signal: AbortSignal,
): AsyncGenerator<ListResourceEvent> {
  const [contract, listing] = [resources, listings].map((each) => each.get(request.type_name ?? ""));
  try {
    if (!contract || !listing) throw unknownType(request.type_name);
    yield* eventsOf(session, { contract, listing }, request, signal);
  } catch (error) {
    yield { diagnostic: [errorDiagnostic(listing, error)] };
  }
}

/**
 * Each thing as it is found, with its state where that is wanted: one that cannot be read is told of and does not end the
 * list, one that went meanwhile is left out.
 */
async function* eventsOf(
  session: Session,
  { contract, listing }: { readonly contract: Contract; readonly listing: Contract },
  request: ListResourceRequest,
  signal: AbortSignal,
): AsyncGenerator<ListResourceEvent> {
  const where = configFromTerraform(listing, readDynamic(request.config)) ?? {};
  const engine = await session.engine();
  const ids = await session.run(contract.name, signal, (options) => engine.list(contract, where, options));
  for (const id of request.limit ? ids.slice(0, request.limit) : ids) {
    const event = await eventOf(session, { engine, contract, id }, request.include_resource_object ?? false, signal);
    if (event) yield event;
  }
}

async function eventOf(
  session: Session,
  { engine, contract, id }: Listed,
  isWhole: boolean,
  signal: AbortSignal,
): Promise<ListResourceEvent | null> {
  const key: ValueObject = { [String(contract.identity[0])]: id };
  const named = { identity: identityOf(engine, contract, key), display_name: id };
  if (!isWhole) return named;
  try {
    const state = await session.run(id, signal, (options) => engine.observe(contract, { ...key, id }, options));
    return state && { ...named, resource_object: writeDynamic(toTerraform(contract, state)) };
  } catch (error) {
    signal.throwIfAborted();
    return { diagnostic: [{ ...errorDiagnostic(contract, error), severity: DiagnosticSeverity.WARNING }] };
  }
}
