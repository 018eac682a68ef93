import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Engine, type Machine, problem, type ResourceImplementation } from "../../../core/engine/index.ts";
import { GuestkitError } from "../../../core/kit/errors.ts";
import { contractOf, type ValueObject } from "../../../core/model/index.ts";
import { ResourceService } from "../../../pulumi/face/service.ts";

const UNKNOWN_TEXT = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const contract = contractOf("disk_image");

let folder: string;
let world: Map<string, ValueObject>;
let notes: string[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "guestkit-pulumi-"));
  world = new Map();
  notes = [];
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Images as entries of a map; `kept` ones refuse to go. */
const implementation: ResourceImplementation = {
  observe: async (id) => {
    const input = world.get(id);
    return input ? { input, output: { virtual_size: input.size ?? null, drift: input.drift ?? [] } } : null;
  },
  preflight: async (plan) =>
    plan.action === "create" && String(plan.id).endsWith("taken")
      ? [problem("E_TAKEN", ["delete_protection"], "delete_protection forbids it", "Clear delete_protection.")]
      : [],
  create: async (input) => {
    world.set(String(input.path), input);
    if (String(input.path).endsWith("broken")) throw new GuestkitError("E_BROKEN", "Cannot finish: it is broken");
  },
  update: async (id, input) => void world.set(id, input),
  remove: async (id) => void world.delete(id),
};

function service(machine: Machine | null = null): ResourceService {
  const settings = { dataDir: folder, cacheDir: folder, runtimeDir: folder };
  const implementations = { resources: { disk_image: async () => implementation }, queries: {}, actions: {} };
  const engine = new Engine({ implementations, settings, baseDir: folder });
  if (machine) Object.defineProperty(engine, "machine", { value: machine });
  const watched = <T>(work: (signal: AbortSignal) => Promise<T>) => work(new AbortController().signal);
  return new ResourceService(contract, async () => ({
    engine,
    owner: { face: "pulumi", project: "web/test" },
    note: (line) => notes.push(line),
    watched,
  }));
}

const at = (name: string) => join(folder, name);

