import { chmod, mkdir, readdir, readFile, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { findTool } from "../../../core/host/program/process.ts";
import { chooseAccelerator } from "../../../core/qemu/accelerator/index.ts";
import { probe } from "../../../core/qemu/accelerator/probe.ts";
import { scratch } from "../../support/scratch.ts";

const { signal } = new AbortController();
const host = { platform: "linux", architecture: "x64", device: "/dev/null" };
const real = findTool("qemu-system-x86_64");

/** A program in QEMU's place that counts its starts; `kvm` and `tcg` are what it does when asked for these. */
async function fakeQemu(kvm: string, tcg: string) {
  const dir = await scratch("fake-qemu");
  const qemu = join(dir, "qemu");
  const [pids, cacheDir] = [join(dir, "pids"), join(dir, "cache")];
  await mkdir(cacheDir);
  await writeFile(pids, "");
  await writeFile(qemu, `#!/bin/sh\necho $$ >> ${pids}\ncase "$*" in *"-accel kvm"*) ${kvm};; *) ${tcg};; esac\n`);
  await chmod(qemu, 0o755);
  return {
    qemu,
    choose: (limitMs = 60_000) => chooseAccelerator({ qemu, settings: { cacheDir }, signal, env: {}, host, limitMs }),
    started: async () => (await readFile(pids, "utf8")).split("\n").filter(Boolean).map(Number),
    cached: () => readdir(join(cacheDir, "accelerator")).catch(() => []),
  };
}

it("runs its ROM to the end on a real QEMU", async () => {
  expect(await probe("tcg", { qemu: real, signal, limitMs: 60_000 })).toEqual({ runs: true, reason: "", late: false });
});

it("comes to a verdict on this host, and says why", async () => {
  const settings = { cacheDir: await scratch("accelerator") };
  const verdict = await chooseAccelerator({ settings, signal, env: {} });
  expect(verdict.reason).not.toBe("");
  expect(verdict.accelerator === "tcg").toBe(verdict.help !== null);
});

it("takes kvm where its guest code is done in time, and tries once", async () => {
  const { choose, started } = await fakeQemu("exit 33", "exit 1");
  expect(await choose()).toMatchObject({ accelerator: "kvm", help: null });
  expect(await choose()).toMatchObject({ accelerator: "kvm" });
  expect(await started()).toHaveLength(1);
});

it("tries again with another QEMU", async () => {
  const { qemu, choose, started } = await fakeQemu("exit 33", "exit 1");
  await choose();
  await utimes(qemu, 1, 1);
  await choose();
  expect(await started()).toHaveLength(2);
});

it("takes tcg where QEMU fails, with QEMU's words", async () => {
  for (const fault of ["echo 'no MSR' >&2; exit 1", "exit 0"]) {
    const { choose, cached } = await fakeQemu(fault, "exit 33");
    const reason = expect.stringContaining(fault === "exit 0" ? "exit code 0" : "no MSR");
    expect(await choose()).toMatchObject({ accelerator: "tcg", reason });
    expect(await cached()).toHaveLength(1);
  }
});

it("kills a guest that crawls, and takes tcg", async () => {
  // It does not end when asked to.
  const { choose, started, cached } = await fakeQemu("trap '' TERM; while :; do sleep 100; done", `exec ${real} "$@"`);
  expect(await choose(3000)).toMatchObject({ accelerator: "tcg", reason: expect.stringContaining("crawls") });
  const [crawling = 0] = await started();
  expect(() => process.kill(crawling, 0)).toThrow("ESRCH");
  expect((await cached()).length).toBeLessThanOrEqual(1);
});

it("does not hold it against kvm when tcg would have been too slow as well", async () => {
  const { choose, started, cached } = await fakeQemu("exec sleep 100", "exec sleep 100");
  expect(await choose(500)).toMatchObject({ accelerator: "tcg", help: expect.stringContaining("busy") });
  expect(await cached()).toEqual([]);
  for (const pid of await started()) expect(() => process.kill(pid, 0)).toThrow("ESRCH");
});
