import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Engine, type PlanContext, type ResourceImplementation } from "../../../core/engine/index.ts";
import { machineId } from "../../../core/host/machine-id.ts";
import { GuestkitError } from "../../../core/kit/errors.ts";
import type { ValueObject } from "../../../core/model/value.ts";
import {
  applyPart,
  applyProject,
  applyRemovals,
  documentOf,
  hasChanges,
  OwnedThings,
  type ProjectPlan,
  planDestroy,
  planProject,
  readOutputs,
  readProject,
  type Site,
  sitesOf,
} from "../../../core/project/index.ts";
import { tellThing } from "../../../core/project/places.ts";
import { parseYaml } from "../../../core/project/yaml.ts";

/** Two machines and this one, each with a world, a folder and a machine id of its own. */
let folder: string;
let worlds: Record<string, Map<string, ValueObject>>;
let dead: Set<string>;
let machineIds: Record<string, string | null>;
/** Names that lead to the machine of another name. */
let aliases: Record<string, string>;
/** What was done, in its order. */
let done: string[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "guestkit-hosts-"));
  worlds = { here: new Map(), a: new Map(), b: new Map() };
  dead = new Set();
  machineIds = { a: "1111", b: "2222" };
  aliases = {};
  done = [];
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function implementation(host: string): ResourceImplementation {
  const world = worlds[host] as Map<string, ValueObject>;
  return {
    isOurs: async () => true,
    observe: async (id) => {
      // A line may be cut at any time.
      if (dead.has(host)) throw lost(host);
      const input = world.get(id);
      return input ? { input, output: {} } : null;
    },
    preflight: async (_plan, _input, _context: PlanContext) => [],
    create: async (input) => {
      world.set(String(input.path), input);
      done.push(`create ${host} ${String(input.path)}`);
    },
    update: async (id, input) => void world.set(id, input),
    remove: async (id) => {
      world.delete(id);
      done.push(`remove ${host} ${id}`);
    },
  };
}

const lost = (host: string) => new GuestkitError("E_HOST_LOST", `Cannot go on at "${host}": the line was cut`);

function engineOn(host: string, baseDir: string): Engine {
  const implementations = { resources: { disk_image: async () => implementation(host) }, queries: {}, actions: {} };
  const own = join(folder, `data-${host}`);
  return new Engine({ implementations, settings: { dataDir: own, cacheDir: own, runtimeDir: own }, baseDir });
}

/** Of the machine that this runs on. */
const machine = machineId();

const file = () => join(folder, "guestkit.yaml");
const read = (text: string) => readProject(parseYaml(file(), `version: 1\n${text}`));
const HOSTS = "hosts: { a: { address: ssh://root@a:2222 }, b: {} }\n";

async function open(images: string, more = "", hosts = HOSTS) {
  const project = read(`${hosts}resources:\n  disk_image: ${images}\n${more}`);
  expect(project.diagnostics).toEqual([]);
  const opened: string[] = [];
  const siteFor = sitesOf(project, async ({ name }): Promise<Site> => {
    opened.push(name);
    if (dead.has(name)) throw new GuestkitError("E_HOST_UNREACHABLE", `Cannot reach "${name}": no route to host`);
    const leads = aliases[name] ?? name;
    const id = leads === "here" ? machine : (machineIds[leads] ?? null);
    return { engine: engineOn(leads, leads === "here" ? folder : `/home/${leads}`), machineId: id };
  });
  const call = { engine: engineOn("here", folder), siteFor, owned: await OwnedThings.load(project) };
  const plan = await planProject(project, call);
  const apply = () => applyProject(project, plan, call);
  return { project, plan, call, opened, apply };
}

const actions = (plan: ProjectPlan) =>
  Object.fromEntries(plan.changes.map(({ address, host, action }) => [`${address}@${host}`, action]));
const listed = ({ call }: Awaited<ReturnType<typeof open>>) =>
  call.owned.all.map(({ address, id, host, machine_id }) => [address, id, host, machine_id]);

