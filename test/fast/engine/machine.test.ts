import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { takeLock } from "../../../core/host/lock.ts";
import { lockPath } from "../../../core/host/lock-holder.ts";
import { bootId, pidNamespace } from "../../../core/host/owner.ts";
import { contractOf, UNKNOWN, type ValueObject } from "../../../core/model/index.ts";
import { contextIn } from "../../support/machine.ts";
import { probeEngine, probeImplementation, probeMachine } from "../../support/probe-machine.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "guestkit-machine-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const place = () => join(folder, "machines", "web");
const network: ValueObject = { networks: { lan: { forwards: [{ guest_port: 22 }] } }, shares: [{ name: "home" }] };

async function apply(config: ValueObject) {
  const engine = probeEngine(folder);
  const { plan } = await engine.prepare(probeMachine, config);
  return { plan, state: await engine.apply(probeMachine, plan, config) };
}

async function planned(config: ValueObject) {
  return (await probeEngine(folder).prepare(probeMachine, config)).plan;
}

describe("a thing whose id is a name", () => {
  it("is made, found, listed, imported and removed", async () => {
    const engine = probeEngine(folder);
    const { plan, state } = await apply({ name: "web" });
    expect(plan).toMatchObject({ id: "web", action: "create" });
    expect(state).toMatchObject({ id: "web", name: "web", status: "running" });
    expect(await engine.list(probeMachine, {})).toEqual(["web"]);
    expect(await engine.import(probeMachine, "web")).toMatchObject({ id: "web", cpus: 1 });
    await expect(engine.import(probeMachine, "gone")).rejects.toMatchObject({ code: "E_IMPORT_MISSING" });
    const { plan: leaving } = await engine.prepare(probeMachine, null, { prior: { id: "web" } });
    await engine.apply(probeMachine, leaving, null);
    expect((await stat(join(folder, "machines"))).mode & 0o777).toBe(0o700);
    expect(await readdir(join(folder, "machines"))).toEqual([]);
  });

  it("is locked by the path that stands for it, and called by its name", async () => {
    expect(await probeEngine(folder).place(probeMachine, "web")).toBe(place());
    await using _held = await takeLock(place(), contextIn(folder));
    expect(await readdir(join(folder, "machines"))).toEqual([lockPath(place()).split("/").at(-1)]);
    await expect(takeLock(place(), contextIn(folder), { patience: 0, name: "web" })).rejects.toThrow(
      'Cannot change "web"',
    );
    const engine = probeEngine(folder);
    const plan = await engine.plan(probeMachine, null, { name: "web" });
    const signal = AbortSignal.timeout(300);
    await expect(engine.apply(probeMachine, plan, { name: "web" }, { signal })).rejects.toThrow();
    expect(await engine.observe(probeMachine, { id: "web" })).toBeNull();
  });

  it("leaves no lock of a removal that was killed when nothing else was left", async () => {
    await mkdir(join(folder, "machines"), { mode: 0o700 });
    const here = { boot_id: bootId(), pid_namespace: pidNamespace() };
    await writeFile(lockPath(place()), JSON.stringify({ pid: 4_194_999, start_time: "1", ...here }));
    await probeEngine(folder).clearGone(probeMachine, "web");
    expect(await readdir(join(folder, "machines"))).toEqual([]);
  });

  it("tells whose it is by itself", async () => {
    await apply({ name: "web" });
    const engine = probeEngine(folder);
    expect(await engine.isOurs(probeMachine, "web")).toBe(true);
    await writeFile(join(place(), "foreign"), "");
    expect(await engine.isOurs(probeMachine, "web")).toBe(false);
    await mkdir(join(folder, "images"));
    expect(await engine.isOurs(contractOf("disk_image"), join(folder, "images/a"))).toBe(false);
    await expect(engine.list(contractOf("disk_image"), {})).rejects.toMatchObject({ code: "E_LIST_UNSUPPORTED" });
  });
});

