import type { Http2Server, SecureServerOptions } from "node:http2";
import { type Answer, listenGrpc, UnknownCall } from "@guestkit/core/grpc";
import { CALLS, HealthCheckResponseServingStatus, type Messages } from "../generated/protocol.ts";
import { decodeMessage, encodeMessage } from "../wire/protobuf.ts";
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
  return (path) => {
    const [request, response, streams] = Object.hasOwn(CALLS, path) ? CALLS[path as keyof typeof CALLS] : [];
    if (!request || !response) return undefined;
    if (streams && !path.startsWith(PROVIDER)) return "idle";
    return async function* (bytes, signal) {
      const reply = await dispatch(path, decodeMessage(request, bytes), signal);
      if (Symbol.asyncIterator in reply) for await (const each of reply) yield encodeMessage(response, each);
      else yield encodeMessage(response, reply);
    };
  };

  async function dispatch(path: string, request: Messages[keyof Messages], signal: AbortSignal): Promise<Reply> {
    if (path === "/grpc.health.v1.Health/Check") return { status: HealthCheckResponseServingStatus.SERVING };
    if (path === "/plugin.GRPCController/Shutdown") {
      onShutdown();
      return {};
    }
    const service = await provider();
    const call = (service as unknown as Readonly<Record<string, Call>>)[path.slice(PROVIDER.length)];
    if (!call) throw new UnknownCall(path);
    return await call(request, signal);
  }
}

/** One message, or a stream of them. */
type Reply = object | AsyncIterable<object>;

type Call = (request: object, signal: AbortSignal) => Reply | Promise<Reply>;
