import { Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { SshTarget } from "../../../communicator/ssh/index.ts";
import { networksOf } from "../../../machine/machine.ts";
import type { ForwardResult } from "../../../machine/memory.ts";
import { connectMachine } from "../../look/look.ts";
import type { Scene } from "./condition.ts";

/** How long a look at a port lasts (ms), and how often QEMU is asked in that time. */
const LOOK = 4_000;
const ASK = 250;
/**
 * Between two connections (ms). QEMU's user network knocks at a guest that has no address yet after 6 s once more, then
 * after 12, 24 and 48: who waits with one connection waits long after the guest has come up.
 */
const KNOCK = 1_000;
/** One that the guest has not answered is given up by the forwarder before this is over (ms): passt after 10 s. */
const SURVIVED = 15_000;

/** Where connections go; what is known of them is told by the kind of network that leads into the guest. */
export interface PortPlace {
  readonly host: string;
  readonly port: number;
  readonly kind: "user" | "passt" | "direct";
}

const LOOPBACK: Readonly<Record<string, string>> = { "0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1" };

/** The host's side of a forward. */
export function forwardPlace({ machine }: Scene, { network, host_address, host_port }: ForwardResult): PortPlace {
  const kind = networksOf(machine)[network]?.kind === "passt" ? "passt" : "user";
  return { host: LOOPBACK[host_address] ?? host_address, port: host_port, kind };
}

/** Where SSH is reached: by a forward, or with nothing that comes between. */
export function sshPlaceOf(scene: Scene, { host, port }: Pick<SshTarget, "host" | "port">): PortPlace {
  const places = scene.run.forwards.map((each) => forwardPlace(scene, each));
  return places.find((each) => each.host === host && each.port === port) ?? { host, port, kind: "direct" };
}

/**
 * Null where a server in the guest accepts connections; what was seen otherwise. QEMU and passt accept them on the host
 * whether or not a server is behind: what counts is a byte from it, or that QEMU itself tells of a connection there that
 * the guest has answered it (`info usernet`). Where neither can be had (passt, and servers that wait for the client's first
 * word), a connection that is still open after 15 s has been answered. Nothing is sent: a server may take any byte for a
 * fault. Throws the signal's reason.
 */
export async function probePort(scene: Scene, place: PortPlace, signal: AbortSignal): Promise<string | null> {
  signal.throwIfAborted();
  const end = new AbortController();
  const { promise, resolve, reject } = Promise.withResolvers<string | null>();
  const abort = () => reject(signal.reason);
  signal.addEventListener("abort", abort, { once: true });
  void knockOften(place, resolve, end.signal);
  if (place.kind !== "direct") void askOften(scene, place, end.signal).then(resolve, () => {});
  try {
    return await promise;
  } finally {
    signal.removeEventListener("abort", abort);
    end.abort();
  }
}

/** Connects anew now and then; the earlier ones stay open until `signal` aborts: each may be the one that is answered. */
async function knockOften(place: PortPlace, resolve: (seen: string | null) => void, signal: AbortSignal) {
  while (!signal.aborted) {
    openSocket(place, resolve, signal);
    await sleep(KNOCK, undefined, { signal }).catch(() => {});
  }
}

function openSocket(
  { host, port, kind }: PortPlace,
  resolve: (seen: string | null) => void,
  signal: AbortSignal,
): void {
  const socket = new Socket({ signal }).connect({ host, port });
  socket.once("data", () => resolve(null));
  socket.once("end", () => resolve("the connection was ended at once"));
  // The end of the look is one, too.
  socket.on("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
  if (kind === "direct") socket.once("connect", () => resolve(null));
}

/** What QEMU knows, and how long the first connection has stood. */
async function askOften(scene: Scene, { port, kind }: PortPlace, signal: AbortSignal): Promise<string | null> {
  const started = performance.now();
  for (;;) {
    const known = kind === "user" ? await answeredByQemu(scene, port, signal) : null;
    if (known === true) return null;
    const age = performance.now() - started;
    if (known === false && age > LOOK) return "the guest accepts no connection";
    if (known === null && age > SURVIVED) return null;
    await sleep(ASK, undefined, { signal });
  }
}

/** Null where QEMU cannot be asked. */
async function answeredByQemu(scene: Scene, port: number, signal: AbortSignal): Promise<boolean | null> {
  try {
    await using qmp = await connectMachine(scene.folder, { ...scene.context, signal }, LOOK);
    return isEstablished(await qmp.execute("human-monitor-command", { "command-line": "info usernet" }), port);
  } catch {
    return null;
  }
}

/**
 * Whether QEMU's table of user mode connections has one through the forward of `hostPort` that the guest has answered. A
 * line holds protocol and state, descriptor, source address and port (of the forward, where it leads into the guest),
 * destination address and port, two queue lengths.
 */
export function isEstablished(table: string, hostPort: number): boolean {
  return table.split(/\r?\n/).some((line) => {
    const [state, , , source] = line.trim().split(/\s+/);
    return state === "TCP[ESTABLISHED]" && Number(source) === hostPort;
  });
}
