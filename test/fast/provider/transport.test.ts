import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  connect,
  constants,
  type Http2Server,
  type SecureClientSessionOptions,
} from "node:http2";
import { createConnection } from "node:net";
import { connect as connectTls } from "node:tls";
import { afterEach, describe, expect, it } from "vitest";
import type { Messages } from "../../../provider/generated/protocol.ts";
import { createProvider } from "../../../provider/server/provider.ts";
import { type Certificate, createCertificate } from "../../../provider/transport/certificate.ts";
import { createSocketFolder, handshakeLine, readEnvironment } from "../../../provider/transport/handshake.ts";
import { listen } from "../../../provider/transport/server.ts";
import { decodeMessage, encodeMessage } from "../../../provider/wire/protobuf.ts";

const cleanup: (() => unknown)[] = [];
afterEach(async () => {
  for (const each of cleanup.splice(0).reverse()) await each();
});

async function start(tls?: {
  server: Certificate;
  client: Certificate;
}): Promise<{ socket: string; shutdowns: number[] }> {
  const { socket, remove } = createSocketFolder(process.env);
  const shutdowns: number[] = [];
  const server: Http2Server = await listen({
    socket,
    provider: async () => createProvider(),
    onShutdown: () => shutdowns.push(1),
    ...(tls && { tls: { cert: tls.server.cert, key: tls.server.key, ca: tls.client.cert, requestCert: true } }),
  });
  cleanup.push(remove, () => server.close());
  return { socket, shutdowns };
}

function open(socket: string, tls?: SecureClientSessionOptions): ClientHttp2Session {
  const session = connect("http://localhost", {
    createConnection: () =>
      tls
        ? connectTls({ path: socket, servername: "localhost", ALPNProtocols: ["h2"], ...tls })
        : createConnection(socket),
  });
  session.on("error", () => {});
  cleanup.push(() => session.destroy());
  return session;
}

/** One unary call; answers the message, or throws with the status. */
async function call<N extends keyof Messages, R extends keyof Messages>(
  session: ClientHttp2Session,
  path: string,
  [request, message]: [N, Messages[N]],
  response: R,
): Promise<Messages[R]> {
  const stream = session.request({ ":method": "POST", ":path": path, "content-type": "application/grpc" });
  const body = encodeMessage(request, message);
  const head = Buffer.alloc(5);
  head.writeUInt32BE(body.length, 1);
  stream.end(Buffer.concat([head, body]));
  let status: unknown;
  let text: unknown;
  const note = (headers: Record<string, unknown>) => {
    status = headers["grpc-status"] ?? status;
    text = headers["grpc-message"] ?? text;
  };
  stream.on("response", note);
  stream.on("trailers", note);
  const chunks = await Array.fromAsync(stream as AsyncIterable<Buffer>);
  if (Number(status) !== 0) throw new Error(`status ${status}: ${decodeURIComponent(String(text))}`);
  return decodeMessage(response, Buffer.concat(chunks).subarray(5));
}

describe("the transport", () => {
  it("answers the health check, the schema and a shutdown", async () => {
    const { socket, shutdowns } = await start();
    const session = open(socket);
    const health = await call(
      session,
      "/grpc.health.v1.Health/Check",
      ["HealthCheckRequest", { service: "plugin" }],
      "HealthCheckResponse",
    );
    expect(health).toEqual({ status: 1 });
    const schema = await call(
      session,
      "/tfplugin6.Provider/GetProviderSchema",
      ["GetProviderSchemaRequest", {}],
      "GetProviderSchemaResponse",
    );
    expect(Object.keys(schema.resource_schemas ?? {})).toContain("guestkit_disk_image");
    expect(schema.server_capabilities?.plan_destroy).toBe(true);
    await call(session, "/plugin.GRPCController/Shutdown", ["Empty", {}], "Empty");
    expect(shutdowns).toHaveLength(1);
  });

  it("names a call that it does not have and a frame that is broken", async () => {
    const { socket } = await start();
    const session = open(socket);
    const path = "/tfplugin6.Provider/MakeCoffee";
    await expect(call(session, path, ["Empty", {}], "Empty")).rejects.toThrow(`status 12: There is no call ${path}`);
    const stream = session.request({ ":method": "POST", ":path": "/tfplugin6.Provider/GetMetadata" });
    const status = new Promise((resolve) => stream.on("response", (headers) => resolve(headers["grpc-status"])));
    stream.end(Buffer.from("abc"));
    expect(Number(await status)).toBe(13);
  });

  it("holds the broker's and the stdio stream open", async () => {
    const { socket } = await start();
    const stream = open(socket).request({ ":method": "POST", ":path": "/plugin.GRPCBroker/StartStream" });
    const status = await new Promise((resolve) => stream.on("response", (headers) => resolve(headers[":status"])));
    expect(status).toBe(200);
    expect(stream.closed).toBe(false);
  });

  it("lets in the engine that has the agreed certificate, and nobody else", async () => {
    const [server, client, stranger] = [createCertificate(), createCertificate(), createCertificate()];
    const { socket } = await start({ server, client });
    const ping = (tls: Certificate | undefined) =>
      call(
        open(socket, { ca: server.cert, ...(tls && { cert: tls.cert, key: tls.key }) }),
        "/grpc.health.v1.Health/Check",
        ["HealthCheckRequest", {}],
        "HealthCheckResponse",
      );
    await expect(ping(client)).resolves.toEqual({ status: 1 });
    await expect(ping(stranger)).rejects.toThrow();
    await expect(ping(undefined)).rejects.toThrow();
  });
});

