import { isAlive } from "../../host/owner.ts";
import type { Context } from "../../kit/context.ts";
import type { MachineFolder } from "../../machine/folder.ts";
import { runningOf } from "../look/look.ts";
import { leaveMonitor } from "./monitor.ts";
import { type Sample, sampleMachine } from "./sample.ts";
import { restingUsage, type Usage, usageOf } from "./usage.ts";

/** Measures one machine again and again; dispose of it, so that nothing goes on asking the guest. */
export class Meter implements AsyncDisposable {
  readonly name: string;
  readonly #folder: MachineFolder;
  readonly #context: Context;
  readonly #seconds: number;
  readonly #timeoutMs: number;
  #last: Sample | null = null;

  /** @param seconds between two measurements: also how long a silent machine is waited for, within reason */
  constructor(name: string, folder: MachineFolder, seconds: number, context: Context) {
    this.name = name;
    this.#folder = folder;
    this.#context = context;
    this.#seconds = seconds;
    this.#timeoutMs = Math.min(LONGEST, Math.max(SHORTEST, seconds * 1000));
  }

  /** What it used since the last call; null rates at the first one, and after QEMU was started anew. */
  async measure(): Promise<Usage> {
    const run = await runningOf(this.#folder);
    if (!run?.qemu || !isAlive(run.qemu)) {
      this.#last = null;
      return restingUsage(this.name, "stopped");
    }
    const { pid, tag } = run.qemu;
    const before = this.#last?.qemu.pid === pid && this.#last.qemu.tag === tag ? this.#last : null;
    // QEMU goes on asking once it was told.
    const isTold = before?.monitor ?? null;
    const askGuest = isTold === null ? Math.max(1, Math.ceil(this.#seconds)) : undefined;
    const options = { timeoutMs: this.#timeoutMs, askGuest };
    const now = await sampleMachine(run.qemu, this.#folder, options, this.#context);
    this.#last = withGaps(now, before);
    return usageOf(this.name, now, before);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#last || !isAlive(this.#last.qemu)) return;
    // Also where everything is being stopped.
    const context = { ...this.#context, signal: new AbortController().signal };
    await leaveMonitor(this.#folder, SHORTEST, context);
  }
}

/** What was not told this time is measured from when it was told last. */
function withGaps(now: Sample, before: Sample | null): Sample {
  return { ...now, monitor: now.monitor ?? before?.monitor ?? null, traffic: now.traffic ?? before?.traffic ?? null };
}

/** How long QEMU and the guest may take to tell (ms). */
const SHORTEST = 1_000;
const LONGEST = 2_000;
