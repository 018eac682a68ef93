import { GuestkitError } from "../../kit/errors.ts";
import type { MachineFolder } from "../../machine/folder.ts";
import type { Machine } from "../../machine/machine.ts";
import { VNC_BASE } from "../arguments/screen.ts";
import { holderOfPort } from "./port-holder.ts";
import { tryToListen } from "./ports.ts";

/** How the screen is reached. */
export interface Screen {
  /** TCP port; null for the Unix socket in the machine's own folder, or none. */
  readonly port: number | null;
  readonly secret: { readonly path: string; readonly text: string } | null;
}

const LOCAL = "127.0.0.1";
const HIGHEST = 65_535;

/** Throws `E_PORT_TAKEN` for a declared port that somebody else has. */
export async function screenOf(machine: Machine, folder: MachineFolder): Promise<Screen> {
  const expected = expectScreen(machine, folder);
  if (expected.port === null) return expected;
  const address = machine.graphics?.listen ?? LOCAL;
  for (let port = expected.port; port <= HIGHEST; port++) {
    const error = await tryToListen("tcp", address, port);
    if (error === null) return { ...expected, port };
    if (machine.graphics?.port !== null || error.code !== "EADDRINUSE")
      throw unusable(address, port, error, await holderOfPort("tcp", port));
  }
  throw unusable(address, expected.port, null, null);
}

/** The same without asking the host. */
export function expectScreen({ graphics }: Machine, folder: MachineFolder): Screen {
  if (!graphics || graphics.kind === "none") return { port: null, secret: null };
  if (graphics.kind === "vnc" && graphics.port !== null && graphics.port < VNC_BASE) throw tooLow(graphics.port);
  const isTcp = graphics.listen !== null || graphics.port !== null;
  const secret =
    graphics.password === null ? null : { path: `${folder.sockets}/screen-password`, text: graphics.password };
  return { port: isTcp ? (graphics.port ?? VNC_BASE) : null, secret };
}

function tooLow(port: number): GuestkitError {
  return new GuestkitError("E_SCREEN_PORT", `Cannot show the screen at port ${port}: VNC's begin at ${VNC_BASE}`, {
    at: { field: ["graphics", "port"] },
    help: `Name a port of ${VNC_BASE} or more.`,
  });
}

function unusable(address: string, port: number, error: Error | null, holder: string | null): GuestkitError {
  const isTaken = error === null || (error as NodeJS.ErrnoException).code === "EADDRINUSE";
  const why = isTaken ? `taken by ${holder ?? "another process"}` : error?.message;
  return new GuestkitError(
    isTaken ? "E_PORT_TAKEN" : "E_SCREEN_PORT",
    `Cannot show the screen at ${address}:${port}: ${why}`,
    {
      at: { field: ["graphics", "port"] },
      cause: error,
      help: "Name another port, or leave listen and port out to have a Unix socket of your own.",
    },
  );
}
