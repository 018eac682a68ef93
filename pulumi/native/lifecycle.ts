import {
  DiffResponseDiffChanges as Changes,
  type CheckRequest,
  type CheckResponse,
  type CreateRequest,
  type CreateResponse,
  type DeleteRequest,
  type DiffRequest,
  type DiffResponse,
  type Empty,
  PropertyDiffKind as Kind,
  type ReadRequest,
  type ReadResponse,
  type UpdateRequest,
  type UpdateResponse,
} from "../generated/protocol.ts";
import { callError } from "./failure.ts";
import { inputsOf, refreshedInputs } from "./inputs.ts";
import { imported, isImported, keptOf } from "./kept.ts";
import { open, sealed, secretAt } from "./secret.ts";
import type { Session } from "./session.ts";
import { type Raw, readStruct, writeStruct } from "./struct.ts";
import { takeTurn } from "./turn.ts";

/** What is wrong with a declaration; its inputs go back as they came, secrets marked. */
export async function check(session: Session, request: CheckRequest, signal: AbortSignal): Promise<CheckResponse> {
  const turn = await takeTurn(session, request.urn, { signal });
  const [olds, news] = [readStruct(request.olds), readStruct(request.news)];
  const { inputs, failures } = await turn.service().check(open(olds), open(news));
  return { inputs: writeStruct(sealed(turn.contract, inputs, news)), failures };
}

/** The engine's plan, property by property. */
export async function diff(session: Session, request: DiffRequest, signal: AbortSignal): Promise<DiffResponse> {
  const { id = "", urn, ignoreChanges: ignored } = request;
  const turn = await takeTurn(session, urn, { signal });
  const [before, given] = [readStruct(request.olds), readStruct(request.news)];
  const [olds, news] = [open(before), open(given)];
  const service = turn.service(isImported(olds));
  const isSecret = secretAt(before, given);
  const { changes, replaces, stables, detailed } = await service.diff(id, olds, news, {
    previews: true,
    ignored,
    isSecret,
  });
  const kinds = Object.entries(detailed).map(([path, each]) => {
    const kind = Kind[each.replaces ? (`${each.kind}_REPLACE` as const) : each.kind];
    return [path, { kind, inputDiff: false }];
  });
  return {
    changes: changes ? Changes.DIFF_SOME : Changes.DIFF_NONE,
    ...{ replaces, stables, deleteBeforeReplace: replaces.length > 0 },
    diffs: Object.keys(detailed),
    detailedDiff: Object.fromEntries(kinds),
    hasDetailedDiff: true,
  };
}

export async function create(session: Session, request: CreateRequest, signal: AbortSignal): Promise<CreateResponse> {
  const { urn, timeout, preview } = request;
  const turn = await takeTurn(session, urn, { signal, timeout });
  const given = readStruct(request.properties);
  const inputs = open(given);
  const seal = (outputs: Raw) => sealed(turn.contract, outputs, given);
  if (preview) return { properties: writeStruct(seal(await turn.service().preview(null, {}, inputs))) };
  try {
    const { id, outs } = await turn.service().create(inputs);
    return { id, properties: writeStruct(seal(outs)) };
  } catch (error) {
    throw callError(error, seal);
  }
}

export async function update(session: Session, request: UpdateRequest, signal: AbortSignal): Promise<UpdateResponse> {
  const { id = "", urn, timeout, preview, ignoreChanges: ignored } = request;
  const turn = await takeTurn(session, urn, { signal, timeout });
  const given = readStruct(request.news);
  const [olds, news] = [open(readStruct(request.olds)), open(given)];
  const service = turn.service(isImported(olds));
  const seal = (outputs: Raw) => sealed(turn.contract, outputs, given);
  if (preview) return { properties: writeStruct(seal(await service.preview(id, olds, news, { ignored }))) };
  try {
    const { outs } = await service.update(id, olds, news, { ignored });
    return { properties: writeStruct(seal(outs)) };
  } catch (error) {
    throw callError(error, (outputs) => seal({ ...outputs, ...keptOf(olds) }));
  }
}

/** For a refresh, an import (without properties), or a look-up by id. Without an id in the answer it is gone. */
export async function read(session: Session, request: ReadRequest, signal: AbortSignal): Promise<ReadResponse> {
  const turn = await takeTurn(session, request.urn, { signal });
  const [before, given] = [readStruct(request.properties), readStruct(request.inputs)];
  const [olds, inputs] = [open(before), open(given)];
  const { id, props } = await turn.service().read(request.id ?? "", olds);
  if (!props) return {};
  const isNew = Object.keys(olds).length === 0;
  const kept = isNew ? imported : keptOf(olds);
  const now = isNew ? inputsOf(turn.contract, props) : refreshedInputs(inputs, olds, props);
  return {
    id,
    properties: writeStruct(sealed(turn.contract, { ...props, ...kept }, before)),
    inputs: writeStruct(sealed(turn.contract, now, given)),
  };
}

export async function remove(session: Session, request: DeleteRequest, signal: AbortSignal): Promise<Empty> {
  const { id = "", urn, timeout } = request;
  const turn = await takeTurn(session, urn, { signal, timeout });
  const olds = open(readStruct(request.properties));
  try {
    await turn.service(isImported(olds)).delete(id, olds);
    return {};
  } catch (error) {
    throw callError(error, (outputs) => sealed(turn.contract, { ...outputs, ...keptOf(olds) }));
  }
}
