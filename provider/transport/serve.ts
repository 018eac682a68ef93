import type { Http2Server, SecureServerOptions, ServerHttp2Session } from "node:http2";
import type { ProviderService } from "./calls.ts";
import { type Certificate, createCertificate } from "./certificate.ts";
import { createSocketFolder, handshakeLine, readEnvironment } from "./handshake.ts";
import { listen } from "./server.ts";

export interface Provider extends ProviderService {
  /** Gives up what is running; resolves when all of it has ended. */
  readonly stop: () => Promise<void>;
}

/** How long running work may take to clean up when the engine ends the process. */
const GRACE_MS = 1500;
/** An engine that is not there after this long was killed. */
const CONNECT_MS = 30_000;

/**
 * Serves a provider to the engine that started this process, until the engine says so or is gone.
 * `load` is called only after the handshake, which the engine waits for.
 */
export async function serve(load: () => Promise<Provider>): Promise<void> {
  const engine = readEnvironment(process.env);
  if (typeof engine === "string") {
    process.stderr.write(`${engine}\n`);
    process.exitCode = 1;
    return;
  }
  const { clientCertificate } = engine;
  const certificate = clientCertificate ? createCertificate() : undefined;
  const { socket, remove } = createSocketFolder(process.env);
  process.on("exit", remove);
  let provider: Promise<Provider> | undefined;
  const loaded = () => (provider ??= load());
  const end = once(() => endProcess(provider));
  const server = await listen({
    socket,
    provider: loaded,
    onShutdown: () => setImmediate(end),
    ...(certificate && clientCertificate && { tls: mutualTls(certificate, clientCertificate) }),
  });
  watchEngine(server, end);
  // An engine that was killed reads no more; that must not keep this process from cleaning up.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});
  // A terminal's Ctrl-C reaches this process too; the engine decides what it means and calls StopProvider.
  process.on("SIGINT", () => {});
  process.on("SIGTERM", end);
  process.stdout.write(handshakeLine(socket, certificate?.der));
  // What cannot be loaded is the answer of each call.
  setImmediate(() => loaded().catch(() => {}));
}

/** Each side knows the other by its one self-signed certificate. */
function mutualTls({ cert, key }: Certificate, ca: string): SecureServerOptions {
  return { cert, key, ca, requestCert: true, rejectUnauthorized: true, minVersion: "TLSv1.2" };
}

/** Ends this process when the engine has gone without a word: it holds one connection for as long as it lives. */
function watchEngine(server: Http2Server, end: () => void): void {
  const sessions = new Set<ServerHttp2Session>();
  let timer = setTimeout(end, CONNECT_MS);
  server.on("session", (session) => {
    sessions.add(session);
    clearTimeout(timer);
    session.on("close", () => {
      sessions.delete(session);
      if (sessions.size === 0) timer = setTimeout(end, 200);
    });
  });
}

async function endProcess(provider: Promise<Provider> | undefined): Promise<void> {
  const stopped = Promise.resolve(provider).then((loaded) => loaded?.stop());
  await Promise.race([stopped.catch(() => {}), new Promise((resolve) => setTimeout(resolve, GRACE_MS))]);
  process.exit(0);
}

function once(action: () => void): () => void {
  let done = false;
  return () => {
    if (done) return;
    done = true;
    action();
  };
}