describe("the lifecycle that Pulumi calls", () => {
  it("makes, reads, finds nothing to do, and removes", async () => {
    const inputs = { path: "web", size: "64M", __provider: "text" };
    const images = service();
    expect(await images.check({}, inputs)).toEqual({ inputs, failures: [] });
    const { id, outs } = await images.create(inputs);
    expect(id).toBe(at("web"));
    expect(outs).toMatchObject({ path: "web", size: "64M", virtualSize: 64 << 20, deleteProtection: false });
    expect(Object.values(outs)).not.toContain(null);
    expect(await images.diff(id, outs, inputs)).toMatchObject({ changes: false, replaces: [] });
    expect(await images.read(id, outs)).toEqual({ id, props: outs });
    await images.delete(id, outs);
    expect(await images.read(id, outs)).toEqual({ id: "" });
    await images.delete(id, outs);
  });

  it("names what changes, what replaces, and why", async () => {
    const images = service();
    const { id, outs } = await images.create({ path: "web", size: "64M" });
    const grown = await images.diff(id, outs, { path: "web", size: "128M" });
    expect(grown).toMatchObject({ changes: true, replaces: [], deleteBeforeReplace: true });
    expect(grown.stables).toContain("backingChain");
    expect(grown.stables).not.toContain("virtualSize");
    expect((await images.diff(id, outs, { path: "web", size: "64M", format: "raw" })).replaces).toEqual(["format"]);
    expect((await images.diff(id, outs, { path: "web", size: "64M", backingFile: UNKNOWN_TEXT })).replaces).toEqual([
      "backingFile",
    ]);
    world.clear();
    expect(await images.diff(id, outs, { path: "web", size: "64M" })).toMatchObject({
      changes: true,
      replaces: ["path"],
    });
    expect(notes.join("\n")).toContain("size grows in place");
    expect(notes.at(-1)).toContain("it does not exist");
  });

  it("sees drift inside the thing", async () => {
    const images = service();
    const inputs = { path: "web", size: "64M" };
    const { id, outs } = await images.create(inputs);
    world.set(id, { ...world.get(id), drift: [{ path: "files[0]", why: "/etc/motd was changed", action: "update" }] });
    expect(await images.diff(id, outs, inputs)).toMatchObject({ changes: true, replaces: [] });
    expect(notes.join("\n")).toContain("/etc/motd was changed");
  });

  it("refuses at the property, what is unknown excepted", async () => {
    const images = service();
    const { failures } = await images.check({}, { path: UNKNOWN_TEXT, format: "floppy", deleteProtection: "x" });
    expect(failures.map(({ property }) => property).sort()).toEqual(["deleteProtection", "format"]);
    const taken = await images.check({}, { path: "taken", size: "1M" });
    expect(taken.failures).toEqual([
      {
        property: "deleteProtection",
        reason: "deleteProtection forbids it (E_TAKEN)\nClear deleteProtection.",
      },
    ]);
    const { id, outs } = await images.create({ path: "web", size: "64M" });
    await expect(images.diff(id, outs, { path: "web", size: "32M" })).rejects.toThrow(/^size: .*E_SHRINK/);
  });

  it("does not take a replacement's old thing for a foreign one", async () => {
    const images = service();
    world.set(at("taken"), { path: at("taken"), format: "qcow2", size: 1 << 20 });
    const inputs = { path: "taken", size: "1M", format: "raw" };
    expect((await images.diff(at("taken"), { path: "taken", format: "qcow2" }, inputs)).replaces).toEqual(["format"]);
    expect((await images.check({}, inputs)).failures).toEqual([]);
  });

  it("tells what a failure left behind, so that the next update cares for it", async () => {
    const failure: unknown = await service()
      .create({ path: "broken", size: "1M", __provider: "text" })
      .catch((error: unknown) => error);
    expect(failure).toMatchObject({
      id: at("broken"),
      message: "Cannot finish: it is broken (E_BROKEN)",
      properties: { path: "broken", __provider: "text" },
    });
  });

  it("keeps write-only values out of what Pulumi stores", async () => {
    const files = [{ path: "/secret", secretContent: "very-secret" }];
    const { outs } = await service().create({ path: "web", size: "1M", files });
    expect(JSON.stringify(outs)).not.toContain("very-secret");
    expect(world.get(at("web"))?.files).toMatchObject([{ secret_content: "very-secret" }]);
  });

  it("sees that a secret is another, without a version given", async () => {
    const images = service();
    const withSecret = (secretContent: string) => ({
      path: "web",
      size: "1M",
      files: [{ path: "/other" }, { path: "/secret", secretContent }],
    });
    const first = (await images.check({}, withSecret("one"))).inputs;
    expect(first).toEqual(withSecret("one"));
    const { id, outs } = await images.create(first);

    const same = (await images.check(first, withSecret("one"))).inputs;
    expect(await images.diff(id, outs, same)).toMatchObject({ changes: false });

    const second = (await images.check(first, withSecret("two"))).inputs;
    expect(second.files).toMatchObject([{}, { secretContent: "two", secretContentVersion: 1 }]);
    expect(await images.diff(id, outs, second)).toMatchObject({ changes: true, replaces: [] });
    const updated = await images.update(id, outs, second);
    const again = (await images.check(second, withSecret("two"))).inputs;
    expect(again).toEqual(second);
    expect(await images.diff(id, updated.outs, again)).toMatchObject({ changes: false });
    expect((await images.check(second, withSecret("three"))).inputs.files).toMatchObject([
      {},
      { secretContentVersion: 2 },
    ]);
  });
});

describe("where a thing is", () => {
  const lab = { host: "lab", id: "1" };
  const inputs = { path: "web", size: "64M", __provider: "text" };

  it("stands in the state where that is another host, and is asked before it is looked at", async () => {
    const { id, outs } = await service(lab).create(inputs);
    expect(outs).toMatchObject({ __guestkitMachine: lab });
    expect(await service({ host: "lab.example", id: "1" }).diff(id, outs, inputs)).toMatchObject({ changes: false });
    for (const other of [
      { host: "lab", id: "2" },
      { host: null, id: "2" },
    ]) {
      for (const call of [
        () => service(other).diff(id, outs, inputs),
        () => service(other).update(id, outs, inputs),
        () => service(other).read(id, outs),
        () => service(other).delete(id, outs),
      ]) {
        await expect(call()).rejects.toThrow(/made on host "lab".*E_HOST_CHANGED/s);
      }
    }
    expect([...world.keys()]).toEqual([id]);
    await service(lab).delete(id, outs);
  });

  it("is not in the state where it is this machine, whose things are on no host", async () => {
    const { id, outs } = await service().create(inputs);
    expect(outs).not.toHaveProperty("__guestkitMachine");
    await expect(service(lab).diff(id, outs, inputs)).rejects.toThrow(/E_HOST_CHANGED/);
    await service().delete(id, outs);
  });

  it("may stand before the id of what is taken over", async () => {
    world.set(at("web"), { path: at("web"), size: 64 << 20 });
    const adopted = { ...inputs, __guestkitImport: `lab:${at("web")}` };
    expect((await service(lab).check({}, adopted)).failures).toEqual([]);
    expect((await service(lab).create(adopted)).id).toBe(at("web"));
  });
});
