import { readFile, writeFile } from "node:fs/promises";
import { run } from "../../support/tool.ts";
import type { Bed } from "../bed.ts";
import { declared, type Look, textOf, type Writer } from "../writer.ts";

/** One that is never started: what is written is its memory, its folder and its overlay. */
const machine = (more: object = {}) => ({
  virtual_machine: {
    m: {
      name: "m",
      memory: "64M",
      preflight: "off",
      wait_for: [],
      running: false,
      disks: { root: { image: "base.qcow2", overlay: true } },
      ...more,
    },
  },
});
const status = (name: string): Look => ["vm", "status", name, "--json"];
const list: Look = ["vm", "list", "--json"];

async function layBase(bed: Bed): Promise<void> {
  await run("qemu-img", ["create", "-q", "-f", "qcow2", bed.at("base.qcow2"), "8M"]);
}

/** Whether it runs, without what is another one in each run. */
async function state(bed: Bed): Promise<string> {
  const { exitCode, stdout } = await bed.run(["vm", "status", "m", "--json"]);
  if (exitCode !== 0) return `exit code ${exitCode}`;
  const { status, memory } = JSON.parse(stdout) as { status: string; memory: number };
  return JSON.stringify([status, memory]);
}

async function picture(bed: Bed): Promise<string> {
  const bytes = await readFile(bed.at("shot.png")).catch(() => null);
  if (!bytes) return "none";
  const isWhole = bytes.subarray(1, 4).equals(Buffer.from("PNG")) && bytes.subarray(-8, -4).equals(Buffer.from("IEND"));
  return isWhole ? "whole" : "torn";
}

/** Read by itself: any verb on the machine would cut it first. */
async function newest(bed: Bed): Promise<string> {
  return (await textOf(bed, "home/data/machines/m/console.log")).trimEnd().split("\n").at(-1) ?? "";
}

const lines = (count: number) => Array.from({ length: count }, (_, number) => `line ${number}\n`).join("");

export const machines: readonly Writer[] = [
  declared("machine", null, () => machine(), { m: [status("m"), list] }, layBase),
  declared(
    "machine-change",
    machine(),
    () => machine({ memory: "96M", autostart: true }),
    { m: [status("m")] },
    layBase,
  ),
  declared(
    "machine-seed",
    null,
    () => machine({ cloud_init: { hostname: "one" } }),
    { m: [status("m")], seed: [["cat", "home/data/machines/m/seed.iso", "/user-data"]] },
    layBase,
  ),
  {
    // The newest lines are never lost, whatever else goes.
    ...declared("log-cut", null, () => ({}), { log: [newest] }),
    old: async (bed) => {
      await layBase(bed);
      await bed.apply(machine({ console_log_size: "64K" }));
      await writeFile(bed.at("home/data/machines/m/console.log"), lines(20_000));
    },
    declare: async () => {},
    command: ["vm", "logs", "m"],
  },
  {
    // Its overlay, what it leans on, formats, the run.
    ...declared("machine-start", machine({ networks: {} }), () => ({}), { m: [state] }, layBase),
    declare: async () => {},
    command: ["vm", "up", "m"],
    end: ["vm", "kill", "m"],
  },
  {
    ...declared("screenshot", null, () => ({}), { m: [state], "shot.png": [picture] }),
    old: async (bed) => {
      await layBase(bed);
      await bed.apply(machine({ running: true, networks: {} }));
    },
    declare: async () => {},
    command: ["vm", "screenshot", "m", "shot.png"],
    end: ["vm", "kill", "m"],
  },
  declared("machine-gone", machine(), () => ({}), { m: [status("m"), list] }, layBase),
  {
    ...declared("machine-rename", machine(), () => ({}), { "m and n": [status("m"), status("n"), list] }, layBase),
    command: ["vm", "rename", "m", "n"],
  },
  {
    ...declared("machine-destroy", machine(), () => ({}), { m: [status("m"), list] }, layBase),
    command: ["vm", "destroy", "--force", "m"],
    again: [0, 1],
  },
];
