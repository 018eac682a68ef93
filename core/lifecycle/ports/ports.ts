import { createHash } from "node:crypto";
import { createSocket } from "node:dgram";
import { createServer } from "node:net";
import { GuestkitError } from "../../kit/errors.ts";
import { reasonOf } from "../../kit/system-error.ts";
import { type Forward, type Machine, networksOf } from "../../machine/machine.ts";
import type { ForwardResult } from "../../machine/memory.ts";
import { holderOfPort } from "./port-holder.ts";

/** Below the ports that systems give to outgoing connections, so that a stopped machine's port is rarely taken. */
const FIRST = 20_000;
const COUNT = 10_000;

interface Wanted {
  readonly network: string;
  readonly name: string;
  readonly forward: Forward;
}

/**
 * The forwards with the ports that they get: declared ones, then those of the last start, then free ones.
 * @throws GuestkitError `E_PORT_TAKEN` for a declared one that somebody else has.
 */
export async function pickForwards(
  machine: Machine,
  kept: readonly ForwardResult[],
): Promise<readonly ForwardResult[]> {
  const given: ForwardResult[] = [];
  // The declared ones first: nothing that is picked may stand in their way.
  const all = wantedOf(machine).toSorted((one, other) => rank(one) - rank(other));
  for (const wanted of all) given.push(await pick(machine, wanted, kept, given));
  return sorted(given);
}

/** The same without asking the host: what a machine that does not run would most likely get. */
export function expectForwards(machine: Machine, kept: readonly ForwardResult[]): readonly ForwardResult[] {
  return sorted(
    wantedOf(machine).map((each) => result(each, declared(each) ?? keptOf(each, kept) ?? ownPort(machine, each))),
  );
}

/** Refusals of the declared ports that somebody else has now; `kept` are the machine's own, which go with it. */
export async function takenPorts(machine: Machine, kept: readonly ForwardResult[]): Promise<readonly GuestkitError[]> {
  const asked = wantedOf(machine).map(async (wanted) => {
    const port = declared(wanted);
    if (typeof port !== "number" || isGiven(wanted, port, kept)) return [];
    try {
      await demandFree(wanted, port, []);
      return [];
    } catch (error) {
      if (error instanceof GuestkitError) return [error];
      throw error;
    }
  });
  return (await Promise.all(asked)).flat();
}

const rank = (wanted: Wanted): number => (declared(wanted) === null ? 1 : 0);
const declared = ({ forward }: Wanted): number | null => (forward.host_port === 0 ? null : forward.host_port);

function wantedOf(machine: Machine): Wanted[] {
  return Object.entries(networksOf(machine)).flatMap(([network, { forwards }]) =>
    Object.entries(forwards).map(([name, forward]) => ({ network, name, forward })),
  );
}

async function pick(
  machine: Machine,
  wanted: Wanted,
  kept: readonly ForwardResult[],
  given: readonly ForwardResult[],
): Promise<ForwardResult> {
  const fixed = declared(wanted);
  if (fixed !== null) {
    await demandFree(wanted, fixed, given);
    return result(wanted, fixed);
  }
  const before = keptOf(wanted, kept);
  if (before !== null && (await isUsable(wanted, before, given))) return result(wanted, before);
  const start = ownPort(machine, wanted);
  for (let step = 0; step < COUNT; step++) {
    const port = FIRST + ((start - FIRST + step) % COUNT);
    if (await isUsable(wanted, port, given)) return result(wanted, port);
  }
  throw taken(wanted, FIRST, null);
}

/** By the names, so that the same machine gets the same port again without any memory. */
function ownPort(machine: Machine, { network, name }: Wanted): number {
  const digest = createHash("sha256").update([machine.name, network, name].join("\0")).digest();
  return FIRST + (digest.readUInt32BE(0) % COUNT);
}

function keptOf({ network, name, forward }: Wanted, kept: readonly ForwardResult[]): number | null {
  const found = kept.find((each) => each.network === network && each.name === name);
  return found?.protocol === forward.protocol ? found.host_port : null;
}

async function demandFree(wanted: Wanted, port: number, given: readonly ForwardResult[]): Promise<void> {
  if (isGiven(wanted, port, given)) throw taken(wanted, port, "another forward of this machine");
  const { protocol, host_address } = wanted.forward;
  const error = await tryToListen(protocol, host_address, port);
  if (error === null) return;
  if (error.code !== "EADDRINUSE") throw unusable(wanted, port, error);
  throw taken(wanted, port, await holderOfPort(protocol, port));
}

async function isUsable(wanted: Wanted, port: number, given: readonly ForwardResult[]): Promise<boolean> {
  if (isGiven(wanted, port, given)) return false;
  const { protocol, host_address } = wanted.forward;
  const error = await tryToListen(protocol, host_address, port);
  if (error === null || error.code === "EADDRINUSE" || error.code === "EACCES") return error === null;
  throw unusable(wanted, port, error);
}

const isGiven = ({ forward }: Wanted, port: number, given: readonly ForwardResult[]): boolean =>
  given.some((each) => each.host_port === port && each.protocol === forward.protocol);

function result({ network, name, forward }: Wanted, port: number): ForwardResult {
  const { protocol, host_address, guest_port } = forward;
  return { network, name, protocol, host_address, host_port: port, guest_port };
}

function sorted(all: readonly ForwardResult[]): readonly ForwardResult[] {
  const key = ({ network, name }: ForwardResult) => `${network}\0${name}`;
  return all.toSorted((one, other) => (key(one) < key(other) ? -1 : 1));
}

/** Null where one can listen there. */
export function tryToListen(
  protocol: "tcp" | "udp",
  host: string,
  port: number,
): Promise<NodeJS.ErrnoException | null> {
  return protocol === "tcp" ? tryTcp(host, port) : tryUdp(host, port);
}

function tryTcp(host: string, port: number): Promise<NodeJS.ErrnoException | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", resolve);
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(null)));
  });
}

function tryUdp(address: string, port: number): Promise<NodeJS.ErrnoException | null> {
  return new Promise((resolve) => {
    const socket = createSocket(address.includes(":") ? "udp6" : "udp4");
    socket.once("error", (error) => {
      socket.close();
      resolve(error);
    });
    socket.bind({ address, port, exclusive: true }, () => socket.close(() => resolve(null)));
  });
}

const place = ({ network, name }: Wanted) => ({ field: ["networks", network, "forwards", name, "host_port"] });

function taken(wanted: Wanted, port: number, holder: string | null): GuestkitError {
  const { protocol, host_address } = wanted.forward;
  const what = `Cannot forward "${wanted.name}": ${protocol} port ${port} of ${host_address}`;
  return new GuestkitError("E_PORT_TAKEN", `${what} is taken by ${holder ?? "another process"}`, {
    at: place(wanted),
    help: "Name another host_port, or leave it out to have a free one picked.",
  });
}

function unusable(wanted: Wanted, port: number, error: NodeJS.ErrnoException): GuestkitError {
  const { host_address } = wanted.forward;
  const why = error.code === "EACCES" ? "ports below 1024 are root's" : reasonOf(error);
  return new GuestkitError("E_FORWARD_ADDRESS", `Cannot forward "${wanted.name}" at ${host_address}:${port}: ${why}`, {
    at: place(wanted),
    cause: error,
    help: 'Listen on an address of this host ("127.0.0.1") and a port of 1024 or more.',
  });
}
