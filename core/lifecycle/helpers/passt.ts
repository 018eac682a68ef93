import { isIP } from "node:net";
import { findTool } from "../../host/program/process.ts";
import { byName } from "../../kit/by-name.ts";
import { GuestkitError } from "../../kit/errors.ts";
import { networksOf } from "../../machine/machine.ts";
import type { ForwardResult } from "../../machine/memory.ts";
import { networkId } from "../../qemu/options/id.ts";
import type { Helper } from "../../qemu/process/helper.ts";
import type { Subject } from "../arguments/facts.ts";

/** NAT without privileges by passt, one process a card. Throws `E_TOOL_MISSING`, `E_NETWORK_ISOLATED`. */
export function passt(subject: Subject): readonly Helper[] {
  const cards = byName(networksOf(subject.machine)).filter(([, { kind }]) => kind === "passt");
  return cards.map(([key, network]) => {
    if (network.isolated) throw notIsolated(key);
    return serve(key, subject);
  });
}

function serve(key: string, { folder, facts }: Subject): Helper {
  const id = networkId(key);
  const socket = folder.socket(id);
  const own = facts.forwards.filter((forward) => forward.network === key);
  const argv = [
    // It ends when QEMU disconnects.
    ...["--foreground", "--quiet", "--one-off", "--socket", socket],
    // For root it would become nobody, whom root's own folder keeps out; it gives up all privileges either way.
    ...(process.getuid?.() === 0 ? ["--runas", "0"] : []),
    ...forwards(
      "-t",
      own.filter(({ protocol }) => protocol === "tcp"),
    ),
    ...forwards(
      "-u",
      own.filter(({ protocol }) => protocol === "udp"),
    ),
  ];
  return { name: id, program: findTool("passt"), argv, socket, links: {} };
}

function forwards(option: "-t" | "-u", all: readonly ForwardResult[]): string[] {
  if (all.length === 0) return [option, "none"];
  return all.flatMap((forward) => [option, spell(forward)]);
}

function spell({ host_address, host_port, guest_port, name }: ForwardResult): string {
  if (isIP(host_address) !== 0) return `${host_address}/${host_port}:${guest_port}`;
  throw new GuestkitError("E_FORWARD_ADDRESS", `Cannot forward "${name}": "${host_address}" is no address`, {
    help: 'Name an address of this host: "127.0.0.1" or "::1".',
  });
}

function notIsolated(key: string): GuestkitError {
  return new GuestkitError("E_NETWORK_ISOLATED", `Cannot isolate network "${key}": passt always leads out`, {
    at: { field: ["networks", key, "isolated"] },
    help: 'Set kind to "user".',
  });
}
