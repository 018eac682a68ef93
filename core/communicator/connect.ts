import { once } from "node:events";
import { connect, type Socket } from "node:net";
import type { Readable, Writable } from "node:stream";
import { GuestkitError } from "../kit/errors.ts";
import { reasonOf } from "../kit/system-error.ts";
import type { Machine } from "../machine/machine.ts";
import type { Run } from "../machine/run.ts";
import { placeText, type SshTarget, sshPlace } from "./ssh/index.ts";
import { demandTarget } from "./way/open-way.ts";

/** How long a guest on a bridge may take to take a connection (ms). */
const CONNECT_MS = 30_000;
/** When a silent connection is first asked whether its other end is there (ms): a guest may vanish without a word. */
const KEEP_ALIVE_MS = 60_000;

/** What is joined to a guest. */
export interface Ends {
  readonly input: Readable;
  /** It is ended when the guest has said its last word. */
  readonly output: Writable;
}

/**
 * Joins two streams to the SSH server of a running machine: what `input` gives goes there, what the server says goes to
 * `output`. The end of one direction is passed on, and the other goes on to its own. Nothing is gathered: each side waits
 * where the other is slow. Throws `E_GUEST_NO_WAY` where no port or address leads there, `E_SSH_UNREACHABLE` where no
 * server answers, `E_SSH_LOST` where the connection breaks off, and what `output` fails with (EPIPE: nobody listens).
 */
export async function joinGuest(machine: Machine, run: Pick<Run, "forwards">, ends: Ends): Promise<void> {
  const place = sshPlace(machine, run.forwards) ?? demandTarget(machine);
  const socket = await opened(place).catch((cause) => {
    throw unreachable(machine, place, reasonOf(cause), cause);
  });
  try {
    await join(socket, ends, (cause) => broken(machine, cause));
  } finally {
    ends.input.destroy();
    socket.destroy();
  }
  // Every server greets. QEMU takes connections for a guest in which nobody listens, and ends them.
  if (socket.bytesRead === 0) throw unreachable(machine, place, "the connection ended without a word");
}

async function opened({ host, port }: Place): Promise<Socket> {
  const socket = connect({ host, port, allowHalfOpen: true, noDelay: true, keepAlive: true, ...PROBE });
  await once(socket, "connect", { signal: AbortSignal.timeout(CONNECT_MS) }).catch((error) => {
    socket.destroy();
    throw error;
  });
  return socket;
}

const PROBE = { keepAliveInitialDelay: KEEP_ALIVE_MS };

/** Until both directions are at their end. */
async function join(socket: Socket, { input, output }: Ends, lost: (cause: Error) => Error): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  output.once("error", reject);
  // A caller that breaks off has said its last word.
  input.once("error", () => socket.end());
  // Of a server that has said its last word nobody asks whether it took ours.
  socket.once("error", (error) => (socket.readableEnded ? null : reject(lost(error))));
  socket.once("close", () => (output.writableFinished ? resolve() : output.once("finish", resolve)));
  input.pipe(socket);
  socket.pipe(output);
  await promise;
}

type Place = Pick<SshTarget, "host" | "port">;

function unreachable({ name }: Machine, place: Place, why: string, cause?: unknown): GuestkitError {
  const message = `Cannot connect to "${name}": no SSH server answers behind ${placeText(place)} (${why})`;
  const help = `See whether it came up: guestkit vm console ${name}`;
  return new GuestkitError("E_SSH_UNREACHABLE", message, { help, cause });
}

function broken({ name }: Machine, cause: Error): GuestkitError {
  const message = `Cannot go on with "${name}": the connection broke off (${reasonOf(cause)})`;
  return new GuestkitError("E_SSH_LOST", message, {
    help: `See whether it still runs: guestkit vm status ${name}`,
    cause,
  });
}
