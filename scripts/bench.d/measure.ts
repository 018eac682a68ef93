import { readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";

/** What one command took, whole process with its children: medians over its runs. */
export interface Figures {
  readonly runs: number;
  /** Seconds of user and system time. */
  readonly cpu: number;
  /** Seconds. */
  readonly wall: number;
  /** MiB, the largest process. */
  readonly rss: number;
}

export interface Command {
  readonly name: string;
  /** A shell command; its output is thrown away. */
  readonly shell: string;
  /** What is run before each time, uncounted. */
  readonly prepare?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** A file in which one of its processes notes its memory (KiB, a line for each time that it ran), instead of the largest. */
  readonly peak?: string;
  /** How often it is counted, after one run that is not. */
  readonly runs: number;
}

/**
 * Runs each command once uncounted, then as often as it is to be counted, all of them in turns: what else the host does at a
 * time falls upon all alike. Why it failed stands for one that did.
 */
export async function measureInTurns(commands: readonly Command[]): Promise<readonly (Figures | Error)[]> {
  const taken = commands.map((command) => ({ command, samples: [] as Sample[], failure: null as Error | null }));
  const rounds = Math.max(...commands.map(({ runs }) => runs));
  for (let round = -1; round < rounds; round++) {
    for (const each of taken) {
      if (each.failure || round >= each.command.runs) continue;
      try {
        const sample = await once(each.command);
        if (round >= 0) each.samples.push(sample);
      } catch (error) {
        each.failure = error as Error;
      }
    }
  }
  return taken.map(({ samples, failure }) => failure ?? figuresOf(samples));
}

interface Sample {
  readonly cpu: number;
  readonly wall: number;
  readonly rss: number;
}

function figuresOf(samples: readonly Sample[]): Figures {
  const middle = (pick: (sample: Sample) => number) => median(samples.map(pick));
  return { runs: samples.length, cpu: middle((s) => s.cpu), wall: middle((s) => s.wall), rss: middle((s) => s.rss) };
}

async function once({ shell, prepare, peak, env = {} }: Command): Promise<Sample> {
  const out = join(tmpdir(), `guestkit-bench-${process.pid}`);
  try {
    if (prepare) await execa("sh", ["-c", prepare], { env, stdio: "ignore" });
    await execa("/usr/bin/time", ["-f", "%U %S %e %M", "-o", out, "sh", "-c", shell], {
      env,
      stdout: "ignore",
      stderr: "pipe",
      stdin: "ignore",
    });
    const [user = 0, system = 0, wall = 0, kib = 0] =
      (await readFile(out, "utf8")).trim().split("\n").at(-1)?.split(" ").map(Number) ?? [];
    const noted = peak && (await readFile(peak, "utf8")).trim().split("\n").map(Number);
    return { cpu: user + system, wall, rss: (noted ? Math.max(...noted) : kib) / 1024 };
  } finally {
    await rm(out, { force: true });
  }
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
