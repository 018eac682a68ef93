import { stat } from "node:fs/promises";
import { formatSize } from "../kit/size.ts";
import { cutLog } from "../qemu/log/log-cut.ts";
import type { MachineFolder } from "./folder.ts";
import type { Machine } from "./machine.ts";

/** Bytes of qemu.log, in which QEMU and the helpers complain, of what a guest does to them too. */
const QEMU_LOG = 4 << 20;

type Limits = Pick<Machine, "console_log_size">;

/**
 * Bounds what a guest makes grow in its machine's folder. QEMU writes its logs itself and no process of ours stays: each
 * command that passes by cuts them. A log that cannot be cut hinders nothing.
 */
export async function boundLogs(folder: MachineFolder, { console_log_size }: Limits): Promise<void> {
  await cutLog(folder.consoleLog, console_log_size).catch(() => {});
  await cutLog(folder.qemuLog, QEMU_LOG).catch(() => {});
}

/** What is to be told of logs that have outgrown their limits since the last command that passed by. */
export async function overgrownLogs(folder: MachineFolder, { console_log_size }: Limits): Promise<readonly string[]> {
  const limits = [
    [folder.consoleLog, console_log_size],
    [folder.qemuLog, QEMU_LOG],
  ] as const;
  const told: string[] = [];
  for (const [path, limit] of limits) {
    const size = (await stat(path).catch(() => null))?.size ?? 0;
    if (size > limit) told.push(`"${path}" has ${formatSize(size)}, more than ${formatSize(limit)}`);
  }
  return told;
}