describe("a call whose answer is a stream", () => {
  const path = "/tfplugin6.Provider/InvokeAction";
  type Event = Messages["InvokeActionEvent"];

  async function invoke(InvokeAction: (request: object, signal: AbortSignal) => AsyncIterable<Event>) {
    const { socket, remove } = createSocketFolder(process.env);
    const provider = { ...createProvider(), InvokeAction };
    const server = await listen({ socket, provider: async () => provider, onShutdown: () => {} });
    cleanup.push(remove, () => server.close());
    const stream = open(socket).request({ ":method": "POST", ":path": path });
    const empty = Buffer.alloc(5);
    stream.end(empty);
    return stream;
  }

  const trailersOf = (stream: ClientHttp2Stream) =>
    new Promise<Record<string, unknown>>((resolve) => stream.on("trailers", resolve));

  /** The messages that have come whole. */
  function eventsIn(bytes: Buffer): Event[] {
    const found: Event[] = [];
    for (let at = 0; at < bytes.length; at += 5 + bytes.readUInt32BE(at + 1)) {
      found.push(decodeMessage("InvokeActionEvent", bytes.subarray(at + 5, at + 5 + bytes.readUInt32BE(at + 1))));
    }
    return found;
  }

  it("gives each message in its order, however slowly the engine reads, and then the status", async () => {
    const sent = Array.from({ length: 500 }, (_, index) => ({ progress: { message: `${index} `.repeat(2000) } }));
    const stream = await invoke(async function* () {
      yield* sent;
    });
    const trailers = trailersOf(stream);
    expect(eventsIn(Buffer.concat(await Array.fromAsync(stream as AsyncIterable<Buffer>)))).toEqual(sent);
    expect(Number((await trailers)["grpc-status"])).toBe(0);
  });

  it("tells a fault behind the messages that went before it", async () => {
    const stream = await invoke(async function* () {
      yield { progress: { message: "begun" } };
      throw new Error("broken");
    });
    const trailers = trailersOf(stream);
    expect(eventsIn(Buffer.concat(await Array.fromAsync(stream as AsyncIterable<Buffer>)))).toHaveLength(1);
    expect(await trailers).toMatchObject({ "grpc-status": "13", "grpc-message": "broken" });
  });

  it("ends when the engine gives the call up", async () => {
    let ended = () => {};
    const isEnded = new Promise<void>((resolve) => {
      ended = resolve;
    });
    const stream = await invoke(async function* (_, signal) {
      try {
        while (!signal.aborted) yield { progress: { message: "x".repeat(10_000) } };
      } finally {
        ended();
      }
    });
    stream.once("data", () => stream.close(constants.NGHTTP2_CANCEL));
    stream.on("error", () => {});
    await isEnded;
  });
});

describe("the handshake", () => {
  const cookie = "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2";

  it("is one line, its certificate without padding", () => {
    expect(handshakeLine("/run/s", undefined)).toBe("1|6|unix|/run/s|grpc|\n");
    expect(handshakeLine("/run/s", Buffer.from("a"))).toBe("1|6|unix|/run/s|grpc|YQ\n");
  });

  it("tells a person what this program is, and an engine that is too old what it needs", () => {
    expect(readEnvironment({})).toContain("plugin of Terraform");
    expect(readEnvironment({ TF_PLUGIN_MAGIC_COOKIE: cookie, PLUGIN_PROTOCOL_VERSIONS: "4,5" })).toContain("4, 5");
    expect(readEnvironment({ TF_PLUGIN_MAGIC_COOKIE: cookie, PLUGIN_PROTOCOL_VERSIONS: "5,6" })).toEqual({
      clientCertificate: undefined,
    });
  });

  it("keeps the socket's path below the system's limit", () => {
    const { socket, remove } = createSocketFolder({ PLUGIN_UNIX_SOCKET_DIR: `/tmp/${"long/".repeat(30)}` });
    cleanup.push(remove);
    expect(socket.length).toBeLessThan(108);
  });
});
