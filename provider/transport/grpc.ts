import type { IncomingHttpHeaders, ServerHttp2Stream } from "node:http2";
import type { Answer } from "./calls.ts";

/**
 * gRPC over one HTTP/2 stream: a message has a compression flag and a 32-bit length in front, and the outcome is in
 * the trailers.
 * Spec: https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md
 */
const STATUS = { ok: 0, unimplemented: 12, internal: 13 } as const;
const HEADERS = { ":status": 200, "content-type": "application/grpc" } as const;
const MAX_MESSAGE = 256 * 2 ** 20;

/** Answers one call. Never throws: what goes wrong is the call's status. */
export function answerStream(stream: ServerHttp2Stream, headers: IncomingHttpHeaders, answer: Answer): void {
  stream.on("error", () => {});
  const handler = answer(String(headers[":path"]));
  if (handler === undefined) fail(stream, STATUS.unimplemented, `There is no call ${headers[":path"]}`);
  else if (handler === "streams") holdOpen(stream);
  else void answerUnary(stream, handler);
}

/** A stream on which neither side has anything to say; it lasts as long as the connection. */
function holdOpen(stream: ServerHttp2Stream): void {
  stream.respond(HEADERS, { waitForTrailers: true });
  stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": STATUS.ok }));
  stream.on("end", () => stream.end());
  stream.resume();
}

async function answerUnary(
  stream: ServerHttp2Stream,
  handler: (request: Uint8Array, signal: AbortSignal) => Promise<Uint8Array>,
): Promise<void> {
  const given = new AbortController();
  stream.on("aborted", () => given.abort());
  try {
    succeed(stream, await handler(await readMessage(stream), given.signal));
  } catch (error) {
    fail(stream, STATUS.internal, error instanceof Error ? error.message : String(error));
  }
}

async function readMessage(stream: ServerHttp2Stream): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MAX_MESSAGE) throw new RangeError("The message is larger than 256 MiB");
    chunks.push(chunk);
  }
  return unframe(Buffer.concat(chunks));
}

function unframe(frame: Buffer): Uint8Array {
  if (frame.length < 5 || frame.readUInt32BE(1) !== frame.length - 5)
    throw new RangeError("The gRPC frame is not whole");
  if (frame[0] !== 0) throw new RangeError("Compressed gRPC messages are not understood");
  return frame.subarray(5);
}

function succeed(stream: ServerHttp2Stream, message: Uint8Array): void {
  if (stream.destroyed) return;
  const head = Buffer.alloc(5);
  head.writeUInt32BE(message.length, 1);
  stream.respond(HEADERS, { waitForTrailers: true });
  stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": STATUS.ok }));
  stream.end(Buffer.concat([head, message]));
}

function fail(stream: ServerHttp2Stream, status: number, message: string): void {
  if (stream.destroyed) return;
  stream.respond(
    { ...HEADERS, "grpc-status": status, "grpc-message": encodeURIComponent(message) },
    { endStream: true },
  );
}
