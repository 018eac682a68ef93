import { createHash } from "node:crypto";
import { chmod, readdir, readFile, readlink, rm, stat, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { ValueObject } from "../../../core/model/value.ts";
import { GUESTKIT } from "../../support/cli.ts";
import { bareMachine, microMachine } from "../../support/declared.ts";
import { MachineHost } from "../../support/machine-host.ts";
import { run } from "../../support/run.ts";

/**
 * A real guest writes a qcow2 header that names a file of the host to its raw disk, of which guestkit has no record. Whatever
 * is done with the disk from then on, no program opens that file.
 */
const host = await MachineHost.open();
afterAll(() => host[Symbol.asyncDispose]());

const at = (...path: string[]) => join(host.folder, ...path);
const secret = at("host-secret");
const bare = (disks: ValueObject, more: ValueObject = {}) => bareMachine({ networks: {}, disks, ...more });

beforeAll(async () => {
  await writeFile(secret, "HOST-ONLY-SECRET\n");
  await truncate(secret, 16 << 20);
  await chmod(secret, 0o600);
  await writeFile(at("disk.raw"), "");
  await truncate(at("disk.raw"), 16 << 20);
  await guestWrites();
});

/** The machine is destroyed afterwards: what is known of the disk is what it left. */
async function guestWrites(): Promise<void> {
  const boot = await microMachine("", { preflight: "off", networks: {} });
  await host.apply({ writer: { ...boot, disks: { data: { image: "disk.raw", serial: "data" } } } });
  await run("qemu-img", ["create", "-q", "-f", "qcow2", "-F", "raw", "-b", secret, at("header.qcow2")]);
  const packed = gzipSync(await readFile(at("header.qcow2"))).toString("base64");
  await rm(at("header.qcow2"));
  const disk = "/dev/$(grep -ls data /sys/block/*/serial | cut -d/ -f4)";
  const script = `echo ${packed} | base64 -d | gunzip | dd of=${disk} conv=notrunc bs=64k; sync`;
  await host.text(["vm", "exec", "--via", "agent", "writer", "--", "sh", "-c", script]);
  await host.text(["vm", "kill", "writer"]);
  expect((await readFile(at("disk.raw"))).subarray(0, 4).toString("latin1")).toBe("QFI\xfb");
}

/** Whether a process has the host's file open. */
async function isOpen(pid: number): Promise<boolean> {
  const names = await readdir(`/proc/${pid}/fd`);
  const links = await Promise.all(names.map((name) => readlink(`/proc/${pid}/fd/${name}`).catch(() => "")));
  return links.includes(secret);
}

/** Every QEMU of this host. */
async function opened(): Promise<readonly boolean[]> {
  const machines = await host.text(["vm", "list", "--json"]);
  const rows = machines
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { name: string; pid: number | null });
  return await Promise.all(rows.flatMap(({ pid }) => (pid === null ? [] : [isOpen(pid)])));
}

/** What a command and all that it starts opens, one line each; whatever it answers. */
async function opens(...args: string[]): Promise<string> {
  const log = at("strace.log");
  const calls = ["-f", "-qq", "--seccomp-bpf", "-e", "trace=open,openat,openat2,readlink,execve", "-e", "signal=none"];
  const command = [...GUESTKIT, ...args];
  const env = { ...process.env, ...host.env };
  const shell = `cd "$1"; shift; "$@" >/dev/null 2>&1; true`;
  await run("sh", ["-c", shell, "sh", host.folder, "strace", ...calls, "-s", "4096", "-o", log, ...command], env);
  const said = await readFile(log, "utf8");
  // It did get as far as the disk.
  expect(said.split("\n").some((line) => line.includes("open") && line.includes("disk.raw"))).toBe(true);
  return said;
}

const unopened = (said: string) => said.split("\n").filter((line) => /open/.test(line) && line.includes(secret));

it("starts anew with it, also once the machine that used it is destroyed", { timeout: 300_000 }, async () => {
  await host.text(["vm", "up", "writer"]);
  expect(await opened()).toEqual([false]);
  await host.apply({});
  await host.apply({ heir: bare({ data: { image: "disk.raw" } }) });
  expect(await opened()).toEqual([false]);
  await host.apply({});
  expect(JSON.parse(await readFile(at(".disk.raw.guestkit.json"), "utf8"))).toMatchObject({
    origin: "seen",
    declared: { format: "raw" },
  });
});

it("goes by the machine's own memory where no record can be kept", { timeout: 120_000 }, async () => {
  await writeFile(at("copy.raw"), "");
  await truncate(at("copy.raw"), 16 << 20);
  await host.apply({ owner: bare({ data: { image: "copy.raw" } }) });
  await host.text(["vm", "kill", "owner"]);
  await rm(at(".copy.raw.guestkit.json"));
  await run("dd", [`if=${at("disk.raw")}`, `of=${at("copy.raw")}`, "conv=notrunc", "bs=1M", "status=none"]);
  await host.text(["vm", "up", "owner"]);
  expect(await opened()).toEqual([false]);
  // Used again, it is written down again.
  expect(await stat(at(".copy.raw.guestkit.json"))).toBeTruthy();
  await host.apply({});
});

it("is read, copied, laid under others and planned with as what it is", { timeout: 300_000 }, async () => {
  for (const args of [
    ["inspect", "disk.raw"],
    ["info", "disk.raw"],
    ["ls", "disk.raw", "/"],
    ["create", "--source", "disk.raw", "--format", "raw", "clone.raw"],
    ["create", "--backing", "disk.raw", "over.qcow2"],
    ["create", "--backing", "disk.raw", "--size", "32M", "larger.qcow2"],
    ["inspect", "over.qcow2"],
    ["vm", "check", "disk.raw"],
  ])
    expect(unopened(await opens(...args)), args.join(" ")).toEqual([]);
  const sha256 = async (path: string) =>
    createHash("sha256")
      .update(await readFile(at(path)))
      .digest("hex");
  expect(await sha256("clone.raw")).toBe(await sha256("disk.raw"));
  expect(await host.text(["info", "disk.raw"])).toMatch(/Format:\s+raw/);
});

it("starts templates, copies and snapshots of it", { timeout: 300_000 }, async () => {
  await host.apply({
    pattern: bare({ data: { image: "disk.raw" } }, { running: false }),
    drawn: bare({}, { template_vm: "pattern" }),
    based: bare({}, { base: "disk.raw" }),
    whole: bare({}, { base: "disk.raw", backing_file: false }),
    thin: bare({ data: { image: "disk.raw", overlay: true } }),
    spared: bare({ data: { image: "clone.raw" } }, { snapshot_mode: true }),
  });
  expect(await opened()).toEqual([false, false, false, false, false]);
  await host.text(["vm", "stop", "thin"]);
  await host.declare({ thin: bare({ data: { image: "disk.raw", overlay: true } }, { running: false }) });
  expect(unopened(await opens("vm", "snapshot", "take", "thin", "one"))).toEqual([]);
  expect(unopened(await opens("vm", "snapshot", "list", "thin"))).toEqual([]);
  await host.apply({});
});
