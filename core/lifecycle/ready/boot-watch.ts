import { stat } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import type { Context } from "../../kit/context.ts";
import type { MachineFolder } from "../../machine/folder.ts";
import { boundLogs } from "../../machine/log-limit.ts";
import type { Machine } from "../../machine/machine.ts";
import { ConsoleLines } from "../../qemu/log/console-text.ts";
import { FileFollower } from "../../qemu/log/follow.ts";
import { connectMachine } from "../look/look.ts";
import { BootProgress, type BootStep } from "./boot-progress.ts";

/** Why a wait is over before its time. */
export interface End {
  readonly kind: "died" | "panicked" | "stopped" | "stuck";
  readonly why: string;
}

export interface BootWatchOptions {
  readonly isAlive: () => boolean;
  readonly context: Context;
  /** What the console may grow to meanwhile. */
  readonly limits: Pick<Machine, "console_log_size">;
  readonly onStep: (step: BootStep) => void;
}

/** How often the console and the process are looked at, and how often QEMU is asked (ms). */
const LOOK = 200;
const ASK = 2_000;
/** How long a boot that came to a dead end may take to prove otherwise (ms). */
const STUCK = 10_000;
/** What of a long log is read: a machine that has been up for long has nothing new in the rest (bytes). */
const RECENT = 4 << 20;
/** Lines that are kept. */
const KEPT = 2_000;

/** QEMU's run states in which a guest goes no further. */
const STOPPED: Readonly<Record<string, string>> = {
  "internal-error": "QEMU stopped it after an internal error",
  "io-error": "QEMU stopped it after a disk error: the host's disk may be full",
  shutdown: "it shut itself down",
};

/** Looks on while a machine boots: its console, its process, QEMU's own word. Ends when disposed of. */
export class BootWatch implements AsyncDisposable {
  readonly #folder: MachineFolder;
  readonly #options: BootWatchOptions;
  readonly #progress = new BootProgress();
  readonly #console = new ConsoleLines();
  readonly #ended = new AbortController();
  readonly #disposed = new AbortController();
  readonly #running: Promise<void>;
  #lines: string[] = [];
  #stuckSince: number | null = null;
  #end: End | null = null;

  constructor(folder: MachineFolder, options: BootWatchOptions) {
    this.#folder = folder;
    this.#options = options;
    this.#running = this.#watch().catch(() => {});
  }

  /** Aborts when the boot is over before its time; `end` tells why. */
  get signal(): AbortSignal {
    return this.#ended.signal;
  }

  get end(): End | null {
    return this.#end;
  }

  get step(): BootStep | null {
    return this.#progress.step;
  }

  /** Lines of the console without escape sequences, the open one last. */
  get lines(): readonly string[] {
    return this.#console.open === "" ? this.#lines : [...this.#lines, this.#console.open];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposed.abort();
    await this.#running;
  }

  async #watch(): Promise<void> {
    const size = await stat(this.#folder.consoleLog).then(
      (found) => found.size,
      () => 0,
    );
    await using file = new FileFollower(this.#folder.consoleLog, Math.max(0, size - RECENT));
    for (let asked = performance.now(); !this.#disposed.signal.aborted && !this.#end; ) {
      const alive = this.#options.isAlive();
      for await (const bytes of file.available()) this.#take(bytes);
      const end = alive ? this.#judgeConsole() : { kind: "died" as const, why: "QEMU ended" };
      if (end) return this.#stop(end);
      if (performance.now() - asked > ASK) {
        await boundLogs(this.#folder, this.#options.limits);
        const stopped = await this.#ask();
        if (stopped) return this.#stop(stopped);
        asked = performance.now();
      }
      await sleep(LOOK, undefined, { signal: this.#disposed.signal });
    }
  }

  #take(bytes: Uint8Array): void {
    const lines = this.#console.push(bytes);
    this.#lines = [...this.#lines, ...lines].slice(-KEPT);
    for (const line of [...lines, this.#console.open]) {
      const step = this.#progress.push(line);
      if (step) this.#options.onStep(step);
    }
  }

  #judgeConsole(): End | null {
    const { panic, deadEnd } = this.#progress;
    if (panic !== null) return { kind: "panicked", why: `its kernel panicked: ${panic}` };
    if (deadEnd === null) this.#stuckSince = null;
    else this.#stuckSince ??= performance.now();
    const stuck = this.#stuckSince !== null && performance.now() - this.#stuckSince > STUCK;
    return stuck && deadEnd !== null ? { kind: "stuck", why: deadEnd } : null;
  }

  /** A monitor that does not answer now is asked again. */
  async #ask(): Promise<End | null> {
    try {
      await using qmp = await connectMachine(this.#folder, this.#options.context, ASK);
      const { status } = await qmp.execute("query-status", {}, { timeoutMs: ASK });
      if (status === "guest-panicked") return { kind: "panicked", why: "its kernel panicked" };
      const why = STOPPED[status];
      return why === undefined ? null : { kind: "stopped", why };
    } catch {
      return null;
    }
  }

  #stop(end: End): void {
    this.#end = end;
    this.#ended.abort();
  }
}
