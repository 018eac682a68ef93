/**
 * Runs the seeds from argv[2] up to argv[3] and tells of each on stdout as it goes: `SEED` before it begins, `!` and
 * JSON for a fault, `=` and JSON at the end. Written at once, so that a seed that never ends is the last one named.
 */
import { writeSync } from "node:fs";
import { Cases } from "./cases.ts";
import type { Summary } from "./supervise.ts";

const [first, end] = process.argv.slice(2).map(Number) as [number, number];
/** MiB. */
const peak = () => Math.round(process.resourceUsage().maxRSS / 1024);
const say = (line: string) => writeSync(1, `${line}\n`);

const cases = await Cases.prepare();
for (let seed = -200; seed < 0; seed++) await cases.run(seed);
const before = peak();
const tally: Record<string, number> = {};
const count = (key: string) => {
  tally[key] = (tally[key] ?? 0) + 1;
};
let known = before;
for (let seed = first; seed < end; seed++) {
  // Rubbish of many cases is no growth: what one case takes is to be seen.
  if (seed % 50 === 0) globalThis.gc?.();
  say(String(seed));
  const { image, mutation, codes, faults } = await cases.run(seed);
  const where = `${mutation.mended ? "mended" : "bytes"} ${image}`;
  count(`${where}: ${codes.length === 0 ? "read" : "refused"}`);
  for (const code of new Set(codes)) count(`${mutation.mended ? "mended" : "bytes"} ${code}`);
  if (faults.length > 0) say(`!${JSON.stringify({ seed, image, steps: mutation.steps, faults: faults.slice(0, 3) })}`);
  const now = peak();
  if (now > known + 64)
    say(`!${JSON.stringify({ seed, image, steps: mutation.steps, faults: [`memory grew by ${now - known} MiB`] })}`);
  known = Math.max(known, now);
}
const summary: Summary = { tally, before, peak: peak() };
say(`=${JSON.stringify(summary)}`);
