import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { connectQmp, runJob } from "../../../core/qemu/qmp/index.ts";
import { pausedQemu } from "../../support/paused-qemu.ts";
import { run, scratch } from "../../support/run.ts";

const COMMANDS = join(import.meta.dirname, "../../../core/qemu/qmp/commands");

it("greets, answers, tells events, and ends on quit", async () => {
  const qemu = await pausedQemu(["-machine", "none", "-name", "grüße"]);
  await using qmp = await connectQmp(qemu.qmp);
  expect(qmp.version.qemu.major).toBeGreaterThanOrEqual(7);
  expect(await qmp.execute("query-status")).toMatchObject({ running: false, status: "prelaunch" });
  expect(await qmp.execute("query-name")).toEqual({ name: "grüße" });
  const resumed = qmp.waitForEvent("RESUME", { timeoutMs: 30_000 });
  await qmp.execute("cont");
  expect(await resumed).toMatchObject({ name: "RESUME" });
  await expect(qmp.execute("query-balloon")).rejects.toMatchObject({
    code: "E_QMP_COMMAND",
    errorClass: "DeviceNotActive",
  });
  const shutdown = qmp.waitForEvent("SHUTDOWN", { timeoutMs: 30_000 });
  await qmp.execute("quit");
  expect((await shutdown).data).toMatchObject({ guest: false, reason: "host-qmp-quit" });
  await qmp.closed;
  expect(await qemu.ended).toBe(0);
});

it("knows only commands that QEMU has", async () => {
  const { qmp: path } = await pausedQemu();
  await using qmp = await connectQmp(path);
  const known = new Set((await qmp.execute("query-commands")).map(({ name }) => name));
  const texts = await Promise.all((await readdir(COMMANDS)).map((name) => readFile(join(COMMANDS, name), "utf8")));
  const ours = texts.flatMap((text) => [...text.matchAll(/^ {2}"?([\w-]+)"?: Command</gm)].map(([, name]) => name));
  expect(ours.length).toBeGreaterThan(50);
  expect(ours.filter((name) => name && !known.has(name))).toEqual([]);
});

it("serves one after another, and tells one who waits in vain", async () => {
  const { qmp: path } = await pausedQemu();
  const first = await connectQmp(path);
  await expect(connectQmp(path, { timeoutMs: 300 })).rejects.toMatchObject({ code: "E_QMP_BUSY" });
  const second = connectQmp(path, { timeoutMs: 30_000 });
  await first.execute("query-status");
  await first[Symbol.asyncDispose]();
  await using qmp = await second;
  expect((await qmp.execute("query-status")).running).toBe(false);
});

it("names what was waited for when QEMU is killed", async () => {
  const { qmp: path, pid, ended } = await pausedQemu();
  await using qmp = await connectQmp(path);
  const never = qmp.waitForEvent("SHUTDOWN");
  process.kill(pid, "SIGKILL");
  await expect(never).rejects.toMatchObject({ code: "E_QMP_CLOSED", message: expect.stringContaining("SHUTDOWN") });
  await ended;
  await expect(connectQmp(path)).rejects.toMatchObject({ code: "E_QMP_CONNECT" });
});

it("takes, lists and deletes snapshots, and tells why a job failed", async () => {
  const dir = await scratch("qmp-jobs");
  const disk = join(dir, "disk.qcow2");
  await run("qemu-img", ["create", "-q", "-f", "qcow2", disk, "1G"]);
  const node = ["-blockdev", `driver=qcow2,node-name=disk,file.driver=file,file.filename=${disk}`];
  const machine = ["-machine", "pc", "-m", "16", ...node, "-device", "virtio-blk-pci,drive=disk,id=vda"];
  const { qmp: path } = await pausedQemu(machine, dir);
  await using qmp = await connectQmp(path);
  const progress: string[] = [];
  const onProgress = (job: { status: string }) => progress.push(job.status);
  await runJob(qmp, "snapshot-save", { tag: "one", vmstate: "disk", devices: ["disk"] }, { onProgress });
  expect(progress.at(-1)).toBe("concluded");
  const nodes = await qmp.execute("query-named-block-nodes", { flat: true });
  expect(nodes.find((each) => each["node-name"] === "disk")?.image.snapshots).toMatchObject([{ name: "one" }]);
  await expect(runJob(qmp, "snapshot-load", { tag: "two", vmstate: "disk", devices: ["disk"] })).rejects.toMatchObject({
    code: "E_QMP_JOB",
    message: expect.stringContaining("two"),
  });
  await runJob(qmp, "snapshot-delete", { tag: "one", devices: ["disk"] });
  expect(await qmp.execute("query-jobs")).toEqual([]);
  await qmp.execute("block_resize", { "node-name": "disk", size: 2 * 1024 ** 3 });
});

it("completes a mirror, which becomes ready before it ends, and cancels one that is stopped", async () => {
  const dir = await scratch("qmp-mirror");
  const nodes = ["source", "target", "slow"].flatMap((name) => [
    "-blockdev",
    `driver=null-co,node-name=${name},size=67108864,read-zeroes=on`,
  ]);
  const { qmp: path } = await pausedQemu(["-machine", "none", ...nodes], dir);
  await using qmp = await connectQmp(path);
  await runJob(qmp, "blockdev-mirror", { device: "source", target: "target", sync: "full" });
  const stopped = new AbortController();
  const slow = runJob(
    qmp,
    "blockdev-mirror",
    { device: "source", target: "slow", sync: "full", speed: 65536 },
    { signal: stopped.signal, onProgress: ({ status }) => status === "running" && stopped.abort() },
  );
  await expect(slow).rejects.toMatchObject({ name: "AbortError" });
  expect(await qmp.execute("query-jobs")).toEqual([]);
});

it("writes a picture of the screen", async () => {
  const { qmp: path, dir } = await pausedQemu(["-machine", "pc", "-m", "16", "-vga", "std"]);
  await using qmp = await connectQmp(path);
  const picture = join(dir, "screen.png");
  await qmp.execute("screendump", { filename: picture, format: "png" });
  expect((await readFile(picture)).subarray(1, 4).toString()).toBe("PNG");
});
