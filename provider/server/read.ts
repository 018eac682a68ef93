import type { Contract, ValueObject } from "@guestkit/core/model";
import {
  DiagnosticSeverity,
  type DynamicValue,
  type ReadDataSourceRequest,
  type ReadDataSourceResponse,
  type ReadResourceRequest,
  type ReadResourceResponse,
} from "../generated/protocol.ts";
import { configFromTerraform, fromTerraform, toTerraform } from "../schema/value.ts";
import { readDynamic, writeDynamic } from "./dynamic.ts";
import { identityOf } from "./identity.ts";
import { engineFor, ownerAttribute, ownerIn, readPrivate, writePrivate } from "./owner.ts";
import type { Session } from "./session.ts";

/** Looks at the world; the user's spelling is kept wherever it means the same. */
export async function readResource(
  session: Session,
  contract: Contract,
  request: ReadResourceRequest,
  signal: AbortSignal,
): Promise<ReadResourceResponse> {
  const current = readDynamic(request.current_state);
  const prior = fromTerraform(contract, current) ?? {};
  const { engine, kept } = await engineFor(session, prior.id, readPrivate(request.private));
  session.hold(contract.name, String(prior.id), kept);
  const state = await session.run(String(prior.id), signal, (options) => engine.observe(contract, prior, options));
  return {
    new_state: writeDynamic(toTerraform(contract, state, kept ? ownerAttribute(kept) : ownerIn(current))),
    ...(state === null && {
      diagnostics: [
        {
          severity: DiagnosticSeverity.WARNING,
          summary: `${String(prior.id)} is gone`,
          detail: "It will be made again.",
        },
      ],
    }),
    ...(state && { new_identity: identityOf(engine, contract, state) }),
    ...(request.private && { private: kept ? writePrivate(kept) : request.private }),
  };
}

export async function readDataSource(
  session: Session,
  contract: Contract,
  { config }: ReadDataSourceRequest,
  signal: AbortSignal,
): Promise<ReadDataSourceResponse> {
  return { state: writeDynamic(toTerraform(contract, await ask(session, contract, config, signal))) };
}

/** What a query or a secret answers. */
export async function ask(
  session: Session,
  contract: Contract,
  config: DynamicValue | undefined,
  signal: AbortSignal,
): Promise<ValueObject> {
  const given = configFromTerraform(contract, readDynamic(config)) ?? {};
  const engine = await session.engine();
  return await session.run(contract.name, signal, (options) => engine.query(contract, given, options));
}
