import { createSecureServer, createServer, type Http2Server, type SecureServerOptions } from "node:http2";
import { CALLS, HealthCheckResponseServingStatus, type Messages } from "../generated/protocol.ts";
import { decodeMessage } from "../wire/protobuf-decode.ts";
import { encodeMessage } from "../wire/protobuf-encode.ts";
import { type Answer, type ProviderService, UnknownCall } from "./calls.ts";
import { answerStream } from "./grpc.ts";

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
export async function listen(options: ServerOptions): Promise<Http2Server> {
  const settings = { settings: { initialWindowSize: 2 ** 20 } };
  const server = options.tls
    ? createSecureServer({ ...settings, ...options.tls, allowHTTP1: false })
    : createServer(settings);
  const answer = answers(options);
  server.on("stream", (stream, headers) => answerStream(stream, headers, answer));
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(options.socket, resolve));
  return server;
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
