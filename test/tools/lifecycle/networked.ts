/** Micro guests on networks, started without anything of the lifecycle's. */
import type { Machine } from "../../../core/machine/machine.ts";
import { connectAgent } from "../../../core/qemu/agent/index.ts";
import { contextIn, machineOf, microBoot, type StartedMachine, startQemu } from "../../support/machine.ts";
import { microGuest } from "../../support/micro-guest/index.ts";
import { scratch } from "../../support/scratch.ts";

export const root = await scratch("networks");
export const context = contextIn(root);
/** A boot under emulation on a busy host. */
export const BOOT = 180_000;

export const booted = async (name: string, networks: Machine["networks"]) =>
  startQemu(machineOf({ name, networks, ...microBoot(await microGuest()) }), context);

/** Runs a script as root in the guest: its exit code. */
export async function inGuest(machine: StartedMachine, script: string): Promise<number | null> {
  await using agent = await connectAgent(machine.folder.socket("agent"), { timeoutMs: BOOT });
  const { exitCode } = await agent.exec({ path: "/bin/sh", args: ["-c", script], timeoutMs: 60_000 });
  return exitCode;
}
