import type { Machine } from "../machine.ts";
import type { Facts, Subject } from "./facts.ts";
import { option } from "./option.ts";

const MEMORY = "memory";

/** Name, chipset, processors, memory, clock, and what happens when the guest panics or ends. */
export function basis({ machine, folder, facts }: Subject): string[] {
  return [
    ...["-nodefaults", "-no-user-config"],
    ...[
      "-name",
      option(null, { guest: machine.name, process: `vm-${machine.name}`.slice(0, 15), "debug-threads": true }),
    ],
    ...["-pidfile", folder.pid],
    ...memory(machine),
    ...["-machine", chipset(machine, facts)],
    ...["-accel", facts.accelerator],
    ...["-cpu", escapeModel(machine.cpu_model)],
    ...["-smp", option(null, { cpus: machine.cpus, sockets: 1, cores: machine.cpus, threads: 1 })],
    // A guest whose clock ticks were late catches up instead of going slow.
    ...["-rtc", "base=utc,driftfix=slew"],
    ...["-device", "pvpanic", "-action", `panic=${ON_PANIC[machine.on_panic]}`],
  ];
}

const ON_PANIC: Readonly<Record<Machine["on_panic"], string>> = {
  pause: "pause",
  poweroff: "shutdown",
  ignore: "none",
};

/** A server of files reads the guest's memory itself: then it must be shared. */
export const needsSharedMemory = (machine: Machine): boolean =>
  Object.values(machine.shares).some(({ kind }) => kind === "virtiofs");

function memory(machine: Machine): string[] {
  const size = ["-m", `size=${machine.memory}B`];
  if (!needsSharedMemory(machine)) return size;
  return [...size, "-object", option("memory-backend-memfd", { id: MEMORY, size: machine.memory, share: true })];
}

function chipset(machine: Machine, { machineType, firmware }: Facts): string {
  return option(machineType, {
    usb: false,
    vmport: false,
    smm: firmware?.secure ? true : null,
    "memory-backend": needsSharedMemory(machine) ? MEMORY : null,
    pflash0: firmware ? "firmware-code" : null,
    pflash1: firmware ? "firmware-variables" : null,
  });
}

/** A model with its features (`qemu64,+ssse3`) is QEMU's own list of properties: it is passed on as it is. */
const escapeModel = (model: string): string => model.replaceAll("\0", "");
