import { setTimeout as sleep } from "node:timers/promises";
import { Meters, type Usage } from "@guestkit/core/machine";
import { createEngine } from "@guestkit/core/resource";
import { EXIT, type Invocation } from "../../command/command.ts";
import { usage } from "../../command/parse.ts";
import { calm } from "../../output/json.ts";
import { writeOut } from "../../output/stdout.ts";
import { openScreen } from "./top-screen.ts";
import { sorted, usageTable } from "./top-table.ts";

export async function run(invocation: Invocation): Promise<number> {
  const { flags, values, positionals } = invocation;
  const { seconds, count } = timesOf(invocation);
  const json = flags.has("json");
  const leave = new AbortController();
  const signal = leave.signal;
  using screen = openScreen({ live: !json && count === null, leave });
  const settings = createEngine().settings;
  await using meters = new Meters([...new Set(positionals)], seconds, { signal, settings, progress: () => {} });
  const show = (rows: readonly Usage[]) => {
    const ordered = sorted(rows, values.sort ?? "cpu");
    if (json) writeOut(ordered.map((each) => `${calm(JSON.stringify(each))}\n`).join(""));
    else screen.show(usageTable(ordered));
  };
  try {
    await measureAll(meters, seconds, count, signal, show);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  return screen.left() === "interrupted" ? EXIT.interrupted : EXIT.done;
}

/** The first measurement is where rates begin: it is shown to nobody. */
async function measureAll(
  meters: Meters,
  seconds: number,
  count: number | null,
  signal: AbortSignal,
  show: (rows: readonly Usage[]) => void,
): Promise<void> {
  let next = performance.now();
  await meters.measure();
  for (let shown = 0; count === null || shown < count; shown++) {
    // What machines take to answer is not added to the interval.
    next = Math.max(next + seconds * 1000, performance.now());
    await sleep(next - performance.now(), undefined, { signal });
    show(await meters.measure());
  }
}

const SECONDS = { least: 0.1, usual: 2, most: 3_600 };

function timesOf({ flags, values, command }: Invocation): { readonly seconds: number; readonly count: number | null } {
  const seconds = Number(values.interval ?? SECONDS.usual);
  if (!(seconds >= SECONDS.least && seconds <= SECONDS.most))
    throw usage(command, `--interval must be a number of seconds from ${SECONDS.least}, not "${values.interval}"`);
  const { count } = values;
  if (count !== undefined && !/^[1-9]\d{0,8}$/.test(count))
    throw usage(command, `--count must be a number from 1, not "${count}"`);
  return { seconds, count: flags.has("once") ? 1 : count === undefined ? null : Number(count) };
}
