import { once } from "node:events";
import { connect } from "node:http2";
import { type AddressInfo, connect as connectTcp } from "node:net";
import { expect, it } from "vitest";
import { CallError, listenGrpc } from "../../../core/grpc/index.ts";
import { Asked } from "../../../core/rpc/asked.ts";
import { parseMessage } from "../../../core/rpc/protocol.ts";
import { callError } from "../../../pulumi/native/failure.ts";

/** A server whose calls fail by `thrown`, `sent` a message before it or not. */
const failing = (thrown: unknown, sent: boolean) =>
  listenGrpc({
    address: 0,
    answer: () =>
      async function* () {
        if (sent) yield new Uint8Array(1);
        throw thrown;
      },
  });

/** The outcome of a call. */
async function outcomeOf(thrown: unknown, sent: boolean): Promise<Record<string, unknown>> {
  const server = await failing(thrown, sent);
  const session = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  try {
    const stream = session.request({ ":method": "POST", ":path": "/a/b", "content-type": "application/grpc" });
    const told = once(stream, sent ? "trailers" : "response", { signal: AbortSignal.timeout(20_000) });
    stream.end(Buffer.alloc(5));
    stream.resume();
    return (await told)[0] as Record<string, unknown>;
  } finally {
    session.destroy();
    server.close();
  }
}

const HEADERS = 1;
const RESET = 3;
const SETTINGS = 4;
const GOAWAY = 7;
const CONTINUATION = 9;

function frame(type: number, flags: number, stream: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head.writeUInt8(type, 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

/** A header as HPACK writes one without its tables. */
const literal = (...texts: readonly string[]) =>
  Buffer.concat([Buffer.of(0), ...texts.map((each) => Buffer.concat([Buffer.of(each.length), Buffer.from(each)]))]);

/** Bytes of all headers of a call's answer, as they are on the wire. Throws where the server breaks it off. */
async function headerBytes(thrown: unknown, sent: boolean): Promise<number> {
  const server = await failing(thrown, sent);
  const socket = connectTcp((server.address() as AddressInfo).port, "127.0.0.1");
  const asked = Buffer.concat([
    literal(":method", "POST"),
    literal(":path", "/a"),
    literal(":scheme", "http"),
    literal(":authority", "a"),
  ]);
  socket.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
  socket.write(Buffer.concat([frame(SETTINGS, 0, 0, Buffer.alloc(0)), frame(HEADERS, 4, 1, asked)]));
  socket.write(frame(0, 1, 1, Buffer.alloc(5)));
  try {
    return await countHeaders(socket);
  } finally {
    socket.destroy();
    server.close();
  }
}

async function countHeaders(socket: AsyncIterable<Buffer>): Promise<number> {
  const chunks: Buffer[] = [];
  let [held, wanted, bytes, isLast] = [0, 9, 0, false];
  for await (const chunk of socket) {
    chunks.push(chunk);
    held += chunk.length;
    if (held < wanted) continue;
    let rest = Buffer.concat(chunks.splice(0));
    while (rest.length >= 9 && rest.length >= 9 + rest.readUIntBE(0, 3)) {
      const [length, type, flags] = [rest.readUIntBE(0, 3), rest[3], rest[4] ?? 0];
      if (type === RESET || type === GOAWAY)
        throw new Error(`The server broke the call off: ${rest.subarray(0, 40).toString("hex")}`);
      if (type === HEADERS) isLast = (flags & 1) !== 0;
      if (type === HEADERS || type === CONTINUATION) bytes += length;
      if (isLast && (type === HEADERS || type === CONTINUATION) && (flags & 4) !== 0) return bytes;
      rest = rest.subarray(9 + length);
    }
    chunks.push(rest);
    held = rest.length;
    wanted = rest.length >= 9 ? 9 + rest.readUIntBE(0, 3) : 9;
  }
  throw new Error("The connection ended before the answer");
}

const messageOf = (outcome: Record<string, unknown>) => decodeURIComponent(String(outcome["grpc-message"]));

for (const sent of [false, true]) {
  const when = sent ? "after a message" : "before any";

  it(`tells with a failure ${when} all that is left`, async () => {
    // Node's own client takes no header over 64 KiB: "A" of base64 is six bits in HPACK.
    expect(await headerBytes(new CallError("Cannot: so", Buffer.alloc(6 * 2 ** 20)), sent)).toBeGreaterThan(
      6 * 2 ** 20,
    );
    expect(await headerBytes(new CallError("€".repeat(2 ** 20)), sent)).toBeGreaterThan(2 ** 17);
  });

  it(`answers with the message alone ${when} where no client would take the rest`, async () => {
    const outcome = await outcomeOf(new CallError("Cannot: so", Buffer.alloc(2 ** 24)), sent);
    expect(outcome).toMatchObject({ "grpc-status": "2", "grpc-message": "Cannot%3A%20so" });
  });

  it(`answers with half a character ${when}, wherever a text was cut`, async () => {
    expect(messageOf(await outcomeOf(new Error("Cannot read \ud83d"), sent))).toBe("Cannot read \ufffd");
    expect(messageOf(await outcomeOf(new Error(`${"x".repeat(2 ** 15 - 1)}😀`), sent))).toMatch(/x\ufffd\.\.\.$/);
  });
}

it("writes out half a character in a host's error", async () => {
  const asked = new Asked(
    () => {},
    (count) => count,
  );
  const { answer } = asked.ask("observe", {});
  const line = String.raw`{"jsonrpc":"2.0","id":1,"error":{"code":-32000,"message":"Cannot look: \ud83d","data":{"code":"E_X","help":"\udc00"}}}`;
  asked.take(parseMessage(line) as Parameters<Asked["take"]>[0]);
  const thrown = await answer.catch((error: unknown) => error);
  const { message } = callError(thrown, (left) => left);
  expect(message).toBe("Cannot look: \\u{d83d} (E_X)\n\\u{dc00}");
});
