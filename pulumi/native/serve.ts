import type { Http2Server, ServerHttp2Session } from "node:http2";
import type { AddressInfo } from "node:net";
import { answersOf, listenGrpc, protobuf } from "@guestkit/core/grpc";
import { answersAt } from "../face/watch.ts";
import { CALLS, FIELDS, type Messages } from "../generated/protocol.ts";
import type { NativeProvider } from "./provider.ts";

/** How long running work may take to clean up when the engine is gone. */
const GRACE_MS = 2000;
/** Between two looks whether an engine that holds no connection is still there. */
const LOOK_MS = 500;

/**
 * Serves a provider to Pulumi's engine: on a port of this machine that the one line on stdout tells. `engine` is the address
 * of the engine that started this process; undefined where a user did, for engines that come and go.
 * `load` is called only after that line, which the engine waits for.
 */
export async function serve(engine: string | undefined, load: () => Promise<NativeProvider>): Promise<void> {
  let provider: Promise<NativeProvider> | undefined;
  const loaded = () => (provider ??= load());
  const answer = answersOf(CALLS, protobuf<Messages>(FIELDS), async () => (await loaded()).service);
  const server = await listenGrpc({ address: 0, answer });
  const end = () => endProcess(provider);
  if (engine) watchEngine(server, engine, end);
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});
  // A terminal's Ctrl-C may reach this process too: the engine decides what it means for work that runs, and calls Cancel.
  process.on("SIGINT", async () => ((await provider)?.session.isIdle === false ? undefined : end()));
  process.on("SIGTERM", end);
  process.stdout.write(`${(server.address() as AddressInfo).port}\n`);
  // What cannot be loaded is the answer of each call.
  setImmediate(() => loaded().catch(() => {}));
}

/** Ends this process when the engine has gone without a word: without a connection, its own port answers no more. */
function watchEngine(server: Http2Server, engine: string, end: () => void): void {
  const sessions = new Set<ServerHttp2Session>();
  const look = async () => {
    if (sessions.size > 0) return;
    if (await answersAt(engine)) setTimeout(look, LOOK_MS).unref();
    else end();
  };
  server.on("session", (session) => {
    sessions.add(session);
    session.on("close", () => {
      sessions.delete(session);
      void look();
    });
  });
  setTimeout(look, LOOK_MS);
}

async function endProcess(provider: Promise<NativeProvider> | undefined): Promise<void> {
  const stopped = Promise.resolve(provider).then(async (loaded) => {
    loaded?.session.stop();
    await loaded?.session.idle();
  });
  await Promise.race([stopped.catch(() => {}), new Promise((resolve) => setTimeout(resolve, GRACE_MS))]);
  process.exit(0);
}