describe("things on several hosts", () => {
  it("are made where they are said to be, once, and listed with the machine that they are on", async () => {
    const text = "{ x: { for_each: [a, b], host: '${each.key}', path: ./x, size: 1M }, y: { path: x, size: 1M } }";
    const first = await open(text);
    expect(actions(first.plan)).toEqual({
      'disk_image.x["a"]@a': "create",
      'disk_image.x["b"]@b': "create",
      "disk_image.y@null": "create",
    });
    expect((await first.apply()).failures.size).toBe(0);
    expect([...(worlds.a?.keys() ?? [])]).toEqual(["/home/a/x"]);
    expect([...(worlds.b?.keys() ?? [])]).toEqual(["/home/b/x"]);
    expect([...(worlds.here?.keys() ?? [])]).toEqual([join(folder, "x")]);
    expect(listed(first).toSorted()).toEqual([
      ['disk_image.x["a"]', "/home/a/x", "a", "1111"],
      ['disk_image.x["b"]', "/home/b/x", "b", "2222"],
      ["disk_image.y", join(folder, "x"), undefined, undefined],
    ]);
    const again = await open(text);
    expect(hasChanges(again.plan)).toBe(false);
    expect(again.opened.toSorted()).toEqual(["a", "b"]);
  });

  it("may have the same id, and goes from the one host alone", async () => {
    await (await open("{ x: { host: a, path: /i, size: 1M }, y: { host: b, path: /i, size: 1M } }")).apply();
    const less = await open("{ y: { host: b, path: /i, size: 1M } }");
    expect(actions(less.plan)).toEqual({ "disk_image.y@b": "none", "disk_image.x@a": "delete" });
    await less.apply();
    expect([worlds.a?.size, worlds.b?.size]).toEqual([0, 1]);
    expect(less.opened.toSorted()).toEqual(["a", "b"]);
    const destroy = await planDestroy(less.call);
    expect((await applyRemovals(destroy, less.call)).size).toBe(0);
    expect(worlds.b?.size).toBe(0);
    expect(less.call.owned.all).toEqual([]);
  });

  it("moves to another host by being made there and destroyed where it was, in that order", async () => {
    await (await open("{ x: { host: a, path: /i, size: 1M } }")).apply();
    const moved = await open("{ x: { host: b, path: /i, size: 1M } }");
    expect(actions(moved.plan)).toEqual({ "disk_image.x@b": "replace" });
    expect(moved.plan.changes[0]?.reasons[0]).toMatchObject({ path: ["host"], before: "a", after: "b" });
    expect(documentOf(moved.plan)).toMatchObject({ changes: [{ address: "disk_image.x", host: "b" }] });
    done = [];
    expect((await moved.apply()).failures.size).toBe(0);
    expect(done).toEqual(["create b /i", "remove a /i"]);
    expect(listed(moved)).toEqual([["disk_image.x", "/i", "b", "2222"]]);
    expect(hasChanges((await open("{ x: { host: b, path: /i, size: 1M } }")).plan)).toBe(false);
  });

  it("orders nothing by what has the same path on another host", async () => {
    await (await open("{ x: { host: a, path: /d/i, size: 1M } }")).apply();
    const other = await open("{ y: { host: b, path: /d/i, size: 1M } }");
    expect(actions(other.plan)).toEqual({ "disk_image.y@b": "create", "disk_image.x@a": "delete" });
    expect((await other.apply()).failures.size).toBe(0);
  });
});