describe("what is left to the world, within maps, objects and lists", () => {
  it("is unknown at create, and stays what it became", async () => {
    const { plan, state } = await apply({ name: "web", ...network });
    expect(plan.planned).toMatchObject({
      firmware: { kind: UNKNOWN, variables: UNKNOWN },
      networks: { lan: { kind: "user", mac: UNKNOWN, forwards: [{ guest_port: 22, host_port: UNKNOWN }] } },
      shares: [{ name: "home", tag: UNKNOWN }],
    });
    expect(state).toMatchObject({
      firmware: { kind: "bios", variables: "/chosen" },
      networks: { lan: { mac: "52:54:00:00:00:00", password: null, forwards: [{ host_port: 4000 }] } },
      shares: [{ tag: "tag-home" }],
    });
    expect(await planned({ name: "web", ...network })).toMatchObject({ action: "none", planned: state });
    const { plan: again } = await apply({ name: "web", cpus: 2, ...network });
    expect(again.changes.map((each) => each.path)).toEqual([["cpus"]]);
    expect(await planned({ name: "web", cpus: 2, ...network })).toMatchObject({ action: "none" });
  });

  it("changes where it is said, and is unknown where an element is new", async () => {
    await apply({ name: "web", ...network });
    const fixed = { lan: { mac: "02:00:00:00:00:01", forwards: [{ guest_port: 22, host_port: 2222 }] } };
    const said = await planned({ name: "web", ...network, networks: fixed });
    expect(said.changes.map((each) => each.path.join("."))).toEqual([
      "networks.lan.mac",
      "networks.lan.forwards.0.host_port",
    ]);
    const more = { lan: { forwards: [{ guest_port: 22 }, { guest_port: 80 }] }, wan: {} };
    const config = { name: "web", ...network, networks: more };
    const plan = await planned(config);
    expect(plan.planned).toMatchObject({
      port: UNKNOWN,
      networks: {
        lan: { mac: "52:54:00:00:00:00", forwards: [{ host_port: 4000 }, { host_port: UNKNOWN }] },
        wan: { mac: UNKNOWN },
      },
    });
    const { state } = await apply(config);
    expect(state).toMatchObject({
      networks: { lan: { forwards: [{ host_port: 4000 }, { host_port: 4001 }] }, wan: { mac: "52:54:00:00:00:01" } },
    });
    expect(await planned(config)).toMatchObject({ action: "none" });
  });

  it("refuses to shrink within a map", async () => {
    const disks = (size: string) => ({ name: "web", disks: { data: { image: "/a", size } } });
    await apply(disks("2G"));
    expect((await planned(disks("1G"))).diagnostics).toMatchObject([
      { code: "E_SHRINK", path: ["disks", "data", "size"], help: expect.stringContaining("another name") },
    ]);
    expect(await planned(disks("2048M"))).toMatchObject({ action: "none" });
  });
});

describe("a restart", () => {
  const codes = async (config: ValueObject) => (await planned(config)).diagnostics.map((each) => each.code);

  it("is announced, with the thing and its fields", async () => {
    await apply({ name: "web" });
    expect((await planned({ name: "web", cpus: 2, memory: "1G" })).diagnostics).toMatchObject([
      { severity: "warning", code: "W_RESTART", path: ["cpus"], message: expect.stringMatching(/"web".*cpus, memory/) },
    ]);
  });

  it("is none where nothing runs, stays running, or needs it", async () => {
    expect(await codes({ name: "web", cpus: 2 })).toEqual([]);
    await apply({ name: "web" });
    expect(await codes({ name: "web", memory: "0.5G" })).toEqual([]);
    expect(await codes({ name: "web", cpus: 2, running: false })).toEqual([]);
    await apply({ name: "web", running: false });
    expect(await codes({ name: "web", cpus: 2 })).toEqual([]);
  });
});

describe("what the same plan is about to make", () => {
  const image = contractOf("disk_image");
  const declaration = { path: "/images/web", size: "1G", files: [{ path: "/a", secret_content: "very-secret" }] };
  const machine = { name: "web", disks: { root: { image: "/images/web" } } };

  it("is known to a preflight by its declaration until it is there, without secrets", async () => {
    const asked: (ValueObject | null)[] = [];
    const engine = probeEngine(
      folder,
      probeImplementation((declared) => asked.push(declared)),
    );
    await engine.prepare(probeMachine, machine);
    const plan = await engine.plan(image, null, declaration);
    await engine.prepare(probeMachine, machine);
    await engine.apply(image, plan, declaration).catch(() => {});
    await engine.prepare(probeMachine, machine);
    expect(asked).toMatchObject([null, { id: "/images/web", size: 2 ** 30, virtual_size: UNKNOWN }, null]);
    expect(JSON.stringify(asked)).not.toContain("very-secret");
  });

  it("is asked for where there is nothing to do, too: what lies beside a thing may have to be told", async () => {
    const asked: unknown[] = [];
    const engine = probeEngine(
      folder,
      probeImplementation((declared) => asked.push(declared)),
    );
    const { plan } = await engine.prepare(probeMachine, machine);
    await engine.apply(probeMachine, plan, machine);
    const { plan: none } = await engine.prepare(probeMachine, machine);
    expect(none.action).toBe("none");
    await engine.preflight(probeMachine, none, machine);
    expect(asked.length).toBe(3);
  });
});
