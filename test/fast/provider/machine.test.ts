import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Contract, contractOf, UNKNOWN, type Value, type ValueObject } from "@guestkit/core/model";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { attributeOf } from "../../../provider/schema/attribute.ts";
import { inputFields } from "../../../provider/schema/names.ts";
import { diagnosticPath } from "../../../provider/schema/path.ts";
import { toTerraform } from "../../../provider/schema/value.ts";
import { applyResourceChange } from "../../../provider/server/apply.ts";
import { readDynamic, writeDynamic } from "../../../provider/server/dynamic.ts";
import { importResourceState } from "../../../provider/server/import.ts";
import { planResourceChange } from "../../../provider/server/plan.ts";
import { readResource } from "../../../provider/server/read.ts";
import type { Session } from "../../../provider/server/session.ts";
import { probeEngine, probeMachine } from "../../support/probe-machine.ts";

const { signal } = new AbortController();
let folder: string;
let session: Session;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "guestkit-provider-"));
  const engine = probeEngine(folder);
  session = {
    engine: async () => engine,
    validator: engine,
    isHeld: () => false,
    heldBy: () => null,
    hold: () => {},
    run: (_thing: string, _signal: AbortSignal, work: (o: object) => unknown) => work({}),
  } as unknown as Session;
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const nothing = writeDynamic(null);
const asTerraform = (contract: Contract, given: ValueObject) => writeDynamic(toTerraform(contract, given));

async function plan(given: ValueObject, prior: Value = null, contract = probeMachine) {
  const config = asTerraform(contract, given);
  const answer = await planResourceChange(session, contract, { prior_state: writeDynamic(prior), config }, signal);
  return { ...answer, state: readDynamic(answer.planned_state) as ValueObject };
}

async function apply(given: ValueObject) {
  const config = asTerraform(probeMachine, given);
  const answer = await applyResourceChange(session, probeMachine, { prior_state: nothing, config }, signal);
  return readDynamic(answer.new_state) as ValueObject;
}

const network = { name: "web", networks: { lan: { forwards: [{ guest_port: 22 }] } } };

describe("a resource whose id is a name", () => {
  it("is planned, made, found unchanged, imported by name, and gone", async () => {
    expect((await plan({ name: "web" })).state).toMatchObject({ id: "web" });
    expect((await plan({ name: UNKNOWN })).state).toMatchObject({ id: UNKNOWN, name: UNKNOWN });
    const made = await apply({ name: "web" });
    expect((await plan({ name: "web" }, made)).state).toEqual(made);
    const imported = await importResourceState(session, probeMachine, { type_name: "x", id: "web" }, signal);
    expect(readDynamic(imported.imported_resources?.[0]?.state)).toMatchObject({ id: "web", cpus: 1, memory: "512M" });
    await rm(join(folder, "machines"), { recursive: true });
    const read = await readResource(session, probeMachine, { current_state: writeDynamic(made) }, signal);
    expect(readDynamic(read.new_state)).toBeNull();
    expect(read.diagnostics).toMatchObject([{ summary: "web is gone" }]);
  });

  it("has nested attributes computed where the world fills them in, unknown first and kept then", async () => {
    const networks = inputFields(probeMachine).find(({ name }) => name === "networks");
    const attributes = networks && attributeOf(networks, "input", true).nested_type?.attributes;
    expect(attributes?.find(({ name }) => name === "mac")).toMatchObject({ optional: true, computed: true });
    expect(attributes?.find(({ name }) => name === "password_wo")).toMatchObject({ write_only: true });
    expect((await plan(network)).state.networks).toMatchObject({
      lan: { mac: UNKNOWN, password_wo: null, forwards: [{ guest_port: 22, host_port: UNKNOWN }] },
    });
    const made = await apply(network);
    expect((await plan(network, made)).state).toEqual(made);
  });

  it("announces a restart at its attribute", async () => {
    const made = await apply({ name: "web" });
    const { diagnostics = [] } = await plan({ name: "web", cpus: 4 }, made);
    expect(diagnostics).toMatchObject([
      { attribute: { steps: [{ attribute_name: "cpus" }] }, detail: expect.stringContaining("W_RESTART") },
    ]);
  });
});

describe("what a preflight says", () => {
  const machine = (image: Value): ValueObject => ({ name: "web", disks: { root: { image } } });

  it("stands at the map's element, and names the field", async () => {
    const { diagnostics = [] } = await plan(machine("/images/missing"));
    expect(diagnostics).toMatchObject([
      {
        attribute: { steps: [{ attribute_name: "disks" }, { element_key_string: "root" }] },
        detail: expect.stringContaining("At disks.root.image."),
      },
    ]);
  });

  it("knows an image that the same plan makes, and asks nothing where nothing is to be done", async () => {
    await plan({ path: "/images/missing", size: "1G" }, null, contractOf("disk_image"));
    expect((await plan(machine("/images/missing"))).diagnostics).toEqual([]);
    const made = await apply({ name: "web", disks: { root: { image: "/images/missing" } } });
    expect((await plan(machine("/images/missing"), made)).diagnostics).toEqual([]);
    expect((await plan(machine(UNKNOWN))).diagnostics).toEqual([]);
  });
});

it("a diagnostic's path ends at the first element, where engines find no deeper source line", () => {
  const steps = (path: readonly (string | number)[]) => diagnosticPath(probeMachine, path)?.steps;
  expect(steps(["shares", 0, "tag"])).toEqual([{ attribute_name: "shares" }, { element_key_int: 0 }]);
  expect(steps(["firmware", "kind"])).toEqual([{ attribute_name: "firmware" }]);
  expect(steps(["networks"])).toEqual([{ attribute_name: "networks" }]);
  expect(steps([])).toBeUndefined();
});

describe("where the settings name another machine than before", () => {
  /** The same engine, as if it worked on a host. */
  const goTo = async (host: string, id: string) => {
    const engine = await session.engine();
    Object.defineProperty(engine, "machine", { value: { host, id }, configurable: true });
  };
  const changed = expect.objectContaining({ code: "E_HOST_CHANGED" });

  it("does not look there for what an earlier release made, which knew this machine alone", async () => {
    const made = await apply({ name: "web" });
    const request = {
      current_state: asTerraform(probeMachine, made),
      private: Buffer.from('{"owner":"kept"}'),
    };
    expect(readDynamic((await readResource(session, probeMachine, request, signal)).new_state)).toMatchObject({
      id: "web",
    });
    await goTo("lab", "2".repeat(32));
    await expect(readResource(session, probeMachine, request, signal)).rejects.toEqual(changed);
    const prior = { prior_state: request.current_state, planned_private: request.private, config: nothing };
    const { diagnostics } = await applyResourceChange(session, probeMachine, prior, signal);
    expect(diagnostics?.[0]?.summary).toContain('Cannot look for "web"');
  });

  it("does not carry out there what was planned for the old one, and says so", async () => {
    await goTo("lab", "2".repeat(32));
    const { planned_private = Buffer.alloc(0) } = await plan({ name: "web" });
    await goTo("office", "3".repeat(32));
    const config = asTerraform(probeMachine, { name: "web" });
    const request = { prior_state: nothing, config, planned_private };
    const { diagnostics } = await applyResourceChange(session, probeMachine, request, signal);
    expect(diagnostics?.[0]).toMatchObject({
      summary: "Cannot carry out the plan",
      detail: expect.stringMatching(/made for host "lab".*host "office".*E_HOST_CHANGED/s),
    });
  });
});
