import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../../host/program/process.ts";
import { writeFile } from "../../host/write-file.ts";
import { GuestkitError } from "../../kit/errors.ts";
import { DONE, EXIT_PORT, probeRom } from "./rom.ts";
import type { Accelerator } from "./verdict.ts";

export interface ProbeOptions {
  /** The path of qemu-system-x86_64. */
  readonly qemu: string;
  readonly signal: AbortSignal;
  /** Milliseconds from the start of QEMU to its end. */
  readonly limitMs?: number;
}

export interface ProbeOutcome {
  readonly runs: boolean;
  /** Why not; empty where it runs. */
  readonly reason: string;
  /** It was neither refused nor done when the limit had passed. */
  readonly late: boolean;
}

const LIMIT_MS = 1000;

/** Whether guest code really runs with an accelerator: the ROM must have turned its loop within the limit. */
export async function probe(accelerator: Accelerator, options: ProbeOptions): Promise<ProbeOutcome> {
  const { qemu, signal, limitMs = LIMIT_MS } = options;
  const dir = await mkdtemp(join(tmpdir(), "guestkit-probe-"));
  const limit = AbortSignal.timeout(limitMs);
  try {
    const rom = join(dir, "rom.bin");
    await writeFile(rom, probeRom());
    await run(qemu, probeArguments(accelerator, rom), {
      cwd: dir,
      accept: [DONE],
      doing: `run guest code with ${accelerator}`,
      signal: AbortSignal.any([signal, limit]),
      grace: 0,
    });
    return { runs: true, reason: "", late: false };
  } catch (error) {
    signal.throwIfAborted();
    if (limit.aborted) return tooSlow(accelerator, limitMs);
    if (error instanceof GuestkitError && error.code === "E_TOOL_FAILED") return refused(accelerator, error);
    throw error;
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

/** The machine that the ROM runs on: with the processor of the host, which is what an accelerated guest gets. */
function probeArguments(accelerator: Accelerator, rom: string): string[] {
  return [
    ...["-machine", "pc", "-accel", accelerator, "-cpu", accelerator === "tcg" ? "max" : "host", "-m", "16"],
    ...["-nodefaults", "-no-user-config", "-display", "none", "-no-reboot"],
    ...["-bios", rom, "-device", `isa-debug-exit,iobase=${EXIT_PORT},iosize=4`],
  ];
}

function tooSlow(accelerator: Accelerator, limitMs: number): ProbeOutcome {
  const reason = `${accelerator} opens, but guest code crawls: what takes milliseconds was not done in ${limitMs / 1000} s`;
  return { runs: false, late: true, reason };
}

function refused(accelerator: Accelerator, { message }: GuestkitError): ProbeOutcome {
  const said = message.split("\n")[0]?.replace(/^Cannot run guest code with \w+: /, "");
  return { runs: false, late: false, reason: `${accelerator} opens, but runs no guest code: ${said}` };
}
