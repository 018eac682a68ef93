import { expect, it } from "vitest";
import { contractOf } from "../../../core/model/registry.ts";
import { UNKNOWN, type ValueObject } from "../../../core/model/value.ts";
import { orderApply } from "../../../core/project/apply-order.ts";
import { findCycle } from "../../../core/project/graph.ts";
import type { Places } from "../../../core/project/places.ts";
import type { ProjectChange } from "../../../core/project/plan.ts";
import type { Entry } from "../../../core/project/project.ts";

type Action = ProjectChange["action"];
interface Given {
  readonly prior?: ValueObject;
  readonly planned?: ValueObject;
  /** Another thing that the address stood for, or that no entry has. */
  readonly left?: ValueObject & { readonly id: string };
  readonly needs?: readonly string[];
  /** The file's name of the host that it is on; this one where left out. */
  readonly host?: string;
}

/** A piece of a plan: an entry of the file, or with `left` alone a removal. */
function change(action: Action, address: string, { prior, planned, left, host }: Given): ProjectChange {
  const contract = address.split(".")[0] as string;
  const plan = { contract, id: planned?.id ?? "", action, planned: planned ?? null } as ProjectChange["plan"];
  const removes = left ? { address, id: left.id, ...(host !== undefined && { host }) } : null;
  return {
    address,
    action,
    reasons: [],
    plan,
    prior: prior ?? null,
    left: left ?? null,
    removes,
    secrets: [],
    declared: null,
    host: host ?? null,
  };
}

/** For each turn what it waits for, in any way; removals by the id that goes. */
function waits(given: Readonly<Record<string, readonly [Action, Given]>>, places: Places = new Map()) {
  const changes = Object.entries(given).map(([address, [action, rest]]) => change(action, address, rest));
  const hostAt = (address: string) => given[address]?.[1].host ?? null;
  const kept = Object.entries(given).filter(([, [action]]) => action !== "delete");
  const entries = new Map(
    kept.map(([address, [, { needs = [] }]]) => {
      const contract = contractOf(address.split(".")[0] as string, "resource");
      return [
        address,
        { address, contract, config: {}, path: [], needs, secrets: [], host: hostAt(address) } satisfies Entry,
      ];
    }),
  );
  const turns = orderApply({ entries, baseDir: "/p" }, changes, places);
  expect(findCycle(new Map([...turns].map(([key, { needs, after }]) => [key, { needs: [...needs, ...after] }])))).toBe(
    null,
  );
  const named = (key: string) => turns.get(key)?.removes?.id ?? key;
  return Object.fromEntries([...turns].map(([key, { needs, after }]) => [named(key), [...needs, ...after].map(named)]));
}

const forwards = (host_port: number) => ({ default: { forwards: { ssh: { guest_port: 22, host_port } } } });
const disks = (image: string) => ({ root: { image } });

it("a machine that goes makes room for the image that it stands on", () => {
  const going = { id: "web", disks: disks("/p/data") };
  const image = { id: "/p/data", path: "./data", size: "1G" };
  const order = waits({
    "disk_image.data": ["replace", { prior: image, planned: image }],
    "disk_image.other": ["create", { planned: { id: "/p/other", path: "other", size: "1G" } }],
    "virtual_machine.web": ["delete", { left: going }],
  });
  expect(order).toEqual({ "disk_image.data": ["web"], "disk_image.other": [], web: [] });
});

it("what goes makes room by its port, its file under another contract, and its file where a folder is to be", () => {
  const machine = (id: string) => ({ id, name: id, networks: forwards(8022) });
  const auto = { id: "auto", networks: forwards(0), forwards: [{ host_port: 8022 }] };
  const order = waits({
    "virtual_machine.new": ["create", { planned: machine("new") }],
    "disk_image.seed": ["create", { planned: { id: "/p/seed", path: "seed", size: "1G" } }],
    "disk_image.in": ["create", { planned: { id: "/p/a/b/in", path: "a/b/in", size: "1G" } }],
    "virtual_machine.old": ["delete", { left: machine("old") }],
    "virtual_machine.auto": ["delete", { left: auto }],
    "cloud_init_seed.seed": ["delete", { left: { id: "/p/seed", path: "/p/seed" } }],
    "disk_image.a": ["delete", { left: { id: "/p/a", path: "a" } }],
  });
  expect(order).toMatchObject({
    "virtual_machine.new": ["old", "auto"],
    "disk_image.seed": ["/p/seed"],
    "disk_image.in": ["/p/a"],
  });
});

