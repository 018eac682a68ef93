import type { CALLS, Messages } from "../generated/protocol.ts";

type Calls = typeof CALLS;

/** The handlers of one service: its calls by name. `signal` aborts when the engine gives the call up. */
type Service<Name extends string> = {
  readonly [Path in keyof Calls as Path extends `/${Name}/${infer Method}` ? Method : never]: (
    request: Messages[Calls[Path][0]],
    signal: AbortSignal,
  ) => Promise<Messages[Calls[Path][1]]>;
};

export type ProviderService = Service<"tfplugin6.Provider">;
export type ProviderCall = keyof ProviderService;

/** Answers any unary call by its path; undefined where there is none of that name. */
export type Answer = (
  path: string,
) => ((request: Uint8Array, signal: AbortSignal) => Promise<Uint8Array>) | "streams" | undefined;
