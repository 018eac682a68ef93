import { rm } from "node:fs/promises";
import type { Owner } from "../host/owner.ts";
import { partialBeside } from "../host/partial.ts";
import { readKeptText } from "../host/plain-file.ts";
import { writeFile } from "../host/write-file.ts";
import { parseJson } from "../kit/depth.ts";
import { endChannels } from "../qemu/channel.ts";
import type { MachineFolder } from "./folder.ts";
import type { Machine, Share } from "./machine.ts";
import type { ForwardResult } from "./memory.ts";

/** A share of this start of a machine. */
export interface Attachment {
  readonly tag: string;
  readonly share: Share;
  /** By which channel; null for a device. */
  readonly channel: number | null;
  /** By the declaration, or by `vm mount` for this run alone. */
  readonly declared: boolean;
}

/** One start of a machine: what runs, and what it was started with. Kept in `run.json`. */
export interface Run {
  readonly format_version: 1;
  /** QEMU; null while it is being started. */
  readonly qemu: Owner | null;
  readonly program: string;
  readonly argv: readonly string[];
  readonly accelerator: string;
  readonly forwards: readonly ForwardResult[];
  readonly display: string | null;
  /** The declaration that it was started from; null where somebody else started it. */
  readonly machine: Machine | null;
  /** Whether it came to where it was ready and provisioned; null where that is nobody's concern. */
  readonly ready: boolean | null;
  /** Host folders that the guest has; left out where somebody else started it. */
  readonly attached?: readonly Attachment[];
}

/** What was started last and not ended in an orderly way; null where there is none, or where it cannot be read. */
export async function readRun(folder: MachineFolder): Promise<Run | null> {
  const text = await readKeptText(folder.run).catch(() => null);
  if (text === null) return null;
  try {
    const run: unknown = parseJson(text);
    return isRun(run) ? run : null;
  } catch {
    return null;
  }
}

/** What is damaged counts as not there: a process is looked for and killed by what stands in it. */
function isRun(value: unknown): value is Run {
  if (typeof value !== "object" || value === null) return false;
  const { format_version, qemu, program, argv, forwards } = value as Partial<Record<keyof Run, unknown>>;
  return (
    format_version === 1 &&
    (qemu === null || isOwner(qemu)) &&
    typeof program === "string" &&
    [argv, forwards].every(Array.isArray) &&
    (argv as unknown[]).every((each) => typeof each === "string")
  );
}

/** Numbers below 2 are no process of ours, but "all" or "my own group" to kill(2). */
function isOwner(value: unknown): value is Owner {
  if (typeof value !== "object" || value === null) return false;
  const { pid, tag } = value as Partial<Record<keyof Owner, unknown>>;
  return Number.isInteger(pid) && Number(pid) > 1 && typeof tag === "string";
}

export async function writeRun(folder: MachineFolder, run: Run): Promise<void> {
  await using partial = partialBeside(folder.run, "run");
  await writeFile(partial.path, `${JSON.stringify(run, null, 1)}\n`, { mode: 0o600 });
  await partial.publish();
}

/**
 * Clears what is left of a start whose QEMU is gone, disks that were made for it alone among it. Its helpers were of one
 * group with it, and have ended too.
 */
export async function clearRun(folder: MachineFolder): Promise<void> {
  await rm(folder.fresh, { recursive: true, force: true });
  await endChannels(folder.sockets);
  await rm(folder.sockets, { recursive: true, force: true });
  await rm(folder.run, { force: true });
}
