import { readdir, readFile, stat } from "node:fs/promises";
import { expect, test } from "vitest";
import { leftovers, workbench } from "./workbench.ts";

// Kills at any point: the crash bed, test/crash.
const bench = await workbench("kill");
const { at } = bench;
const layout = {
  partitions: [
    { name: "esp", type: "esp", size: "40M", filesystem: "vfat" },
    { name: "root", filesystem: "ext4" },
  ],
};

/** The programs that work in the folder. */
async function workers(): Promise<readonly string[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
  const commands = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, "latin1").catch(() => "")));
  return commands.filter((each) => each.includes(`${bench.dir}/`));
}

async function demandQuiet(): Promise<void> {
  await expect.poll(workers).toEqual([]);
  expect(await readFile("/proc/self/mounts", "latin1")).not.toContain(bench.dir);
}

test("an interrupted apply ends, with nothing left", async () => {
  const stop = new AbortController();
  const config = { path: at("stopped.qcow2"), size: "128M", layout } as never;
  const progress = ({ phase }: { phase: string }) => {
    if (phase !== "making file systems") return;
    stop.abort();
  };
  await expect(bench.apply(config, { signal: stop.signal, progress })).rejects.toMatchObject({ code: "E_INTERRUPTED" });
  await demandQuiet();
  expect(await leftovers(bench.dir)).toEqual([]);
  await expect(stat(at("stopped.qcow2"))).rejects.toThrow("ENOENT");
});