it("what is taken from a machine that stays goes after that, and what is made of a thing before that goes", () => {
  const order = waits({
    "disk_image.copy": ["create", { planned: { id: "/p/copy", path: "copy", source: { url: "/p/old" } } }],
    "virtual_machine.web": ["update", { prior: { id: "web", disks: disks("/p/data") }, planned: { id: "web" } }],
    "disk_image.old": ["delete", { left: { id: "/p/old", path: "old" } }],
    "disk_image.data": ["delete", { left: { id: "/p/data", path: "data" } }],
  });
  expect(order).toMatchObject({ "/p/old": ["disk_image.copy"], "/p/data": ["virtual_machine.web"] });
});

it("what an entry leaves behind goes first, unless something that stays has to let go of it", () => {
  const image = (path: string) => ({ id: `/p/${path}`, path, size: "1G" });
  const moved = { "disk_image.data": ["replace", { planned: image("b"), left: image("a") }] } as const;
  expect(waits(moved)).toEqual({ "disk_image.data": ["/p/a"], "/p/a": [] });
  const web = { prior: { id: "web", disks: disks("/p/a") }, planned: { id: "web", disks: disks("/p/b") } };
  const used = { ...moved, "virtual_machine.web": ["update", { ...web, needs: ["disk_image.data"] }] } as const;
  expect(waits(used)).toEqual({
    "disk_image.data": [],
    "virtual_machine.web": ["disk_image.data"],
    "/p/a": ["virtual_machine.web"],
  });
});

it("what one entry lets go of is free before another takes it, unless they wait the other way round", () => {
  const change = (id: string, before: number, after: number) => {
    const machine = (port: number) => ({ id, name: id, networks: forwards(port) });
    return ["update", { prior: machine(before), planned: machine(after) }] as const;
  };
  const handed = { "virtual_machine.a": change("a", 8022, 8023), "virtual_machine.b": change("b", 8021, 8022) };
  expect(waits(handed)).toEqual({ "virtual_machine.a": [], "virtual_machine.b": ["virtual_machine.a"] });
  const [action, given] = handed["virtual_machine.a"];
  const needing = { ...handed, "virtual_machine.a": [action, { ...given, needs: ["virtual_machine.b"] }] as const };
  expect(waits(needing)).toEqual({ "virtual_machine.a": ["virtual_machine.b"], "virtual_machine.b": [] });
  const swapped = { "virtual_machine.a": change("a", 8021, 8022), "virtual_machine.b": change("b", 8022, 8021) };
  expect(Object.values(waits(swapped)).flat()).toHaveLength(1);
});

it("what is not known yet waits for all that goes", () => {
  const order = waits({
    "disk_image.open": ["create", { planned: { id: UNKNOWN, path: UNKNOWN } }],
    "virtual_machine.web": ["delete", { left: { id: "web" } }],
  });
  expect(order).toMatchObject({ "disk_image.open": ["web"] });
});

it("orders hundreds of things that share a base in no time to speak of", () => {
  const over = (at: string) => ({ id: `/p/${at}`, path: at, backing_file: "/p/base" });
  const all = Array.from({ length: 300 }, (_, at) => at);
  const made = all.map((at) => [`disk_image.n${at}`, ["create", { planned: over(`n${at}`) }]] as const);
  const gone = all.map((at) => [`disk_image.o${at}`, ["delete", { left: over(`o${at}`) }]] as const);
  expect(waits(Object.fromEntries([...made, ...gone]))["disk_image.n7"]).toHaveLength(300);
});

it("tells what is on one machine by the machine, whatever names of hosts lead there", () => {
  const machine = (id: string) => ({ id, name: id, networks: forwards(8022) });
  const given = {
    "virtual_machine.new": ["create", { planned: machine("new"), host: "b" }],
    "virtual_machine.old": ["delete", { left: machine("old"), host: "a" }],
    "disk_image.base": ["delete", { left: { id: "/p/base", path: "/p/base" }, host: "a" }],
    "disk_image.top": ["delete", { left: { id: "/p/top", path: "/p/top", backing_file: "/p/base" }, host: "b" }],
    "disk_image.data": [
      "replace",
      { planned: { id: "/p/b", path: "b", size: "1G" }, left: { id: "/p/a", path: "a" }, host: "a" },
    ],
  } as const;
  const at = (id: string) => ({ baseDir: "/p", dataDir: "/d", machine: { host: id, id } });
  const one: Places = new Map([
    ["a", at("1")],
    ["b", at("1")],
  ]);
  expect(waits(given, one)).toMatchObject({ "virtual_machine.new": ["old"], "/p/base": ["/p/top"] });
  const two: Places = new Map([
    ["a", at("1")],
    ["b", at("2")],
  ]);
  expect(waits(given, two)).toMatchObject({ "virtual_machine.new": [], "/p/base": [] });
  expect(waits(given)).toMatchObject({ "virtual_machine.new": [], "/p/base": [] });
});
