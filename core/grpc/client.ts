import { type ClientHttp2Session, connect } from "node:http2";

/** Unary calls to a gRPC server without TLS. */
export class GrpcClient {
  readonly #session: ClientHttp2Session;

  /** `address`: HOST:PORT. */
  constructor(address: string) {
    this.#session = connect(`http://${address}`);
    this.#session.on("error", () => {});
    // Nothing waits for a server that is gone.
    this.#session.unref();
  }

  /** The bytes of the answer; empty where there is none. Throws an Error with the server's message where it refuses. */
  async call(path: string, message: Uint8Array): Promise<Uint8Array> {
    const head = Buffer.alloc(5);
    head.writeUInt32BE(message.length, 1);
    const stream = this.#session.request({
      ":method": "POST",
      ":path": path,
      "content-type": "application/grpc",
      te: "trailers",
    });
    let outcome: Readonly<Record<string, unknown>> = {};
    for (const event of ["response", "trailers"] as const) {
      stream.on(event, (headers: Readonly<Record<string, unknown>>) => {
        outcome = { ...outcome, ...headers };
      });
    }
    stream.end(Buffer.concat([head, message]));
    const chunks: Buffer[] = [];
    for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(chunk);
    if (String(outcome["grpc-status"]) !== "0")
      throw new Error(decodeURIComponent(String(outcome["grpc-message"] ?? "The call has no outcome")));
    return Buffer.concat(chunks).subarray(5);
  }

  close(): void {
    this.#session.close();
  }
}