describe("one machine under two names", () => {
  const x = (host: string) => `{ x: { host: ${host}, path: /i, size: 1M } }`;
  beforeEach(() => {
    aliases = { b: "a" };
  });

  const nothingGoes = async (next: Awaited<ReturnType<typeof open>>) => {
    done = [];
    expect(next.plan.diagnostics).toEqual([]);
    expect(next.plan.changes.map(({ action, removes }) => [action, removes])).toEqual([["none", null]]);
    expect((await next.apply()).failures.size).toBe(0);
    expect(done).toEqual([]);
  };

  it("has the thing that an entry names by the other one: it is listed anew, and nothing is removed", async () => {
    await (await open(x("a"))).apply();
    const next = await open(x("b"));
    await nothingGoes(next);
    expect(listed(next)).toEqual([["disk_image.x", "/i", "b", "1111"]]);
    expect(worlds.a?.size).toBe(1);
  });

  it("goes by what the list has where the file no longer names the old host", async () => {
    await (await open(x("a"))).apply();
    await nothingGoes(await open(x("b"), "", "hosts: { b: {} }\n"));
  });

  it("keeps what an entry of another address and another name stands for", async () => {
    await (await open(x("a"))).apply();
    const next = await open("{ y: { host: b, path: /i, size: 1M } }");
    await nothingGoes(next);
    expect(listed(next)).toEqual([["disk_image.y", "/i", "b", "1111"]]);
  });

  it.skipIf(machine === null)("may be this very machine", async () => {
    aliases = { b: "here" };
    await (await open(x("b"))).apply();
    const next = await open("{ x: { path: /i, size: 1M } }");
    await nothingGoes(next);
    expect(listed(next)).toEqual([["disk_image.x", "/i", undefined, undefined]]);
    await nothingGoes(await open(x("b")));
  });

  it("lets no two entries be one thing", async () => {
    const { plan } = await open("{ x: { host: a, path: /i, size: 1M }, y: { host: b, path: /i, size: 1M } }");
    expect(plan.diagnostics).toMatchObject([
      { code: "E_PROJECT_TWICE", message: expect.stringContaining("b and a are one machine") },
    ]);
  });

  it("loses nothing that a name which cannot be reached may stand for, and all else goes", async () => {
    await (await open("{ x: { host: a, path: /i, size: 1M }, z: { host: a, path: /z, size: 1M } }")).apply();
    dead.add("b");
    const renamed = await open("{ y: { host: b, path: /i, size: 1M } }");
    expect(actions(renamed.plan)).toEqual({ "disk_image.z@a": "delete" });
    await renamed.apply();
    expect([...(worlds.a?.keys() ?? [])]).toEqual(["/i"]);
    const left = await open("{ x: { host: a, path: /j, size: 1M }, y: { host: b, path: /i, size: 1M } }");
    expect(actions(left.plan)).toEqual({ "disk_image.x@a": "create" });
    await left.apply();
    expect([...(worlds.a?.keys() ?? [])]).toEqual(["/i", "/j"]);
  });

  it("has two things of one name in two data folders", () => {
    const place = (dataDir: string) => ({ baseDir: "/", machine: { host: null, id: "1111" }, dataDir });
    const places = new Map([
      ["a", place("/home/me")],
      ["b", place("/home/you")],
      ["c", place("/home/me")],
    ]);
    const tell = (host: string, id: string) => tellThing({ address: "virtual_machine.x", id, host }, places);
    expect(tell("a", "web")).not.toBe(tell("b", "web"));
    expect(tell("a", "web")).toBe(tell("c", "web"));
    expect(tell("a", "/web")).toBe(tell("b", "/web"));
  });
});

