import { connect } from "node:net";
import { GuestkitError } from "../../../kit/errors.ts";
import { networksOf } from "../../../machine/machine.ts";
import { connectMachine } from "../../look/look.ts";
import { type Condition, notYet, READY, type Scene } from "./condition.ts";

/** How long a connection is looked at (ms), and how often in that time. */
const LOOK = 4_000;
const ASK = 250;
/** One that the guest has not answered is given up by the forwarder before this is over (ms): passt after 10 s. */
const SURVIVED = 15_000;

/**
 * A server in the guest accepts connections. QEMU and passt accept them on the host whether or not a server is behind:
 * what counts is a byte from it, or that QEMU itself tells of this connection that the guest has answered it (`info
 * usernet`). Where neither can be had (passt, and servers that wait for the client's first word), a connection that is
 * still open after 15 s has been answered. Nothing is sent: a server may take any byte for a fault.
 */
export const port: Condition = {
  what: ({ port }) => `port ${port}`,
  missed: ({ port }) => `nothing answered on its port ${port}`,
  pause: 500,
  look: async (scene, wait, signal) => {
    const place = placeOf(scene, wait.port ?? 0);
    const probe = await probePort(place, signal, () => answeredByQemu(scene, place, signal));
    return probe === null ? READY : notYet(probe);
  },
};

interface PortPlace {
  readonly host: string;
  readonly port: number;
  readonly kind: "user" | "passt" | "direct";
}

function placeOf({ machine, run }: Scene, guestPort: number): PortPlace {
  const forward = run.forwards.find((each) => each.protocol === "tcp" && each.guest_port === guestPort);
  if (forward) {
    const kind = networksOf(machine)[forward.network]?.kind === "passt" ? "passt" : "user";
    const host = { "0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1" }[forward.host_address] ?? forward.host_address;
    return { host, port: forward.host_port, kind };
  }
  for (const { kind, addresses } of Object.values(networksOf(machine))) {
    const host = addresses[0]?.split("/")[0];
    if (host !== undefined && (kind === "bridge" || kind === "tap")) return { host, port: guestPort, kind: "direct" };
  }
  throw new GuestkitError(
    "E_GUEST_NO_WAY",
    `Cannot wait for port ${guestPort} of "${machine.name}": no forward leads there`,
    {
      at: { field: ["wait_for"] },
      help: `Declare one (networks.NAME.forwards.NAME = { guest_port = ${guestPort} }).`,
    },
  );
}

/** Null where a server answers; what was seen otherwise. `answered` says what QEMU knows, null where it does not tell. */
export async function probePort(
  { host, port, kind }: PortPlace,
  signal: AbortSignal,
  answered: () => Promise<boolean | null>,
): Promise<string | null> {
  const socket = connect({ host, port });
  const started = performance.now();
  const { promise, resolve, reject } = Promise.withResolvers<string | null>();
  let asking: NodeJS.Timeout | undefined;
  const ask = async () => {
    const known = kind === "user" ? await answered() : null;
    if (known === true) return resolve(null);
    const age = performance.now() - started;
    if (known === false && age > LOOK) return resolve("the guest accepts no connection");
    if (known === null && age > SURVIVED) return resolve(null);
    asking = setTimeout(ask, ASK);
  };
  const abort = () => reject(signal.reason);
  signal.addEventListener("abort", abort, { once: true });
  socket.once("data", () => resolve(null));
  socket.once("end", () => resolve("the connection was ended at once"));
  socket.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
  socket.once("connect", () => (kind === "direct" ? resolve(null) : ask()));
  try {
    return await promise;
  } finally {
    clearTimeout(asking);
    signal.removeEventListener("abort", abort);
    socket.destroy();
  }
}

/** Null where QEMU cannot be asked. */
async function answeredByQemu(scene: Scene, { port }: PortPlace, signal: AbortSignal): Promise<boolean | null> {
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
