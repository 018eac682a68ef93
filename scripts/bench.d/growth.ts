import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const root = join(import.meta.dirname, "../..");
const RUNS = 10;
const source = "--conditions=guestkit-source";

/** What each parser takes as its input doubles, and dpkg's reader beside an earlier checkout's. */
export async function reportGrowth(): Promise<void> {
  await reportDpkg();
  console.log("\n### parsers: texts of 8 KiB, twice and four times as much\n");
  console.log(
    "Aim: at most 2.2 times for twice the input; test/fast/architecture/growth counts it, here it is timed.\n",
  );
  console.log(`| ${"CPU ms".padEnd(34)} |     8 KiB |    16 KiB |    32 KiB | a doubling |\n|---|---:|---:|---:|---:|`);
  const { stdout } = await run(process.execPath, [source, join(root, "test/support/growth/program.ts"), "--time"]);
  for (const line of stdout.trim().split("\n")) {
    const { name, times } = JSON.parse(line) as { name: string; times: readonly number[] };
    const cells = times.map((each) => each.toFixed(1).padStart(9));
    const doubling = Math.sqrt((times[2] ?? 0) / (times[0] || 1)).toFixed(2);
    console.log(`| ${name.padEnd(34)} | ${cells.join(" | ")} | ${doubling.padStart(10)} |`);
  }
}

/** GUESTKIT_BENCH_EARLIER is the folder of another checkout that is measured in turns with this one. */
async function reportDpkg(): Promise<void> {
  const earlier = process.env.GUESTKIT_BENCH_EARLIER;
  const checkouts = [["guestkit", root], ...(earlier ? [["earlier", earlier]] : [])] as [string, string][];
  console.log(
    "\n### dpkg's reader: a status of 10 MB\n\nMedians of processes that read once, CPU ms of the reader alone.\n",
  );
  console.log(
    `| ${"CPU ms".padEnd(34)} |${checkouts.map(([name]) => `${name.padStart(10)} |`).join("")}\n|---|${"---:|".repeat(checkouts.length)}`,
  );
  for (const shape of ["packages", "paragraph"]) {
    const times = checkouts.map((): number[] => []);
    for (let each = 0; each < RUNS; each++) {
      for (const [index, [, folder]] of checkouts.entries()) times[index]?.push(await readOnce(folder, shape));
    }
    const cells = times.map((each) => `${median(each).toFixed(0).padStart(10)} |`);
    console.log(
      `| ${`10 MB, ${shape === "packages" ? "11,000 packages" : "one paragraph"}`.padEnd(34)} |${cells.join("")}`,
    );
  }
}

async function readOnce(folder: string, shape: string): Promise<number> {
  const program = join(import.meta.dirname, "dpkg-program.ts");
  const { stdout } = await run(process.execPath, ["--expose-gc", source, program, folder, shape]);
  return Number(stdout);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