describe("a host that cannot be reached", () => {
  const both = "{ x: { host: a, path: /x, size: 1M }, y: { host: b, path: /y, size: 1M } }";

  it("fails its own things and what needs them; the others are made", async () => {
    dead.add("a");
    const text =
      "{ x: { host: a, path: /x, size: 1M }, y: { host: b, path: /y, size: 1M }, z: { host: b, path: /z, size: '${disk_image.x.size}' } }";
    const first = await open(text);
    expect(first.plan.diagnostics).toEqual([]);
    expect(actions(first.plan)).toEqual({ "disk_image.y@b": "create" });
    const { failures } = await first.apply();
    expect([...failures].map(([address, { code }]) => [address, code])).toEqual([
      ["disk_image.x", "E_HOST_UNREACHABLE"],
    ]);
    expect(listed(first)).toEqual([["disk_image.y", "/y", "b", "2222"]]);
    // It is tried once, however many things it has.
    expect(first.opened.filter((each) => each === "a")).toHaveLength(1);
    dead.clear();
    const second = await open(text);
    expect(actions(second.plan)).toEqual({
      "disk_image.x@a": "create",
      "disk_image.y@b": "none",
      "disk_image.z@b": "create",
    });
  });

  it("has what it had: nothing is made anew, removed or taken from the list", async () => {
    const first = await open(both);
    await first.apply();
    dead.add("a");
    const again = await open(both);
    expect(hasChanges(again.plan)).toBe(false);
    expect([...again.plan.failures.keys()]).toEqual(["disk_image.x"]);
    await again.apply();
    const gone = await open("{ y: { host: b, path: /y, size: 1M } }");
    expect([...gone.plan.failures.keys()]).toEqual(["disk_image.x on a"]);
    await gone.apply();
    expect(listed(gone)).toEqual(listed(first));
    const destroy = await planDestroy(gone.call);
    expect([...(await applyRemovals(destroy, gone.call)).keys()]).toEqual(["disk_image.x on a"]);
    expect(listed(gone)).toEqual([["disk_image.x", "/x", "a", "1111"]]);
    dead.clear();
    const back = await open("{}");
    expect(actions(back.plan)).toEqual({ "disk_image.x@a": "delete" });
  });

  it("lets go of what moves away from it as soon as it answers again", async () => {
    await (await open("{ x: { host: a, path: /i, size: 1M } }")).apply();
    dead.add("a");
    const text = "{ x: { host: b, path: /i, size: 1M } }";
    const away = await open(text);
    expect(actions(away.plan)).toEqual({ "disk_image.x@b": "create" });
    expect([...(await away.apply()).failures.keys()]).toEqual(["disk_image.x on a"]);
    expect(listed(away)).toHaveLength(2);
    dead.clear();
    const back = await open(text);
    expect(actions(back.plan)).toEqual({ "disk_image.x@b": "replace" });
    done = [];
    await back.apply();
    expect(done).toEqual(["remove a /i"]);
    expect(worlds.b?.size).toBe(1);
    expect(listed(back)).toEqual([["disk_image.x", "/i", "b", "2222"]]);
  });

  it("may be cut off between the looks: what an entry may still stand for is not removed", async () => {
    await (await open("{ x: { host: a, path: /i, size: 1M } }")).apply();
    const project = read(`${HOSTS}resources: { disk_image: { renamed: { host: a, path: /i, size: 1M } } }`);
    let looks = 0;
    const flaky = { ...implementation("a"), observe: async () => (looks++ === 0 ? Promise.reject(lost("a")) : null) };
    const implementations = { resources: { disk_image: async () => flaky }, queries: {}, actions: {} };
    const engine = new Engine({ implementations, settings: engineOn("a", "/").settings, baseDir: "/" });
    const owned = await OwnedThings.load(project);
    const call = { engine: engineOn("here", folder), owned, siteFor: async () => ({ engine, machineId: "1111" }) };
    const plan = await planProject(project, call);
    expect(plan.changes).toEqual([]);
    expect([...plan.failures.keys()]).toEqual(["disk_image.renamed"]);
  });

  it("is not asked for anything where a part of the file needs nothing of it", async () => {
    const { project, call, opened, apply } = await open(both);
    await apply();
    opened.length = 0;
    const siteFor = sitesOf(project, async (setting) => {
      opened.push(setting.name);
      return { engine: engineOn(setting.name, "/"), machineId: machineIds[setting.name] ?? null };
    });
    await applyPart(project, "disk_image.y", { ...call, siteFor });
    expect(opened).toEqual(["b"]);
    expect(listed(await open(both))).toHaveLength(2);
  });

  it("leaves the outputs that need it without a value, and tells why", async () => {
    await (await open(both)).apply();
    dead.add("a");
    const { project, call } = await open(both, "outputs: { x: '${disk_image.x.id}', y: '${disk_image.y.id}' }");
    const { values, failures } = await readOutputs(project, ["x", "y"], call);
    expect(values).toEqual({ y: "/y" });
    expect([...failures.keys()]).toEqual(["disk_image.x"]);
  });
});

describe("a host that is another machine by now", () => {
  it("fails what was made on the old one, with both names and what to do", async () => {
    const text = "{ x: { host: a, path: /x, size: 1M } }";
    await (await open(text)).apply();
    machineIds.a = "3333";
    for (const images of [text, "{}"]) {
      const { plan, apply, call } = await open(images);
      const [failure] = [...plan.failures.values()];
      expect(failure).toMatchObject({ code: "E_HOST_CHANGED", help: expect.stringContaining("'a:/x'") });
      expect(failure?.message).toMatch(/3333.*1111/);
      await apply();
      expect(call.owned.all).toEqual([{ address: "disk_image.x", id: "/x", host: "a", machine_id: "1111" }]);
    }
  });

  it("is told by its address where it has no machine-id, and by that alone", async () => {
    const text = "{ x: { host: a, path: /x, size: 1M } }";
    machineIds.a = null;
    const first = await open(text);
    await first.apply();
    const kept = [{ address: "disk_image.x", id: "/x", host: "a", host_address: "ssh://root@a:2222" }];
    expect(first.call.owned.all).toEqual(kept);
    expect(hasChanges((await open(text)).plan)).toBe(false);
    const world = [...(worlds.a ?? [])];
    worlds.a?.clear();
    const other = await open(text, "", "hosts: { a: { address: other }, b: {} }\n");
    expect(other.plan.failures.get("disk_image.x")).toMatchObject({ code: "E_HOST_CHANGED" });
    expect(other.plan.changes).toEqual([]);
    await other.apply();
    expect(other.call.owned.all).toEqual(kept);
    // A machine-id may come later.
    machineIds.a = "1111";
    for (const [id, input] of world) worlds.a?.set(id, input);
    const later = await open(text);
    expect(hasChanges(later.plan)).toBe(false);
    await later.apply();
    expect(listed(later)).toEqual([["disk_image.x", "/x", "a", "1111"]]);
  });

  it("is no host any more where the file no longer names it: its things stay", async () => {
    await (await open("{ x: { host: a, path: /x, size: 1M } }")).apply();
    const project = read("hosts: { b: {} }\nresources: {}");
    const siteFor = sitesOf(project, async () => ({ engine: engineOn("b", "/"), machineId: "2222" }));
    const call = { engine: engineOn("here", folder), siteFor, owned: await OwnedThings.load(project) };
    const { changes, failures } = await planProject(project, call);
    expect(changes).toEqual([]);
    expect(failures.get("disk_image.x on a")).toMatchObject({ code: "E_HOST_UNKNOWN" });
  });
});

