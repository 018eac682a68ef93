import { readdirSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, it } from "vitest";
import { inspectAll } from "../../../cli/verb/inspect/pool.ts";
import { inspect, type Report } from "../../../core/inspect/index.ts";
import { guestkit } from "../../support/cli.ts";
import { folder, partitionedDisk } from "../../support/disk.ts";
import { run, scratch } from "../../support/run.ts";

const dir = await scratch("several");
const tree = await folder(dir, {
  "etc/os-release": 'ID=debian\nVERSION_ID="12"\n',
  "usr/bin/x": "x",
  "etc/hostname": "web\n",
});
const system = join(dir, "system.raw");
await partitionedDisk(system, "dos", [{ size: 16, type: "L", script: `mke2fs -q -t ext4 -d '${tree}' "$1"` }]);
const blank = join(dir, "blank.qcow2");
await run("qemu-img", ["create", "-q", "-f", "qcow2", blank, "1G"]);
const damaged = join(dir, "damaged.qcow2");
await writeFile(damaged, "QFI\xfb and nothing else", "latin1");

const images = Array.from({ length: 24 }, (_, at) => [system, blank, damaged, join(dir, "gone.qcow2")][at % 4] ?? "");

interface Line {
  readonly image: string;
  readonly report?: Report;
  readonly error?: { readonly code: string };
}

async function lines(...flags: string[]): Promise<Line[]> {
  const { exitCode, stdout } = await guestkit(["inspect", "--json", ...flags, ...images]);
  expect(exitCode).toBe(1);
  return stdout
    .toString()
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Line);
}

const named = ({ image, report, error }: Line) => [image, report ? (report.distro ?? "none") : error?.code];

it("each image is a line of its own, in the order given, with the report that it has alone", async () => {
  const told = await lines();
  expect(told.map(({ image }) => image)).toEqual(images);
  expect(told[0]?.report).toEqual(JSON.parse(JSON.stringify(await inspect(system))));
  expect(told.slice(0, 4).map((line) => named(line)[1])).toEqual([
    "debian",
    "none",
    expect.stringContaining("E_QCOW2_"),
    "E_SOURCE_OPEN",
  ]);
});

it("unordered, and by any number of jobs, the same images have the same answers", async () => {
  const sorted = (told: Line[]) => told.map((line) => JSON.stringify(line)).sort();
  const ordered = sorted(await lines("--jobs", "1"));
  expect(sorted(await lines("--unordered", "-j", "3"))).toEqual(ordered);
});

it("people see each under its name, and what failed where errors go", async () => {
  const { exitCode, stdout, stderr } = await guestkit(["inspect", system, damaged, blank]);
  expect(exitCode).toBe(1);
  expect(stdout.toString()).toMatch(/^\S*system\.raw:\n {2}System:[\s\S]*Host name: +web[\s\S]*\n\S*blank\.qcow2:\n/);
  expect(stderr).toContain(`Cannot read "${damaged}"`);
});

it("whoever stops early leaves no thread behind", async () => {
  const threads = () => readdirSync("/proc/self/task").length;
  const before = threads();
  const many = Array.from({ length: 100 }, () => blank);
  for await (const { error } of inspectAll(many, { place: {}, jobs: 2, unordered: false })) {
    expect([error, threads() > before]).toEqual([null, true]);
    break;
  }
  await expect.poll(threads).toBeLessThanOrEqual(before);
});

it.each([
  ["as it is asked", "task.index % 3 === 0 ? process.exit() : answer()"],
  ["as it fails", 'if (task.index % 3 === 0) throw new Error("lost"); answer()'],
  ["behind its answer", 'answer(); setTimeout(() => { throw new Error("late") })'],
])("a thread that ends %s leaves each image an outcome", async (_, does) => {
  const text = `export const serve = () => parentPort.on("message", (task) => {
    const answer = () => parentPort.postMessage({ index: task.index, outcome: { report: "{}", error: null } });
    ${does};
  });`;
  const module = join(dir, "thread.mjs");
  await writeFile(module, `import { parentPort } from "node:worker_threads";\n${text}`);
  const options = { place: {}, jobs: 1, unordered: false, module: `${pathToFileURL(module)}?${Math.random()}` };
  const many = Array.from({ length: 12 }, (_, at) => `${at}`);
  const told: string[] = [];
  for await (const { image, error } of inspectAll(many, options)) {
    told.push(image);
    if (error) expect(error.code).toBe("E_INSPECT_THREAD");
    // Whoever is slow lets threads end while they wait for work.
    await new Promise((resume) => setTimeout(resume, 20));
  }
  expect(told).toEqual(many);
});

it("a number of jobs that is none is refused", async () => {
  for (const jobs of ["0", "many", "1.5"]) {
    const { exitCode, stderr } = await guestkit(["inspect", "--jobs", jobs, blank, system]);
    expect([exitCode, stderr]).toEqual([64, expect.stringContaining("--jobs must be a number")]);
  }
});
