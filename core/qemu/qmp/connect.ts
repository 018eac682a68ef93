import { GuestkitError } from "../../kit/errors.ts";
import { openJsonSocket } from "../wire/json-socket.ts";
import { waiter } from "../wire/waiter.ts";
import { type Qmp, QmpClient } from "./client.ts";
import type { QemuVersion } from "./commands/index.ts";
import { busy, unreachable } from "./error.ts";

export interface ConnectOptions {
  readonly signal?: AbortSignal;
  /** Milliseconds to be greeted in: also how long another client is waited for. */
  readonly timeoutMs?: number;
}

const CONNECT_MS = 10_000;
/** Bytes of one line: the block graph of a machine with many long chains stays far below. */
const LINE = 16 << 20;

/**
 * Connects to a QMP monitor on a unix socket and negotiates. A second client is let in by the system but not greeted
 * before the first has gone. Throws `E_QMP_CONNECT` (nothing listens), `E_QMP_BUSY`, `E_QMP_CLOSED`, `E_QMP_PROTOCOL`,
 * the signal's reason.
 */
export async function connectQmp(path: string, options: ConnectOptions = {}): Promise<Qmp> {
  const { signal, timeoutMs = CONNECT_MS } = options;
  signal?.throwIfAborted();
  const greeting = waiter<QemuVersion>({ signal, timeoutMs }, () => busy(path));
  const client = new QmpClient(path, greeting);
  try {
    const handlers = { onItem: client.receive.bind(client), onClose: client.end.bind(client) };
    client.attach(await openJsonSocket(path, { ...handlers, limit: () => LINE, signal, timeoutMs }, () => busy(path)));
    await greeting.promise;
    await client.send("qmp_capabilities", undefined, { timeoutMs, ...(signal && { signal }) });
    return client;
  } catch (error) {
    client.close();
    greeting.reject(error);
    throw isOurs(error, signal) ? error : unreachable(path, error);
  }
}

function isOurs(error: unknown, signal: AbortSignal | undefined): boolean {
  return error instanceof GuestkitError || (signal?.aborted ?? false);
}
