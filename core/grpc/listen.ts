import { createSecureServer, createServer, type Http2Server, type SecureServerOptions } from "node:http2";
import { LONGEST_STATUS } from "./status.ts";
import { type Answer, answerStream } from "./stream.ts";

export interface Listening {
  /** A unix socket's path, or a port of this machine alone (0: any that is free). */
  readonly address: string | number;
  /** Absent: no TLS. */
  readonly tls?: SecureServerOptions | undefined;
  readonly answer: Answer;
}

/** Listens for gRPC calls; resolves once it does. */
export async function listenGrpc({ address, tls, answer }: Listening): Promise<Http2Server> {
  // Node's own bound is 64 KiB, over which it resets the stream: what a failure left behind is told in headers.
  const settings = { settings: { initialWindowSize: 2 ** 20 }, maxSendHeaderBlockLength: LONGEST_STATUS };
  const server = tls ? createSecureServer({ ...settings, ...tls, allowHTTP1: false }) : createServer(settings);
  server.on("stream", (stream, headers) => answerStream(stream, headers, answer));
  const place = typeof address === "string" ? { path: address } : { port: address, host: "127.0.0.1" };
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(place, resolve));
  return server;
}
