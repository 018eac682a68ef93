import { once } from "node:events";
import type { IncomingHttpHeaders, ServerHttp2Stream } from "node:http2";
import { OK, type Status, statusOf, UnknownCall } from "./status.ts";

/** Gives the messages that answer one request, each as its bytes. */
export type Handler = (request: Uint8Array, signal: AbortSignal) => AsyncIterable<Uint8Array>;

/** What answers a call by its path: `idle` where both sides only hold the stream open, undefined where there is no such call. */
export type Answer = (path: string) => Handler | "idle" | undefined;

/**
 * gRPC over one HTTP/2 stream: a message has a compression flag and a 32-bit length in front, and the outcome is in
 * the trailers.
 * Spec: https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md
 */
const HEADERS = { ":status": 200, "content-type": "application/grpc" } as const;
const MAX_MESSAGE = 256 * 2 ** 20;

/** Answers one call. Never throws: what goes wrong is the call's status. */
export function answerStream(stream: ServerHttp2Stream, headers: IncomingHttpHeaders, answer: Answer): void {
  stream.on("error", () => {});
  const handler = answer(String(headers[":path"]));
  if (handler === undefined) finish(stream, statusOf(new UnknownCall(String(headers[":path"]))));
  else if (handler === "idle") holdOpen(stream);
  else void answerCall(stream, handler);
}

/** A stream on which neither side has anything to say; it lasts as long as the connection. */
function holdOpen(stream: ServerHttp2Stream): void {
  stream.respond(HEADERS, { waitForTrailers: true });
  stream.on("wantTrailers", () => stream.sendTrailers(OK));
  stream.on("end", () => stream.end());
  stream.resume();
}

async function answerCall(stream: ServerHttp2Stream, handler: Handler): Promise<void> {
  const given = new AbortController();
  stream.on("aborted", () => given.abort());
  try {
    const request = await readMessage(stream);
    for await (const message of handler(request, given.signal)) await send(stream, message, given.signal);
    finish(stream, OK);
  } catch (error) {
    finish(stream, statusOf(error));
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

/** Resolves when there is room for more. Throws when the engine has given the call up. */
async function send(stream: ServerHttp2Stream, message: Uint8Array, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  if (stream.destroyed) throw new Error("The stream is closed");
  if (!stream.headersSent) stream.respond(HEADERS, { waitForTrailers: true });
  const head = Buffer.alloc(5);
  head.writeUInt32BE(message.length, 1);
  if (!stream.write(Buffer.concat([head, message]))) await once(stream, "drain", { signal });
}

/** Without a message before it, the status comes with the headers. */
function finish(stream: ServerHttp2Stream, status: Status): void {
  if (stream.destroyed) return;
  if (!stream.headersSent) {
    stream.respond({ ...HEADERS, ...status }, { endStream: true });
    return;
  }
  stream.on("wantTrailers", () => stream.sendTrailers(status));
  stream.end();
}
