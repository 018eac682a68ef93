import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { HANG_MS } from "../../support/hang.ts";

/** What a child says at its end; memory in MiB. */
export interface Summary {
  readonly tally: Readonly<Record<string, number>>;
  readonly before: number;
  readonly peak: number;
}

export interface Fault {
  readonly seed: number;
  readonly image: string;
  readonly steps: readonly string[];
  readonly faults: readonly string[];
}

export interface Campaign {
  readonly faults: readonly Fault[];
  /** How often each outcome was. */
  readonly tally: ReadonlyMap<string, number>;
  /** MiB that the largest child grew by while it ran its seeds. */
  readonly growth: number;
}

const program = fileURLToPath(new URL("child.ts", import.meta.url));
/** A case may take this long; ms. */
const LIMIT = HANG_MS;
/** Until the first case: the images are built or read. */
const START_LIMIT = 120_000;
/** Cases of one child: its growth is its cases', not what the collector has put off over an hour. */
const BATCH = 2500;

/** Runs the seeds of `[first, first + count)`; what is more than one child's work is shared by two. */
export async function runCampaign(first: number, count: number): Promise<Campaign> {
  const middle = first + (count > BATCH ? Math.ceil(count / 2) : count);
  const faults: Fault[] = [];
  const summaries = await Promise.all([
    runSeeds(first, middle, faults),
    ...(count > BATCH ? [runSeeds(middle, first + count, faults)] : []),
  ]);
  const tally = new Map<string, number>();
  for (const each of summaries.flat()) {
    for (const [key, times] of Object.entries(each.tally)) tally.set(key, (tally.get(key) ?? 0) + times);
  }
  const growth = Math.max(...summaries.flat().map(({ before, peak }) => peak - before));
  return { faults: faults.sort((a, b) => a.seed - b.seed), tally, growth };
}

/** One child after another: what a case ends or is ended for is its fault, and the next child goes on behind it. */
async function runSeeds(first: number, end: number, faults: Fault[]): Promise<Summary[]> {
  const summaries: Summary[] = [];
  for (let next = first; next < end; ) {
    const stop = Math.min(next + BATCH, end);
    const { summary, last, died } = await runChild(next, stop, faults);
    if (summary) summaries.push(summary);
    if (died !== null) faults.push({ seed: last, image: "?", steps: [], faults: [died] });
    if (died !== null && last < next) break;
    next = died === null ? stop : last + 1;
  }
  return summaries;
}

interface End {
  readonly summary: Summary | null;
  /** The last seed that was begun. */
  readonly last: number;
  readonly died: string | null;
}

async function runChild(first: number, end: number, faults: Fault[]): Promise<End> {
  const options = ["--conditions=guestkit-source", "--max-old-space-size=256", "--expose-gc"];
  const child = spawn(process.execPath, [...options, program, String(first), String(end)], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let died: string | null = null;
  let last = first - 1;
  let summary: Summary | null = null;
  let errors = "";
  const expire = () => {
    died = `it took more than ${LIMIT} ms`;
    child.kill("SIGKILL");
  };
  const timer = setTimeout(expire, START_LIMIT);
  child.stderr.on("data", (piece) => {
    errors = (errors + piece).slice(-2000);
  });
  const closed = new Promise<number | null>((resolve) => child.on("close", resolve));
  let deadline = timer;
  for await (const line of createInterface({ input: child.stdout })) {
    clearTimeout(deadline);
    deadline = setTimeout(expire, LIMIT);
    if (line.startsWith("!")) faults.push(JSON.parse(line.slice(1)));
    else if (line.startsWith("=")) summary = JSON.parse(line.slice(1));
    else last = Number(line);
  }
  const code = await closed;
  clearTimeout(deadline);
  if (died === null && code !== 0) died = `its process ended with ${code}: ${errors}`;
  return { summary, last, died };
}
