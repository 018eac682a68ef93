import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { afterAll, expect, it } from "vitest";
import { MachineHost } from "../../support/machine-host.ts";
import { ROOT_UUID } from "../../support/micro-guest/disk.ts";
import { microGuest } from "../../support/micro-guest/index.ts";
import { run } from "../../support/run.ts";
import { microMachine } from "../../tools/machine/declared.ts";

const STARTS = 30;

const host = await MachineHost.open();
afterAll(() => host[Symbol.asyncDispose]());

async function sha256(path: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  return hash.digest("hex");
}

it(`a base is the same, byte by byte, after ${STARTS} starts of machines that write to their disks`, async () => {
  const base = join(host.folder, "base.qcow2");
  await run("qemu-img", ["convert", "-O", "qcow2", (await microGuest()).imageBios, base]);
  const write = "test ! -e /written && dd if=/dev/urandom of=/written bs=64k count=16 2>/dev/null && sync";
  const boot = await microMachine(`root=UUID=${ROOT_UUID}`, {
    preflight: "off",
    provision: [{ name: "write", inline: [write], via: "agent", when: "always" }],
    timeouts: { stop: 0, quit: 10 },
  });
  // Each way of leaving the base alone: by a template, by a base, copied whole, and in snapshot_mode.
  const machines = {
    template: { ...boot, running: false, disks: { root: { image: base } } },
    "by-template": { ...boot, running: false, template_vm: "template" },
    "by-base": { ...boot, running: false, base },
    whole: { ...boot, running: false, base, backing_file: false },
    snapshot: { ...boot, running: false, snapshot_mode: true, disks: { root: { image: base } } },
  };
  await host.apply(machines);
  const before = await sha256(base);
  const names = ["by-template", "by-base", "whole", "snapshot"];
  for (let start = 0; start < STARTS; start++) {
    const name = names[start % names.length] ?? "";
    await host.text(["vm", "up", name]);
    // Every other one is killed in the middle of its life.
    await host.text(["vm", start % 2 === 0 ? "stop" : "kill", name]);
    expect(await readdir(join(host.folder, "data/machines", name))).not.toContain("fresh");
  }
  expect(await sha256(base)).toBe(before);
  await host.text(["vm", "up", "template"]);
  await host.text(["vm", "stop", "template"]);
  expect(await sha256(base)).not.toBe(before);
});
