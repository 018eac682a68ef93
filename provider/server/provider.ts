import { setLogSink } from "@guestkit/core/kit";
import type { Contract } from "@guestkit/core/model";
import type { Diagnostic } from "../generated/protocol.ts";
import { functionOf, functions } from "../schema/function.ts";
import { identitySchemaOf } from "../schema/identity.ts";
import { listings } from "../schema/listing.ts";
import {
  actionSchema,
  actions,
  dataSources,
  ephemeralResources,
  providerSchema,
  resources,
  schemaOf,
} from "../schema/schema.ts";
import { readSettings } from "../schema/settings.ts";
import type { Provider } from "../transport/serve.ts";
import { invokeAction } from "./action.ts";
import { applyResourceChange } from "./apply.ts";
import { errorDiagnostic } from "./diagnostics.ts";
import { readDynamic } from "./dynamic.ts";
import { openEphemeralResource } from "./ephemeral.ts";
import { callFunction } from "./function.ts";
import { generateResourceConfig } from "./generate.ts";
import { importResourceState } from "./import.ts";
import { listResource } from "./list.ts";
import { writeLog } from "./log.ts";
import { moveResourceState } from "./move.ts";
import { planResourceChange } from "./plan.ts";
import { readDataSource, readResource } from "./read.ts";
import { Session } from "./session.ts";
import { unknownType } from "./unknown-type.ts";
import { upgradeResourceIdentity, upgradeResourceState } from "./upgrade.ts";
import { validateDeclaration, validateResource } from "./validate.ts";

const CAPABILITIES = {
  plan_destroy: true,
  get_provider_schema_optional: true,
  move_resource_state: true,
  generate_resource_config: true,
};

/** The provider, generic over the contracts: no line here knows of a particular resource. */
export function createProvider(): Provider {
  const session = new Session();
  setLogSink(writeLog);
  return {
    GetMetadata: async () => ({
      server_capabilities: CAPABILITIES,
      resources: typesOf(resources),
      data_sources: typesOf(dataSources),
      list_resources: typesOf(listings),
      ephemeral_resources: typesOf(ephemeralResources),
      actions: typesOf(actions),
      functions: [...functions.keys()].map((name) => ({ name })),
    }),
    GetProviderSchema: async () => ({
      provider: providerSchema(),
      resource_schemas: eachOf(resources, schemaOf),
      data_source_schemas: eachOf(dataSources, schemaOf),
      list_resource_schemas: eachOf(listings, schemaOf),
      ephemeral_resource_schemas: eachOf(ephemeralResources, schemaOf),
      action_schemas: eachOf(actions, actionSchema),
      functions: eachOf(functions, functionOf),
      server_capabilities: CAPABILITIES,
    }),
    GetResourceIdentitySchemas: async () => ({ identity_schemas: eachOf(resources, identitySchemaOf) }),
    GetFunctions: async () => ({ functions: eachOf(functions, functionOf) }),
    ValidateProviderConfig: async () => ({}),
    ConfigureProvider: async ({ config }) => {
      session.configure(readSettings((readDynamic(config) ?? {}) as Parameters<typeof readSettings>[0]));
      return {};
    },
    ValidateResourceConfig: (request) =>
      guarded(resources, request, (contract) => validateResource(session, contract, request)),
    ValidateDataResourceConfig: (request) =>
      guarded(dataSources, request, (contract) => validateDeclaration(session, contract, request)),
    UpgradeResourceState: (request) =>
      guarded(resources, request, async (contract) => upgradeResourceState(session, contract, request)),
    UpgradeResourceIdentity: (request) => guarded(resources, request, async () => upgradeResourceIdentity(request)),
    ReadResource: (request, signal) =>
      guarded(resources, request, (contract) => readResource(session, contract, request, signal)),
    PlanResourceChange: (request, signal) =>
      guarded(resources, request, (contract) => planResourceChange(session, contract, request, signal)),
    ApplyResourceChange: (request, signal) =>
      guarded(resources, request, (contract) => applyResourceChange(session, contract, request, signal)),
    ImportResourceState: (request, signal) =>
      guarded(resources, request, (contract) => importResourceState(session, contract, request, signal)),
    MoveResourceState: (request, signal) =>
      guarded(resources, { type_name: request.target_type_name }, (contract) =>
        moveResourceState(session, contract, request, signal),
      ),
    GenerateResourceConfig: (request) =>
      guarded(resources, request, async (contract) => generateResourceConfig(contract, request)),
    ValidateListResourceConfig: (request) =>
      guarded(listings, request, (listing) => validateDeclaration(session, listing, request)),
    ListResource: (request, signal) => listResource(session, request, signal),
    ReadDataSource: (request, signal) =>
      guarded(dataSources, request, (contract) => readDataSource(session, contract, request, signal)),
    ValidateEphemeralResourceConfig: (request) =>
      guarded(ephemeralResources, request, (contract) => validateDeclaration(session, contract, request)),
    OpenEphemeralResource: (request, signal) =>
      guarded(ephemeralResources, request, (contract) => openEphemeralResource(session, contract, request, signal)),
    RenewEphemeralResource: async () => ({}),
    CloseEphemeralResource: async () => ({}),
    CallFunction: (request, signal) => callFunction(session, request, signal),
    ValidateActionConfig: (request) =>
      guarded(actions, request, (contract) => validateDeclaration(session, contract, request)),
    PlanAction: ({ action_type: type_name, config }) =>
      guarded(actions, { type_name }, (contract) => validateDeclaration(session, contract, { config })),
    InvokeAction: (request, signal) => invokeAction(session, request, signal),
    StopProvider: async () => {
      session.stop();
      return {};
    },
    stop: async () => {
      session.stop();
      await session.idle();
    },
  };
}

type Contracts = ReadonlyMap<string, Contract>;

const typesOf = (contracts: Contracts) => [...contracts.keys()].map((type_name) => ({ type_name }));

function eachOf<T>(contracts: Contracts, make: (contract: Contract) => T): Readonly<Record<string, T>> {
  return Object.fromEntries([...contracts].map(([name, contract]) => [name, make(contract)]));
}

/** Finds the contract of a call; what is thrown becomes the answer's diagnostic. */
async function guarded<R extends { readonly diagnostics?: readonly Diagnostic[] }>(
  contracts: Contracts,
  request: { readonly type_name?: string | undefined },
  call: (contract: Contract) => Promise<R>,
): Promise<R | { readonly diagnostics: readonly Diagnostic[] }> {
  const contract = contracts.get(request.type_name ?? "");
  try {
    if (!contract) throw unknownType(request.type_name);
    return await call(contract);
  } catch (error) {
    return { diagnostics: [errorDiagnostic(contract, error)] };
  }
}
