/**
 * Runs each parser on inputs of one, two and four sizes, and prints what it took: counted, or (`--time`) in ms of CPU.
 * A number says on how many of these sizes.
 */
import { isMainThread, Worker } from "node:worker_threads";
import { PARSERS } from "./parsers.ts";
import { forgetWork, startCounting, workOf } from "./work.ts";

const SIZES = Number(process.argv.find((each) => /^\d$/.test(each)) ?? 3);
const FACTORS = [1, 2, 4].slice(0, SIZES);
const SIZE = 512;
const TIMED_SIZE = 8 << 10;

async function count(): Promise<void> {
  startCounting();
  const ran = new Set<string>();
  const rows: { readonly name: string; readonly runs: readonly (() => unknown)[] }[] = [];
  for (const { name, make } of PARSERS) {
    rows.push({ name, runs: await Promise.all(FACTORS.map((factor) => make(SIZE * factor))) });
    // What is made once (tables, patterns) is no growth.
    await (await make(SIZE))();
  }
  // For all at once: a look at the counters takes longer than most parsers do.
  forgetWork();
  for (const { name, runs } of rows) {
    const work: { steps: number; bytes: number }[] = [];
    for (const run of runs) {
      const { steps, bytes, ran: functions } = await workOf(run);
      work.push({ steps, bytes });
      for (const each of functions) ran.add(each);
    }
    console.log(JSON.stringify({ name, work }));
  }
  console.log(JSON.stringify({ ran: [...ran] }));
}

async function time(): Promise<void> {
  for (const { name, make } of PARSERS) {
    const times: number[] = [];
    for (const factor of FACTORS) {
      const run = await make(TIMED_SIZE * factor);
      await run();
      const before = process.cpuUsage();
      await run();
      const { user, system } = process.cpuUsage(before);
      times.push((user + system) / 1000);
    }
    console.log(JSON.stringify({ name, times }));
  }
}

if (process.argv.includes("--time")) await time();
// Patterns that are followed step by step call one another as deep as a text is long.
else if (isMainThread)
  new Worker(import.meta.filename, { argv: process.argv.slice(2), resourceLimits: { stackSizeMb: 256 } });
else await count();
