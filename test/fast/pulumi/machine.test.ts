import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { ResourceService } from "../../../pulumi/face/service.ts";
import { probeEngine, probeMachine } from "../../support/probe-machine.ts";

let folder: string;
let notes: string[];
let machines: ResourceService;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "guestkit-pulumi-"));
  notes = [];
  const engine = probeEngine(folder);
  const watched = <T>(work: (signal: AbortSignal) => Promise<T>) => work(new AbortController().signal);
  machines = new ResourceService(probeMachine, async () => ({
    engine,
    owner: { face: "pulumi", project: "web/test" },
    note: (line, isWarning) => notes.push(isWarning ? `warning: ${line}` : line),
    watched,
  }));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const inputs = { name: "web", networks: { lan: { forwards: [{ guestPort: 22 }] } } };

it("what is left to the world within maps and lists is told, kept, and no difference", async () => {
  expect((await machines.check({}, inputs)).failures).toEqual([]);
  const { id, outs } = await machines.create(inputs);
  expect(id).toBe("web");
  expect(outs.networks).toMatchObject({ lan: { mac: "52:54:00:00:00:00", forwards: [{ hostPort: 4000 }] } });
  expect(await machines.diff(id, outs, inputs)).toMatchObject({ changes: false });
  const more = { name: "web", networks: { lan: { forwards: [{ guestPort: 22 }, { guestPort: 80 }] } } };
  expect(await machines.diff(id, outs, more)).toMatchObject({ changes: true, replaces: [] });
  const { outs: grown } = await machines.update(id, outs, more);
  expect(grown.networks).toMatchObject({ lan: { forwards: [{ hostPort: 4000 }, { hostPort: 4001 }] } });
  expect(await machines.diff(id, grown, more)).toMatchObject({ changes: false });
});

it("a restart is announced, and a name that another has is found by it", async () => {
  const { id, outs } = await machines.create(inputs);
  await machines.diff(id, outs, { ...inputs, cpus: 2 });
  expect(notes.join("\n")).toContain('warning: The probe machine "web" will be restarted: cpus');
  expect(await machines.read("web")).toMatchObject({ id: "web", props: { cpus: 1 } });
  expect((await machines.diff(id, outs, { ...inputs, name: "other" })).replaces).toEqual(["name"]);
});

it("a fault in a map's element has its place", async () => {
  const disks = { root: { image: "/images/missing" } };
  expect((await machines.check({}, { ...inputs, disks })).failures).toMatchObject([{ property: "disks.root.image" }]);
});
