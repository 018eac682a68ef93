import { mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { describeLaunch, prepareLaunch } from "../../../core/lifecycle/launch/launch.ts";
import { machineFolder, prepareFolder } from "../../../core/machine/folder.ts";
import type { Machine } from "../../../core/machine/machine.ts";
import { connectQmp, type Qmp } from "../../../core/qemu/qmp/index.ts";
import { findEngine } from "../../support/engines.ts";
import {
  contextIn,
  diskOf,
  machineOf,
  networkOf,
  processesOf,
  type StartedMachine,
  shareOf,
  startQemu,
} from "../../support/machine.ts";
import { run } from "../../support/run.ts";
import { scratch } from "../../support/scratch.ts";

const PAUSED = ["-S"];
const KEPT = { machineType: null, forwards: [] };
/** No character of a path means anything. */
const root = join(await scratch("launch"), "a, b=ü");
const context = contextIn(root);
const image = join(root, "ba,se image.qcow2");
const raw = join(root, "raw,.img");
const iso = join(root, "medium.iso");

beforeAll(async () => {
  await mkdir(root);
  await run("qemu-img", ["create", "-q", "-f", "qcow2", image, "64M"]);
  for (const path of [raw, iso]) await run("qemu-img", ["create", "-q", "-f", "raw", path, "16M"]);
});

const paused = (given: Partial<Machine> & { readonly name: string }) =>
  startQemu(machineOf({ ...given, extra_args: [...PAUSED, ...(given.extra_args ?? [])] }), context);

async function ask<T>(machine: StartedMachine, question: (qmp: Qmp) => Promise<T>): Promise<T> {
  await using qmp = await connectQmp(machine.folder.socket("qmp"));
  return await question(qmp);
}

const devices = (machine: StartedMachine) =>
  ask(machine, async (qmp) => (await qmp.execute("qom-list", { path: "/machine/peripheral" })).map(({ name }) => name));

const images = (machine: StartedMachine) =>
  ask(machine, async (qmp) =>
    Object.fromEntries(
      (await qmp.execute("query-named-block-nodes")).flatMap((node) =>
        node["node-name"]?.startsWith("#") ? [] : [[node["node-name"], node.drv]],
      ),
    ),
  );

/** Processes that are there and no zombies, whose arguments hold the text. */
async function processesWith(text: string): Promise<string[]> {
  const found: string[] = [];
  for (const pid of (await readdir("/proc")).filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)) {
    const argv = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
    if (argv.includes(text)) found.push(`${pid} ${argv.replaceAll("\0", " ")}`);
  }
  return found;
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + 20_000;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error("it did not come to pass");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

describe("disks", () => {
  it("stand on every bus of q35", async () => {
    const disk = (bus: Machine["disks"][string]["bus"]) => diskOf(image, { bus, overlay: true });
    await using machine = await paused({
      name: "buses",
      disks: {
        ...{ virtio: disk("virtio"), scsi: disk("scsi"), sata: disk("sata"), nvme: disk("nvme"), usb: disk("usb") },
        plain: diskOf(raw, { cache: "none", discard: "ignore" }),
        "an odd, name/..": disk("virtio"),
      },
      cdroms: { empty: { image: null, boot_order: 1 }, iso: { image: iso, boot_order: null } },
    });
    const odd = (await readdir(join(machine.folder.path, "disks"))).find((name) => name.startsWith("x"))?.slice(0, 13);
    expect(await devices(machine)).toEqual(
      expect.arrayContaining(["disk-virtio", "disk-scsi", "disk-sata", "disk-nvme", "disk-usb", `disk-${odd}`]),
    );
    expect(await images(machine)).toEqual({
      ...{ "disk-virtio": "qcow2", "disk-scsi": "qcow2", "disk-sata": "qcow2", "disk-nvme": "qcow2" },
      ...{ "disk-usb": "qcow2", [`disk-${odd}`]: "qcow2", "disk-plain": "raw", "cd-iso": "raw" },
    });
  });

  it("stand on every bus of pc", async () => {
    const disk = (bus: Machine["disks"][string]["bus"]) => diskOf(image, { bus, overlay: true });
    await using machine = await paused({
      ...{ name: "pc", machine: "pc" },
      disks: { ide: disk("ide"), sata: disk("sata"), usb: disk("usb"), scsi: disk("scsi") },
      cdroms: { empty: { image: null, boot_order: 1 } },
    });
    expect(await devices(machine)).toEqual(expect.arrayContaining(["disk-ide", "disk-sata", "disk-usb", "disk-scsi"]));
    expect(machine.launch.machineType).toMatch(/^pc-i440fx-\d+\.\d+$/);
  });

  it("more than have a place of their own stand behind ports", async () => {
    const disks = Object.fromEntries(
      Array.from({ length: 18 }, (_, at) => [`d${at}`, diskOf(image, { read_only: true })]),
    );
    const networks = Object.fromEntries(Array.from({ length: 9 }, (_, at) => [`n${at}`, networkOf("user")]));
    for (const machine of ["q35", "pc"] as const) {
      const name = `many-${machine}`;
      const some = machine === "pc" ? disks : Object.fromEntries(Object.entries(disks).slice(0, 17));
      await using many = await paused({ name, machine, disks: some, networks });
      expect((await devices(many)).filter((id) => id.startsWith("disk-"))).toHaveLength(Object.keys(some).length);
    }
  });

  it("have a thin copy of the machine's own, grown and kept", async () => {
    const machine = machineOf({
      name: "thin",
      disks: { root: diskOf(image, { overlay: true, size: 128 << 20 }) },
      extra_args: PAUSED,
    });
    await using started = await startQemu(machine, context);
    const overlay = started.folder.overlay("root");
    const info = JSON.parse(await run("qemu-img", ["info", "-U", "--output=json", overlay]));
    expect(info).toMatchObject({ "virtual-size": 128 << 20, "backing-filename-format": "qcow2" });
    const { ino } = await stat(overlay);
    await started[Symbol.asyncDispose]();
    await using again = await startQemu(machine, context);
    expect((await stat(overlay)).ino).toBe(ino);
    expect(await images(again)).toEqual({ "disk-root": "qcow2" });
  });

  it("stay what they were when the guest writes another format's header", async () => {
    const disk = join(root, "guest-writes.img");
    const machine = machineOf({ name: "forger", disks: { root: diskOf(disk) }, extra_args: PAUSED });
    await run("qemu-img", ["create", "-q", "-f", "raw", disk, "1M"]);
    await (await startQemu(machine, context))[Symbol.asyncDispose]();
    const header = await readFile(image);
    await writeFile(disk, header.subarray(0, 65_536), { flag: "r+" });
    await using again = await startQemu(machine, context);
    expect(await images(again)).toEqual({ "disk-root": "raw" });
  });

  it("that another process uses are refused by name", async () => {
    await using first = await paused({ name: "first", disks: { root: diskOf(raw) } });
    await expect(paused({ name: "second", disks: { root: diskOf(raw) } })).rejects.toMatchObject({
      code: "E_IMAGE_IN_USE",
      message: expect.stringContaining(`"${raw}": machine "first" (process ${first.pid})`),
    });
  });

  it("that are not there are refused by their field", async () => {
    await expect(paused({ name: "no-disk", disks: { root: diskOf("/no/such") } })).rejects.toMatchObject({
      code: "E_DISK_MISSING",
      at: { field: ["disks", "root", "image"] },
    });
  });
});

describe("firmware", () => {
  it.each([false, true])("is UEFI with variables of the machine's own (secure boot: %s)", async (secure_boot) => {
    const machine = machineOf({ name: `uefi-${secure_boot}`, firmware: "uefi", secure_boot, extra_args: PAUSED });
    await using started = await startQemu(machine, context);
    expect(await images(started)).toMatchObject({ "firmware-code": "raw", "firmware-variables": "raw" });
    expect((await stat(started.folder.nvram)).mode & 0o777).toBe(0o600);
    await started[Symbol.asyncDispose]();
    await writeFile(started.folder.nvram, "X", { flag: "r+" });
    await using again = await startQemu(machine, context);
    expect((await readFile(again.folder.nvram))[0]).toBe("X".charCodeAt(0));
  });

  it("keeps a machine's type over QEMU's upgrades, and refuses one that is gone", async () => {
    const machine = machineOf({ name: "pinned", extra_args: PAUSED });
    await using old = await startQemu(machine, context, { machineType: "pc-q35-6.2", forwards: [] });
    expect(old.launch.machineType).toBe("pc-q35-6.2");
    await old[Symbol.asyncDispose]();
    await expect(startQemu(machine, context, { machineType: "pc-q35-1.0", forwards: [] })).rejects.toMatchObject({
      code: "E_MACHINE_TYPE",
    });
  });
});

describe("ports", () => {
  const forward = { guest_port: 22, host_port: 0, host_address: "127.0.0.1", protocol: "tcp" } as const;
  const machineWith = (host_port: number, name = "ports") =>
    machineOf({
      ...{ name, extra_args: PAUSED },
      networks: { lan: networkOf("user", { forwards: { ssh: { ...forward, host_port } } }) },
    });

  it("that are declared and taken are refused with whoever has them", async () => {
    const server = createServer();
    const port = await new Promise<number>((resolve) => {
      server.listen(0, "127.0.0.1", () => resolve((server.address() as { port: number }).port));
    });
    try {
      await expect(startQemu(machineWith(port), context)).rejects.toMatchObject({
        code: "E_PORT_TAKEN",
        message: expect.stringContaining(`process ${process.pid} (`),
      });
      const kept = { machineType: null, forwards: [{ ...forward, network: "lan", name: "ssh", host_port: port }] };
      await using other = await startQemu(machineWith(0), context, kept);
      expect(other.launch.forwards[0]?.host_port).not.toBe(port);
    } finally {
      server.close();
    }
  });

  // Between the two starts the port is free: another program of this host may be faster.
  it("that were picked are kept, and lead in", { retry: 3 }, async () => {
    await using first = await startQemu(machineWith(0, "keeps"), context);
    const { forwards } = first.launch;
    await first[Symbol.asyncDispose]();
    await using again = await startQemu(machineWith(0, "keeps"), context, { machineType: null, forwards });
    expect(again.launch.forwards).toEqual(forwards);
    const listens = createServer().listen(forwards[0]?.host_port, "127.0.0.1");
    await expect(new Promise((_, reject) => listens.once("error", reject))).rejects.toMatchObject({
      code: "EADDRINUSE",
    });
  });
});

describe("a screen", () => {
  it("shows itself to the user alone, and keeps its password to itself", async () => {
    const password = "s3cret-w0rd";
    const graphics = { kind: "vnc", listen: null, port: null, password } as const;
    await using machine = await paused({ name: "vnc", graphics });
    expect((await stat(machine.folder.socket("screen"))).isSocket()).toBe(true);
    const vnc = await ask(machine, (qmp) => qmp.execute("query-vnc"));
    expect(vnc).toMatchObject({ enabled: true, auth: "vnc" });
    expect(machine.launch.display).toMatch(/^vnc\+unix:\/\/\//);
    expect(await processesWith(password)).toEqual([]);
    const files = await readdir(machine.folder.sockets);
    expect(files).not.toContain("screen-password");
  });

  it("is on a port where that is declared", async () => {
    const graphics = { kind: "vnc", listen: "127.0.0.1", port: null, password: null } as const;
    await using one = await paused({ name: "vnc-tcp", graphics });
    await using other = await paused({ name: "vnc-tcp-2", graphics });
    expect(one.launch.display).toMatch(/^vnc:\/\/127\.0\.0\.1:59\d\d$/);
    expect(other.launch.display).not.toBe(one.launch.display);
  });

  it("is SPICE where QEMU has it", async () => {
    const graphics = { kind: "spice", listen: null, port: null, password: "x" } as const;
    await using machine = await paused({ name: "spice", graphics });
    expect(await ask(machine, (qmp) => qmp.execute("query-spice"))).toMatchObject({ enabled: true, auth: "spice" });
  });

  it("can be photographed without any of them", async () => {
    await using machine = await paused({ name: "photo" });
    const filename = join(root, "screen.png");
    await ask(machine, (qmp) => qmp.execute("screendump", { filename, format: "png" }));
    expect((await readFile(filename)).subarray(1, 4).toString()).toBe("PNG");
  });
});

/** On PATH for the machine's start. */
const virtiofsd = findEngine("virtiofsd");
if (virtiofsd !== null) process.env.PATH = `${process.env.PATH}:${dirname(virtiofsd)}`;

describe("helpers", () => {
  const share = join(root, "shared, folder");
  const all = (name: string): Partial<Machine> & { readonly name: string } => ({
    ...{ name, tpm: true },
    networks: { p: networkOf("passt") },
    shares: virtiofsd === null ? {} : { s: shareOf(share, { kind: "virtiofs" }) },
  });
  beforeAll(() => mkdir(share));

  it("run beside QEMU, and end with it however it ends", async () => {
    await using machine = await paused(all("helped"));
    const before = await processesOf(machine.pid);
    const served = virtiofsd === null ? [] : ["virtiofsd"];
    expect(before).toEqual(expect.arrayContaining(["swtpm", ...served, expect.stringMatching(/^passt/)]));
    process.kill(machine.pid, "SIGKILL");
    await until(async () => (await processesOf(machine.pid)).length === 0);
  });

  it("end when QEMU does not start, whose words are told", async () => {
    const machine = { ...all("unhelped"), extra_args: ["-device", "no-such-device"] };
    await expect(paused(machine)).rejects.toMatchObject({
      code: "E_QEMU_START",
      message: expect.stringContaining("no-such-device"),
    });
    const { sockets } = machineFolder("unhelped", context.settings);
    await until(async () => (await processesWith(sockets)).length === 0);
  });

  it.runIf(virtiofsd)("that fail are told at once, with their own words", async () => {
    const machine = { name: "no-folder", shares: { s: shareOf(join(root, "no such"), { kind: "virtiofs" }) } } as const;
    await expect(paused(machine)).rejects.toMatchObject({
      code: "E_QEMU_START",
      message: expect.stringMatching(/share-s did not come up: .*no such/),
    });
  });

  it("keep a TPM's state over starts", async () => {
    await using machine = await paused({ name: "tpm", tpm: true });
    expect(await readdir(machine.folder.tpm)).toContain("tpm2-00.permall");
  });
});

describe("a description", () => {
  it("is what would be started, and makes nothing", async () => {
    const machine = machineOf({
      ...{ name: "described", firmware: "uefi", tpm: true, networks: null },
      disks: { root: diskOf(image, { overlay: true }) },
    });
    const folder = machineFolder(machine.name, context.settings);
    const options = { accelerator: "tcg", kept: KEPT } as const;
    const described = await describeLaunch(machine, folder, options, context);
    await expect(stat(folder.path)).rejects.toMatchObject({ code: "ENOENT" });
    await prepareFolder(folder);
    const prepared = await prepareLaunch(machine, folder, options, context);
    expect(described.argv).toEqual(prepared.argv);
  });
});
