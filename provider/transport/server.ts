import type { Http2Server, SecureServerOptions } from "node:http2";
import { type Answer, answersOf, listenGrpc } from "@guestkit/core/grpc";
import { CALLS, HealthCheckResponseServingStatus } from "../generated/protocol.ts";
import { codec } from "../wire/protobuf.ts";
import type { ProviderService } from "./calls.ts";

export interface ServerOptions {
  readonly socket: string;
  /** Absent: no TLS, as for an engine that was told where to reattach. */
  readonly tls?: SecureServerOptions;
  /** Called for each provider call; the implementation may still be loading. */
  readonly provider: () => Promise<ProviderService>;
  /** The engine asked the process to end. */
  readonly onShutdown: () => void;
}

/** Listens on a unix socket; resolves once it does. */
export function listen(options: ServerOptions): Promise<Http2Server> {
  return listenGrpc({ address: options.socket, tls: options.tls, answer: answers(options) });
}

const PROVIDER = "/tfplugin6.Provider/";

function answers({ provider, onShutdown }: ServerOptions): Answer {
  const others = {
    Check: async () => ({ status: HealthCheckResponseServingStatus.SERVING }),
    Shutdown: async () => {
      onShutdown();
      return {};
    },
  };
  const call = answersOf(CALLS, codec, async (path) => (path.startsWith(PROVIDER) ? await provider() : others));
  return (path) => (isStream(path) && !path.startsWith(PROVIDER) ? "idle" : call(path));
}

const isStream = (path: string): boolean =>
  Object.hasOwn(CALLS, path) && CALLS[path as keyof typeof CALLS].length === 3;
