import type { Machine } from "../../machine/machine.ts";
import { option } from "../../qemu/options/option.ts";
import type { Facts, Subject } from "./facts.ts";

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
    ...["-accel", accelerator(machine, facts)],
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

/** QEMU makes the memory so large (bytes): a declared GB (1000) is no whole number of its pages. */
export const memoryOf = ({ memory }: Pick<Machine, "memory">): number => Math.ceil(memory / PAGE) * PAGE;

/** What QEMU rounds to (hw/core/machine.c). */
const PAGE = 8192;

function memory(machine: Machine): string[] {
  const size = ["-m", `size=${memoryOf(machine)}B`];
  if (!needsSharedMemory(machine)) return size;
  return [...size, "-object", option("memory-backend-memfd", { id: MEMORY, size: memoryOf(machine), share: true })];
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

const LEAST_CACHE = 64;
const MOST_CACHE = 512;

/**
 * Without hardware QEMU keeps what it has translated, 1 GiB of it beside the guest's memory where nothing is said: that
 * is more than a small guest has. Half of the guest's memory holds what it runs (tb-size of qemu(1), MiB).
 */
function accelerator({ memory: bytes }: Machine, { accelerator: name }: Facts): string {
  if (name !== "tcg") return name;
  const half = Math.ceil(bytes / 2 ** 21);
  return option(name, { "tb-size": Math.min(MOST_CACHE, Math.max(LEAST_CACHE, half)) });
}

/** A model with its features (`qemu64,+ssse3`) is QEMU's own list of properties: it is passed on as it is. */
const escapeModel = (model: string): string => model.replaceAll("\0", "");
