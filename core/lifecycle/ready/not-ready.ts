import { lastLines } from "../../host/program/tail-buffer.ts";
import { GuestkitError } from "../../kit/errors.ts";
import type { MachineFolder } from "../../machine/folder.ts";
import type { Machine } from "../../machine/machine.ts";
import { tailOfLog } from "../../qemu/log/log-cut.ts";
import type { BootWatch, End } from "./boot-watch.ts";

/** Lines of the console, and of QEMU's own log. */
const TAIL = 15;
const QEMU_TAIL = 5;

const CODES: Readonly<Record<End["kind"], string>> = {
  died: "E_MACHINE_DIED",
  panicked: "E_GUEST_PANIC",
  stopped: "E_MACHINE_NOT_READY",
  stuck: "E_MACHINE_NOT_READY",
};

/** @param why `its guest agent did not answer within 600 s` */
export function lateError(machine: Machine, watch: BootWatch, why: string, seen: string): GuestkitError {
  return notReady("E_MACHINE_NOT_READY", machine, watch, seen === "" ? why : `${why} (last: ${seen})`, []);
}

/** @param what was being waited for */
export async function endError(machine: Machine, folder: MachineFolder, watch: BootWatch, end: End, what: string) {
  const why = `${end.why} while ${what} was waited for`;
  const log = end.kind === "died" ? await tailOfLog(folder.qemuLog).catch(() => "") : "";
  const said = log.trim() === "" ? [] : ["QEMU said:", ...lastLines(log, QEMU_TAIL).map(indent)];
  return notReady(CODES[end.kind], machine, watch, why, said);
}

function notReady(code: string, { name }: Machine, watch: BootWatch, why: string, more: readonly string[]) {
  const lines = [`Cannot start "${name}": ${why}`, ...more, ...consoleTail(watch)];
  return new GuestkitError(code, lines.join("\n"), {
    help: `See all of it: guestkit vm logs ${name}; look inside: guestkit vm console ${name}`,
  });
}

function consoleTail({ lines, step }: BootWatch): string[] {
  const shown = lines.filter((line) => line.trim() !== "").slice(-TAIL);
  const phase = step ? ` (${step.phase}: ${step.detail})` : "";
  return shown.length === 0
    ? ["Its console has shown nothing."]
    : [`The end of its console${phase}:`, ...shown.map(indent)];
}

const indent = (line: string) => `  ${line}`;
