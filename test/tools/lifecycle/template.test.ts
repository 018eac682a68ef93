import { createHash } from "node:crypto";
import { chown, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { asGuestkitError } from "../../../core/kit/errors.ts";
import { contractOf } from "../../../core/model/index.ts";
import type { ValueObject } from "../../../core/model/value.ts";
import { createEngine } from "../../../core/resource/index.ts";
import { bareMachine, microMachine } from "../../support/declared.ts";
import { MachineHost } from "../../support/machine-host.ts";
import { ROOT_UUID } from "../../support/micro-guest/disk.ts";
import { microGuest } from "../../support/micro-guest/index.ts";
import { run } from "../../support/run.ts";

const host = await MachineHost.open();
afterAll(() => host[Symbol.asyncDispose]());

const at = (...path: string[]) => join(host.folder, ...path);
const machineAt = (name: string, ...path: string[]) => at("data/machines", name, ...path);
/** The verbs themselves, without the start of a command line for each. */
const settings = { dataDir: at("data"), runtimeDir: at("run") };
const engine = createEngine({ settings, baseDir: host.folder });
async function vm(verb: string, name: string, more: ValueObject = {}): Promise<ValueObject> {
  const file = verb === "up" ? { file: "guestkit.yaml" } : {};
  const { output } = await engine.action(contractOf(`vm_${verb}`, "action"), { name, ...file, ...more });
  return output;
}
const query = (contract: string, input: ValueObject = {}) => engine.query(contractOf(contract, "query"), input);
const refused = (verb: string, name: string, more: ValueObject = {}) =>
  vm(verb, name, more).then(
    () => null,
    (error: unknown) => asGuestkitError(error),
  );
const sha256 = async (path: string) =>
  createHash("sha256")
    .update(await readFile(path))
    .digest("hex");
const image = (path: string) => run("qemu-img", ["create", "-q", "-f", "qcow2", at(path), "64M"]);
const write = (path: string) => run("qemu-io", ["-c", "write -P 1 0 64k", path]);
/** Throws where the beginning of an image is another byte; also while a machine has it open. */
const reads = (byte: number, path: string) => run("qemu-io", ["-U", "-r", "-c", `read -P ${byte} 0 64k`, path]);

interface Refusal {
  readonly code: string;
  readonly message: string;
  readonly help: string;
}

async function refusal(...args: string[]): Promise<Refusal> {
  const { exitCode, stderr } = await host.run([...args, "--json"]);
  const line =
    stderr.split("\n").findLast((each) => each.startsWith('{"error"')) ?? `{"error":{"message":"${exitCode}"}}`;
  return (JSON.parse(line) as { error: Refusal }).error;
}

async function listed(name: string): Promise<ValueObject | undefined> {
  const { machines } = await query("virtual_machines");
  return (machines as readonly ValueObject[]).find((each) => each.name === name);
}

/** Warnings of a plan of the declaration that stands. */
async function warnings(): Promise<string> {
  const { exitCode, stderr } = await host.run(["plan"]);
  expect(exitCode).toBe(0);
  return stderr;
}

describe("a guest over a template", () => {
  const inside = (name: string, script: string) =>
    host.text(["vm", "exec", "--via", "agent", name, "--", "sh", "-c", script]);

  beforeAll(async () => {
    const { imageBios } = await microGuest();
    await host.text(["create", "--backing", imageBios, "micro.qcow2"]);
    await run("qemu-img", ["create", "-q", "-f", "raw", at("data.img"), "16M"]);
    await run("mkfs.ext4", ["-q", at("data.img")]);
    await mkdir(at("home"));
    const boot = await microMachine(`root=UUID=${ROOT_UUID}`, { preflight: "off" });
    await host.apply({
      micro: { ...boot, running: false, disks: { root: { image: "micro.qcow2" } } },
      work: {
        ...boot,
        template_vm: "micro",
        disks: { data: { image: "data.img", serial: "data" } },
        shares: { home: { path: "home", kind: "9p", mount: "/home" } },
      },
    });
  });

  it("starts anew every time; data disk and share persist", async () => {
    const base = await sha256(at("micro.qcow2"));
    const data = "d=/dev/$(grep -ls data /sys/block/*/serial | cut -d/ -f4); mkdir -p /data; mount -t ext4 $d /data";
    await inside(
      "work",
      `echo root > /kept; ${data}; echo disk > /data/kept; umount /data; echo share > /home/kept; sync`,
    );
    await host.text(["vm", "restart", "work"]);
    expect(await inside("work", `ls /kept; ${data}; cat /data/kept /home/kept`).catch(String)).toContain(
      "disk\nshare\n",
    );
    expect(await inside("work", "test -e /kept || echo gone")).toBe("gone\n");
    expect(await sha256(at("micro.qcow2"))).toBe(base);
    await host.text(["vm", "stop", "work"]);
    expect(await readdir(machineAt("work"))).not.toContain("fresh");
  });
});

/** Machines with nothing to boot: their disks are made and opened all the same. */
describe("a template", () => {
  const bare = (more: ValueObject = {}) => bareMachine({ networks: {}, timeouts: { stop: 0, quit: 10 }, ...more });
  const family = {
    base: bare({
      running: false,
      disks: { root: { image: "base.qcow2", overlay: true }, "more-1": { image: "more.qcow2" } },
    }),
    one: bare({ template_vm: "base" }),
    two: bare({ template_vm: "base", recreate_overlay: "never", running: false }),
  };

  beforeAll(async () => {
    for (const path of ["base.qcow2", "more.qcow2"]) await image(path);
    await host.apply(family);
  });

  it("gives each machine copies of all its written disks", async () => {
    expect((await readdir(machineAt("one", "fresh"))).toSorted()).toEqual(["more-1.qcow2", "root.qcow2"]);
    const stdout = await run("qemu-img", ["info", "-U", "--output=json", machineAt("one", "fresh/more-1.qcow2")]);
    expect(JSON.parse(stdout)).toMatchObject({
      "full-backing-filename": at("more.qcow2"),
      "backing-filename-format": "qcow2",
    });
    expect(await host.plan()).toEqual({});
  });

  it("is left as it is in snapshot_mode, by what lies over it until the stop", async () => {
    const [path, disks] = [at("base.qcow2"), { root: { image: "base.qcow2" } }];
    const before = await sha256(path);
    await host.apply({ ...family, snapshot: bare({ snapshot_mode: true, disks }) });
    const stdout = await run("qemu-img", ["info", "-U", "--output=json", machineAt("snapshot", "fresh/root.qcow2")]);
    expect(JSON.parse(stdout)).toMatchObject({ "full-backing-filename": path });
    await vm("stop", "snapshot");
    expect(await readdir(machineAt("snapshot"))).not.toContain("fresh");
    await host.apply(family);
    expect(await sha256(path)).toBe(before);
  });

  it("is refused while machines lean on it, and they while it runs, by their names", async () => {
    expect(await refused("up", "base")).toMatchObject({
      code: "E_BASE_HAS_OVERLAYS",
      message: expect.stringContaining('"one"'),
    });
    await vm("stop", "one");
    await vm("up", "base");
    expect(await refused("up", "one")).toMatchObject({
      code: "E_TEMPLATE_RUNS",
      message: expect.stringContaining('"base"'),
    });
    await host.declare({ ...family, base: { ...family.base, running: true } });
    const plan = await refusal("plan");
    expect(plan).toMatchObject({ code: "E_TEMPLATE_RUNS" });
    await vm("stop", "base");
  });

  it("counts copies that are kept, until they are gone", async () => {
    await vm("up", "two");
    await vm("stop", "two");
    const message = expect.stringContaining('"two"');
    expect(await refused("up", "base")).toMatchObject({ code: "E_BASE_HAS_OVERLAYS", message });
    expect(await refused("destroy", "base")).toMatchObject({
      code: "E_TEMPLATE_USED",
      message: expect.stringContaining('"one", "two"'),
    });
    expect(await refused("rename", "base", { new_name: "other" })).toMatchObject({ code: "E_TEMPLATE_USED" });
    await vm("destroy", "two");
    expect(await vm("up", "base")).toMatchObject({ status: "running" });
    await vm("stop", "base");
  });

  it("is not recycled while machines lean on copies that snapshot_mode spares", async () => {
    const spared = bare({ running: false, disks: { root: { image: "base.qcow2", overlay: true } } });
    const { two, ...others } = { ...family, one: { ...family.one, running: false } };
    await host.apply({ ...others, spared });
    await vm("up", "spared");
    await vm("stop", "spared");
    const leaning = { ...two, template_vm: "spared" };
    await host.apply({ ...others, spared: { ...spared, snapshot_mode: true }, leaning });
    await vm("up", "leaning");
    await vm("stop", "leaning");
    expect(await refused("recycle", "spared")).toMatchObject({
      code: "E_BASE_HAS_OVERLAYS",
      message: expect.stringContaining('"leaning"'),
    });
    expect(await readdir(machineAt("spared", "disks"))).toEqual(["root.qcow2"]);
    await host.apply(others);
  });

  it("starts afresh after a QEMU that was killed, and with what was upgraded", async () => {
    await vm("up", "one");
    const { pid } = await query("virtual_machine_info", { name: "one" });
    process.kill(Number(pid), "SIGKILL");
    await expect.poll(async () => (await listed("one"))?.status).toBe("crashed");
    expect(await listed("one")).toMatchObject({ template_upgraded: false });
    await write(machineAt("one", "fresh/root.qcow2"));
    await vm("up", "one");
    await reads(0, machineAt("one", "fresh/root.qcow2"));
    await vm("stop", "one");
    await write(machineAt("base", "disks/root.qcow2"));
    expect(await listed("one")).toMatchObject({ template_upgraded: true });
    expect(await query("virtual_machine_info", { name: "one" })).toMatchObject({
      warnings: [expect.stringContaining("next start takes it up")],
    });
    await host.declare({ base: family.base, one: family.one });
    expect(await warnings()).toMatch(/disks of "one" are made anew at this start, from what was upgraded/);
    await host.declare({ base: family.base, one: { ...family.one, running: false } });
    expect(await warnings()).toMatch(/"one" start from was upgraded: its next start takes it up, it stands still/);
    await vm("up", "one");
    expect(await listed("one")).toMatchObject({ template_upgraded: false });
    expect(await run("qemu-io", ["-U", "-r", "-c", "read -P 1 0 64k", machineAt("one", "fresh/root.qcow2")])).toContain(
      "read 65536/65536",
    );
    await vm("stop", "one");
  });

  it("is copied whole where no backing file is wanted", async () => {
    await host.apply({ base: family.base, one: { ...family.one, backing_file: false } });
    const stdout = await run("qemu-img", ["info", "-U", "--output=json", machineAt("one", "fresh/root.qcow2")]);
    expect(JSON.parse(stdout)).not.toHaveProperty("backing-filename");
    expect(await vm("up", "base")).toMatchObject({ status: "running" });
    await vm("stop", "base");
    await vm("stop", "one");
  });

  it("may be another machine's dependant, but neither itself nor nobody", async () => {
    const plan = async (machines: Record<string, ValueObject>) => {
      await host.declare(machines);
      return await refusal("plan");
    };
    const { base, one } = family;
    expect(await plan({ base, one: bare({ template_vm: "one" }) })).toMatchObject({ code: "E_TEMPLATE_CIRCLE" });
    expect(await plan({ base, one: bare({ template_vm: "none" }) })).toMatchObject({
      code: "E_TEMPLATE_UNKNOWN",
      message: expect.stringContaining('"none"'),
    });
    const both = { base: { ...base, template_vm: "one", disks: {} }, one };
    expect(await plan(both)).toMatchObject({ code: "E_PROJECT_CYCLE" });
    const own = { "more-1": { image: "more.qcow2" } };
    expect(await plan({ base, one: { ...one, disks: own } })).toMatchObject({ code: "E_TEMPLATE_DISK_TAKEN" });
    const three = bare({ template_vm: "two" });
    await host.apply({ base, two: { ...family.two }, three });
    const stdout = await run("qemu-img", ["info", "-U", "--output=json", machineAt("three", "fresh/root.qcow2")]);
    expect(JSON.parse(stdout)).toMatchObject({ "full-backing-filename": machineAt("base", "disks/root.qcow2") });
    await host.apply({});
  });
});

describe("a disk_image below machines", () => {
  const declared = (size: string) => ({ disk_image: { base: { path: "./below.qcow2", size } } });
  const machine = bareMachine({ networks: {}, timeouts: { stop: 0, quit: 10 }, base: "${disk_image.base.id}" });

  it("is changed while they stand still alone; a plan names them", async () => {
    await host.apply({ leaning: machine }, 0, declared("32M"));
    await host.declare({ leaning: machine }, declared("64M"));
    expect(await warnings()).toMatch(/warning: Cannot update ".*below.qcow2": machines have copies of it.*"leaning"/);
    expect(await host.apply({ leaning: machine }, 1, declared("64M"))).toContain('"leaning"');
    await vm("stop", "leaning");
    await host.declare({ leaning: machine }, declared("64M"));
    expect(await warnings()).toMatch(/made anew at this start from .*below.qcow2", which this apply upgrades first/);
    expect(await host.apply({ leaning: machine }, 0, declared("64M"))).toContain("updated");
    const stdout = await run("qemu-img", ["info", "-U", "--output=json", machineAt("leaning", "fresh/root.qcow2")]);
    expect(JSON.parse(stdout)).toMatchObject({ "virtual-size": 64 << 20 });
    await host.apply({});
  });
});

describe("vm up", () => {
  let server: Server;
  let source: string;

  beforeAll(async () => {
    await image("source.qcow2");
    await write(at("source.qcow2"));
    const bytes = await readFile(at("source.qcow2"));
    server = createServer((_, response) => response.end(bytes)).listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    source = `http://127.0.0.1:${(server.address() as AddressInfo).port}/source.qcow2`;
  });
  afterAll(() => server.close());

  const machine = (disk: string) =>
    bareMachine({ networks: {}, timeouts: { stop: 0, quit: 10 }, base: `\${disk_image.${disk}.id}` });
  const images = () => ({
    disk_image: {
      built: { path: "./built.qcow2", size: "8M" },
      fetched: { path: "./fetched.qcow2", source: { url: source } },
    },
  });

  it("makes what a project file declares, and no more of it", async () => {
    await host.declare({ "is-new": machine("built"), other: machine("fetched") }, images());
    expect(await host.json(["vm", "up", "is-new"])).toMatchObject({ changed: true, status: "running" });
    expect(await readdir(host.folder)).toContain("built.qcow2");
    expect(await readdir(host.folder)).not.toContain("fetched.qcow2");
    expect(await listed("other")).toBeUndefined();
    expect(await host.plan()).toEqual({ "disk_image.fetched": "create", "virtual_machine.other": "create" });
    expect(await refused("up", "nobody")).toMatchObject({ code: "E_MACHINE_UNKNOWN" });
  });

  it("makes a missing image again from its record, and fetches one from the project file", async () => {
    await vm("up", "other");
    await vm("stop", "is-new");
    await vm("stop", "other");
    await rm(at("built.qcow2"));
    await rm(at("fetched.qcow2"));
    await rm(at(".fetched.qcow2.guestkit.json"));
    await host.text(["vm", "up", "is-new"]);
    expect(await readdir(host.folder)).toContain("built.qcow2");
    await vm("up", "other");
    await reads(1, at("fetched.qcow2"));
    expect(await host.plan()).toEqual({});
    await vm("stop", "is-new");
    await vm("stop", "other");
  });

  it("says what to do where nothing declares it, or where secrets would be needed", async () => {
    await rm(at("fetched.qcow2"));
    await rm(at(".fetched.qcow2.guestkit.json"));
    await writeFile(at("guestkit.yaml"), "version: 1\n");
    const gone = await refused("up", "other");
    expect(gone).toMatchObject({ code: "E_IMAGE_MISSING", message: expect.stringContaining("fetched.qcow2") });
    expect(gone?.help).toContain("--file");
    const record = JSON.parse(await readFile(at(".built.qcow2.guestkit.json"), "utf8")) as { details: ValueObject };
    const secret = { ...record, details: { ...record.details, secrets: true } };
    await rm(at("built.qcow2"));
    const { secrets: _, ...older } = record.details;
    await writeFile(at(".built.qcow2.guestkit.json"), JSON.stringify({ ...record, details: older }));
    expect(await refused("up", "is-new")).toMatchObject({ code: "E_IMAGE_MISSING" });
    await writeFile(at(".built.qcow2.guestkit.json"), JSON.stringify(record));
    if (process.getuid?.() === 0) {
      await chown(at(".built.qcow2.guestkit.json"), 65534, 65534);
      expect(await refused("up", "is-new")).toMatchObject({ code: "E_IMAGE_MISSING" });
      await rm(at(".built.qcow2.guestkit.json"));
    }
    await writeFile(at(".built.qcow2.guestkit.json"), JSON.stringify(secret));
    expect(await refused("up", "is-new")).toMatchObject({ code: "E_IMAGE_SECRETS" });
  });
});