it("keeps a list that releases without hosts do not take for one of this host's things", async () => {
  await (await open("{ y: { path: /y, size: 1M } }")).apply();
  const state = join(folder, ".guestkit/guestkit.yaml.state.json");
  expect(JSON.parse(await readFile(state, "utf8")).format_version).toBe(2);
  const { apply } = await open("{ x: { host: a, path: /x, size: 1M } }");
  await apply();
  const written = JSON.parse(await readFile(state, "utf8"));
  expect(written.format_version).toBe(3);
  written.resources[0].host = 7;
  await writeFile(state, JSON.stringify(written));
  await expect(open("{}")).rejects.toMatchObject({ code: "E_STATE_DAMAGED" });
});

describe("the section hosts", () => {
  const faults = (text: string) => {
    const project = read(text);
    return project.diagnostics.map(({ code, path }) => [code, path.join(".")]);
  };
  const on = (host: string) =>
    `hosts: { lab: {} }\nresources: { disk_image: { x: { host: ${host}, path: /x, size: 1M } } }`;

  it("takes an address, a name of ssh_config as its own, variables and the environment", () => {
    const project = read(
      "variables: { user: { default: me } }\nhosts: { lab: , far: { address: 'ssh://${var.user}@far:22', remote_install: false } }",
    );
    expect(project.diagnostics).toEqual([]);
    expect([...project.hosts.values()]).toEqual([
      { name: "lab", address: "lab", remoteInstall: true },
      { name: "far", address: "ssh://me@far:22", remoteInstall: false },
    ]);
  });

  it("tells each fault where it stands", () => {
    expect(faults("hosts: [lab]")).toEqual([["E_FIELD_TYPE", "hosts"]]);
    expect(faults("hosts: { 'a b': {} }")[0]).toEqual(["E_PROJECT_HOST", "hosts.a b"]);
    expect(faults("hosts: { lab: ssh://lab }")).toEqual([["E_PROJECT_HOST", "hosts.lab"]]);
    expect(faults("hosts: { lab: { adress: lab } }")).toEqual([["E_PROJECT_HOST", "hosts.lab.adress"]]);
    for (const address of [
      ...["-oProxyCommand=x", "'a b'", "''", "7", "'a;id'"],
      ...["http://lab", "ssh://lab:0", "ssh://me:secret@lab", "ssh://lab/x"],
    ]) {
      expect(faults(`hosts: { lab: { address: ${address} } }`)).toEqual([["E_PROJECT_HOST", "hosts.lab.address"]]);
    }
    expect(faults("hosts: { lab: { remote_install: never } }")).toEqual([
      ["E_PROJECT_HOST", "hosts.lab.remote_install"],
    ]);
    expect(faults("hosts: { lab: { address: '${disk_image.x.id}' } }")[0]).toEqual(["E_FOR_EACH", "hosts.lab"]);
  });

  it("knows the host that an entry names", () => {
    expect(faults(on("lab"))).toEqual([]);
    expect(faults(on("lub"))).toEqual([["E_PROJECT_HOST", "resources.disk_image.x.host"]]);
    expect(faults(on("[lab]"))).toEqual([["E_PROJECT_HOST", "resources.disk_image.x.host"]]);
    expect(faults(on("'${disk_image.y.id}'"))[0]).toEqual(["E_FOR_EACH", "resources.disk_image.x.host"]);
    expect(read(on("lub")).diagnostics[0]?.help).toContain("Did you mean");
  });

  it("lets nothing of one host be named where it cannot be", () => {
    const text = (image: string) => `hosts: { a: {}, b: {} }
resources:
  disk_image: { base: { host: a, path: /base, size: 1M }, over: { host: b, path: /over, backing_file: "${image}" } }`;
    expect(faults(text("${disk_image.base.id}"))).toEqual([
      ["E_REFERENCE_HOST", "resources.disk_image.over.backing_file"],
    ]);
  });
});
