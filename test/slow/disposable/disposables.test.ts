import { createHash } from "node:crypto";
import { copyFile, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { microMachine } from "../../support/declared.ts";
import { randomFrom } from "../../support/kill-points.ts";
import { MachineHost } from "../../support/machine-host.ts";
import { microGuest } from "../../support/micro-guest/index.ts";

const AT_ONCE = 10;
const POINTS = 10;
const SEED = Number(process.env.GUESTKIT_SEED ?? 5);
/** Until then a command line is being read, and nothing has been done (ms). */
const START = 250;

const host = await MachineHost.open();
afterAll(() => host[Symbol.asyncDispose]());

const image = join(host.folder, "system.qcow2");
let sum: string;
let before: readonly string[];

const sha256 = async (path: string) =>
  createHash("sha256")
    .update(await readFile(path))
    .digest("hex");

beforeAll(async () => {
  await copyFile((await microGuest()).imageBios, image);
  const { kernel, initrd, cmdline, ...machine } = await microMachine("", { running: false, memory: "160M" });
  // One start, so that the base has a copy of its own, which the disposables lean on.
  const disks = { root: { image, overlay: true } };
  await host.apply({ base: { ...machine, disks, networks: {}, running: true } });
  await host.text(["vm", "exec", "base", "--", "sh", "-c", "echo base > /made; sync"]);
  await host.text(["vm", "stop", "base"]);
  sum = await sha256(join(host.folder, "data/machines/base/disks/root.qcow2"));
  before = (await host.remains()).files;
});

async function expectNothing(what: string): Promise<void> {
  const { processes, files } = await host.remains();
  const kernel = await Promise.all(["/proc/net/unix", "/proc/self/mounts"].map((path) => readFile(path, "utf8")));
  expect(processes, what).toEqual([]);
  expect(
    kernel
      .join("\n")
      .split("\n")
      .filter((line) => line.includes(host.folder)),
    what,
  ).toEqual([]);
  expect(
    files.filter((file) => !before.includes(file)),
    what,
  ).toEqual([]);
  expect(await sha256(join(host.folder, "data/machines/base/disks/root.qcow2")), what).toBe(sum);
}

describe("disposables of a system on a disk", () => {
  it(`${AT_ONCE} at once do each their own thing, and leave nothing`, async () => {
    const script = (at: number) => `cat /made; echo ${at} > /made; sync; cat /made; ls /sys/class/net; exit ${at}`;
    const all = Array.from({ length: AT_ONCE }, (_, at) =>
      host.run(["vm", "disposable", "--no-network", "base", "sh", "-c", script(at)]),
    );
    const ends = await Promise.all(all);
    expect(ends.map(({ exitCode, stdout, stderr }) => [exitCode, stdout.toString(), stderr])).toEqual(
      ends.map((_, at) => [at, `base\n${at}\nlo\n`, ""]),
    );
    await expectNothing("ten at once");
  });

  it(`killed with guestkit at ${POINTS} random points leave nothing after the next look`, async () => {
    const command = ["vm", "disposable", "--no-network", "base", "sh", "-c", "echo x > /made; sync; sleep 1"];
    const started = performance.now();
    await host.text(command);
    const whole = performance.now() - started;
    const random = randomFrom(SEED);
    let hits = 0;
    for (let point = 0; point < POINTS; point++) {
      const ms = START + random() * (whole - START);
      const { exitCode } = await host.run(command, { onStart: (kill) => setTimeout(() => kill("SIGKILL"), ms) });
      if (exitCode === -1) hits++;
      expect(await host.text(["vm", "list"])).not.toContain("disp-");
      await expectNothing(`killed after ${Math.round(ms)} ms`);
    }
    expect(hits).toBeGreaterThan(POINTS / 2);
  });

  it("of an image have a network and cloud-init's way in, unless they are told not to", async () => {
    const told = await host.text(["vm", "disposable", image, "sh", "-c", "ls /sys/class/net; hostname"]);
    expect(told).toMatch(/^eth0\nlo\nsystem-disp-[0-9a-f]{8}\n$/);
    await expectNothing("an image");
  });

  it("answer programs, too", async () => {
    const input = { base: "base", network: false, command: ["sh", "-c", "cat; exit 4"], input: "in" };
    const messages = [
      { id: 1, method: "initialize", params: { protocol: 1, client: { name: "test" } } },
      { id: 2, method: "action", params: { contract: "vm_disposable", input } },
    ];
    const lines = messages.map((each) => JSON.stringify({ jsonrpc: "2.0", ...each })).join("\n");
    const { stdout } = await host.run(["rpc"], { input: `${lines}\n` });
    const answers = stdout.toString().split("\n").filter(Boolean);
    const answer = answers.map((line) => JSON.parse(line) as { id?: number }).find(({ id }) => id === 2);
    expect(answer).toMatchObject({ result: { changed: true, output: { exit_code: 4, stdout: "in", stderr: "" } } });
    await expectNothing("rpc");
  });
});
