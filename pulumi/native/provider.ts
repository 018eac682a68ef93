import type { Service } from "@guestkit/core/grpc";
import type { CALLS, Messages } from "../generated/protocol.ts";
import manifest from "../package.json" with { type: "json" };
import { checkConfig, configure, diffConfig } from "./config.ts";
import { callError } from "./failure.ts";
import { invoke } from "./invoke.ts";
import { check, create, diff, read, remove, update } from "./lifecycle.ts";
import { Session } from "./session.ts";

export type ProviderService = Service<typeof CALLS, Messages, "pulumirpc.ResourceProvider">;

/** The provider, generic over the contracts: no line here knows of a particular resource. */
export interface NativeProvider {
  readonly service: ProviderService;
  readonly session: Session;
}

/** `engine`: HOST:PORT of what started it; undefined where it is attached to later. */
export function createProvider(engine: string | undefined): NativeProvider {
  const session = new Session();
  if (engine) session.log.attach(engine);
  // Reading is work as well: Cancel reaches it, and while it runs nothing is idle.
  const run =
    <Request, Reply>(call: (session: Session, request: Request, signal: AbortSignal) => Promise<Reply>) =>
    (request: Request, signal: AbortSignal) =>
      session.run({ signal }, (either) => call(session, request, either));
  const service: ProviderService = {
    Handshake: async ({ engine_address }) => {
      if (engine_address) session.log.attach(engine_address);
      return { accept_secrets: true, accept_resources: false, accept_outputs: false };
    },
    Attach: async ({ address = "" }) => {
      session.log.attach(address);
      return {};
    },
    GetPluginInfo: async () => ({ version: manifest.version }),
    GetSchema: async () => {
      const { default: schema } = await import("../generated/schema.json", { with: { type: "json" } });
      return { schema: JSON.stringify(schema) };
    },
    CheckConfig: checkConfig,
    DiffConfig: diffConfig,
    Configure: (request) => configure(session, request),
    Invoke: run(invoke),
    Check: run(check),
    Diff: run(diff),
    Create: run(create),
    Read: run(read),
    Update: run(update),
    Delete: run(remove),
    Cancel: async () => {
      session.stop();
      return {};
    },
  };
  return { service: told(service), session };
}

/** What is thrown becomes the call's failure, with its code and what to do. */
function told(service: ProviderService): ProviderService {
  type Call = (request: object, signal: AbortSignal) => Promise<object>;
  const calls = Object.entries(service as unknown as Readonly<Record<string, Call>>).map(([name, call]) => [
    name,
    (request: object, signal: AbortSignal) =>
      call(request, signal).catch((error) => Promise.reject(callError(error, (left) => left))),
  ]);
  return Object.fromEntries(calls) as ProviderService;
}
