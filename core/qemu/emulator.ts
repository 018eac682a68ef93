import { stat } from "node:fs/promises";
import { join } from "node:path";
import { readKeptText } from "../host/plain-file.ts";
import { findTool, run } from "../host/program/process.ts";
import { writeCache } from "../host/whole-file.ts";
import type { Context } from "../kit/context.ts";
import { GuestkitError } from "../kit/errors.ts";

const PROGRAM = "qemu-system-x86_64";

/** What the installed QEMU is and has. */
export interface Emulator {
  readonly program: string;
  /** Device, inode, size and times of the program: another one after an upgrade. */
  readonly stamp: string;
  /** Machine types without version, and what they stand for: q35 is pc-q35-7.2. */
  readonly aliases: Readonly<Record<string, string>>;
  readonly machineTypes: readonly string[];
}

/** Asks QEMU once; the answer is kept in the cache folder until the program changes. Throws `E_TOOL_MISSING`. */
export async function findEmulator(context: Context): Promise<Emulator> {
  const program = findTool(PROGRAM);
  const { dev, ino, size, mtimeMs, ctimeMs } = await stat(program);
  const stamp = [dev, ino, size, mtimeMs, ctimeMs].join(":");
  const cache = join(context.settings.cacheDir, "emulator.json");
  const known = await readCache(cache);
  if (known?.stamp === stamp && known.program === program) return known;
  const { stdout } = await run(program, ["-machine", "help"], { signal: context.signal });
  const emulator = { program, stamp, ...parseMachines(stdout) };
  await writeCache(cache, JSON.stringify(emulator));
  return emulator;
}

/**
 * The machine type with its version: the one that the machine was made with, so that an upgrade of QEMU does not change
 * its hardware. Throws `E_MACHINE_TYPE` where this QEMU no longer has it.
 */
export function pinMachineType(emulator: Emulator, machine: "q35" | "pc", kept: string | null): string {
  const isSameKind = kept?.startsWith(machine === "q35" ? "pc-q35-" : "pc-i440fx-");
  if (kept === null || !isSameKind) return emulator.aliases[machine] ?? machine;
  if (emulator.machineTypes.includes(kept)) return kept;
  throw new GuestkitError("E_MACHINE_TYPE", `Cannot start the machine: this QEMU has no machine type "${kept}"`, {
    at: { field: ["machine"] },
    help: "Install the QEMU that it was made with, or replace the machine; its disks may stay.",
  });
}

/** Lines like `q35   Standard PC (Q35 + ICH9, 2009) (alias of pc-q35-7.2)`. */
function parseMachines(text: string): Pick<Emulator, "aliases" | "machineTypes"> {
  const lines = text.split("\n").slice(1).filter(Boolean);
  const aliases = lines.flatMap((line) => {
    const [, name, type] = /^(\S+) .*\(alias of (\S+)\)/.exec(line) ?? [];
    return name !== undefined && type !== undefined ? [[name, type] as const] : [];
  });
  return { aliases: Object.fromEntries(aliases), machineTypes: lines.map((line) => line.split(" ")[0] ?? "") };
}

async function readCache(path: string): Promise<Emulator | null> {
  try {
    return JSON.parse((await readKeptText(path)) ?? "null") as Emulator;
  } catch {
    return null;
  }
}
