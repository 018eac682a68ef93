import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { afterAll, expect, it } from "vitest";
import { PATIENCE } from "../../support/declared.ts";
import { MachineHost } from "../../support/machine-host.ts";
import { microGuest } from "../../support/micro-guest/index.ts";
import { run } from "../../support/run.ts";

const STARTS = 30;
/** Instead of the guest's own init: writes to the disk, and says whether somebody has done so before. */
const WRITE = [
  "export PATH=/usr/sbin:/usr/bin; mount -t proc proc /proc; mount -t sysfs sysfs /sys; mount -t devtmpfs dev /dev",
  "modprobe -a virtio_pci virtio_blk",
  "dd if=/dev/vda bs=64k skip=1600 count=1 | grep -q USED && echo written as another",
  "yes USED | dd of=/dev/vda bs=64k seek=1600 count=16 && sync && echo written as the $((0 + 1))st",
  "sleep 100000",
].join("; ");

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
  const { kernel, initrd, cmdline } = await microGuest();
  const boot = {
    ...{ kernel, initrd, memory: "256M", networks: {}, preflight: "off", timeouts: { stop: 0, quit: 10 } },
    cmdline: `${cmdline} rdinit=/bin/sh -- -c "${WRITE}"`,
    wait_for: [{ condition: "console", text: "written as the 1st", timeout: PATIENCE }],
  };
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
    const console = await readFile(join(host.folder, "data/machines", name, "console.log"), "latin1");
    expect(console).not.toMatch(/^written as another/m);
    expect(await readdir(join(host.folder, "data/machines", name))).not.toContain("fresh");
  }
  expect(await sha256(base)).toBe(before);
  await host.text(["vm", "up", "template"]);
  await host.text(["vm", "stop", "template"]);
  expect(await sha256(base)).not.toBe(before);
});
