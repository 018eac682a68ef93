import type { CALLS, Messages } from "../generated/protocol.ts";

type Calls = typeof CALLS;

/** What a call gives: one message, or a stream of them where the protocol says so. */
type Reply<Call> = Call extends readonly [unknown, infer Response extends keyof Messages, "server"]
  ? AsyncIterable<Messages[Response]>
  : Call extends readonly [unknown, infer Response extends keyof Messages]
    ? Promise<Messages[Response]>
    : never;

/** The handlers of one service: its calls by name. `signal` aborts when the engine gives the call up. */
type Service<Name extends string> = {
  readonly [Path in keyof Calls as Path extends `/${Name}/${infer Method}` ? Method : never]: (
    request: Messages[Calls[Path][0]],
    signal: AbortSignal,
  ) => Reply<Calls[Path]>;
};

/** Calls for what this provider does not announce: engines do not make them, and would be told that there are none. */
type Unserved =
  | "MoveResourceState"
  | "GenerateResourceConfig"
  | "UpgradeResourceIdentity"
  | "ValidateListResourceConfig"
  | "ListResource"
  | "ValidateEphemeralResourceConfig"
  | "OpenEphemeralResource"
  | "RenewEphemeralResource"
  | "CloseEphemeralResource"
  | "CallFunction"
  | "ValidateActionConfig"
  | "PlanAction"
  | "InvokeAction";

export type ProviderService = Omit<Service<"tfplugin6.Provider">, Unserved>;

/** Gives the messages that answer one request, each as its bytes. */
export type Handler = (request: Uint8Array, signal: AbortSignal) => AsyncIterable<Uint8Array>;

/** What answers a call by its path: `idle` where both sides only hold the stream open, undefined where there is no such call. */
export type Answer = (path: string) => Handler | "idle" | undefined;

/** Thrown where a call of the protocol is not served. */
export class UnknownCall extends Error {
  constructor(path: string) {
    super(`There is no call ${path}`);
  }
}
