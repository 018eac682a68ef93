import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UNKNOWN, type Value, type ValueObject } from "@guestkit/core/model";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ListResourceEvent, ResourceIdentityData } from "../../../provider/generated/protocol.ts";
import { resources } from "../../../provider/schema/schema.ts";
import { toTerraform } from "../../../provider/schema/value.ts";
import { readDynamic, writeDynamic } from "../../../provider/server/dynamic.ts";
import { createProvider } from "../../../provider/server/provider.ts";

const signal = new AbortController().signal;
const type_name = "guestkit_disk_image";
const contract = resources.get(type_name) as NonNullable<ReturnType<typeof resources.get>>;
let folder = "";
let provider = createProvider();

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "guestkit-identity-"));
  provider = createProvider();
});

afterEach(() => rm(folder, { recursive: true, force: true }));

const told = (identity: ResourceIdentityData | undefined): Value => readDynamic(identity?.identity_data);
const identity = (value: ValueObject) => ({ identity_data: writeDynamic(value) });

/** A raw disk with a boot sector. */
async function disk(name: string): Promise<string> {
  const bytes = Buffer.alloc(1 << 20);
  bytes.write("\x55\xaa", 510, "latin1");
  await writeFile(join(folder, name), bytes);
  return join(folder, name);
}

function plan(path: Value) {
  const config = writeDynamic(toTerraform(contract, { path, size: "1M" }));
  return provider.PlanResourceChange({ type_name, config, proposed_new_state: config }, signal);
}

const imported = (given: { id?: string; identity?: ResourceIdentityData }) =>
  provider.ImportResourceState({ type_name, ...given }, signal);

const listed = (config: ValueObject, more: object = {}): Promise<ListResourceEvent[]> =>
  Array.fromAsync(provider.ListResource({ type_name, config: writeDynamic(config), ...more }, signal));

describe("a resource's identity", () => {
  it("has the natural key, which an import needs, and the host, which it may leave out", async () => {
    const { identity_schemas = {} } = await provider.GetResourceIdentitySchemas({}, signal);
    expect(Object.keys(identity_schemas)).toEqual([...resources.keys()]);
    expect(identity_schemas[type_name]?.identity_attributes).toMatchObject([
      { name: "path", required_for_import: true },
      { name: "host", optional_for_import: true },
    ]);
  });

  it("is planned as far as it is known, whatever the path is relative to", async () => {
    expect(told((await plan("a.img")).planned_identity)).toEqual({ path: join(process.cwd(), "a.img"), host: null });
    expect((await plan(UNKNOWN)).planned_identity).toBeUndefined();
  });

  it("is what an import may be asked by, and gives back", async () => {
    const path = await disk("a.img");
    const { imported_resources: [found] = [] } = await imported({ identity: identity({ path, host: null }) });
    expect(readDynamic(found?.state)).toMatchObject({ id: path, format: "raw" });
    expect(told(found?.identity)).toEqual({ path, host: null });
  });

  it("without a name is refused, by identity or by id: it is no word for the working folder", async () => {
    for (const given of [{ identity: identity({ path: "", host: null }) }, { id: "" }]) {
      const { diagnostics = [] } = await imported(given);
      expect(diagnostics[0]).toMatchObject({ summary: "Cannot use path", attribute: expect.anything() });
    }
  });

  it("of another host is refused by name", async () => {
    const path = await disk("a.img");
    const { diagnostics = [] } = await imported({ identity: identity({ path, host: "far" }) });
    expect(diagnostics[0]?.detail).toContain('host = "far"');
    expect(diagnostics[0]?.detail).toContain("(E_IMPORT_HOST)");
  });

  it("of the current version is handed back as it was, and one of a newer release refused", async () => {
    const json = Buffer.from('{"path":"/a","host":null}');
    const upgrade = (version: number) =>
      provider.UpgradeResourceIdentity({ type_name, version, raw_identity: { json } }, signal);
    expect((await upgrade(0)).upgraded_identity?.identity_data?.json).toEqual(json);
    expect((await upgrade(3)).diagnostics?.[0]?.summary).toContain("Cannot read the identity");
  });
});

describe("a list resource", () => {
  it("is there for what can be listed, with what tells where", async () => {
    const { list_resource_schemas = {} } = await provider.GetProviderSchema({}, signal);
    const attributes = Object.entries(list_resource_schemas).map(([name, { block }]) => [
      name,
      block?.attributes?.map((each) => each.name),
    ]);
    expect(Object.fromEntries(attributes)).toEqual({ guestkit_disk_image: ["folder"], guestkit_virtual_machine: [] });
  });

  it("gives each thing's identity, its state where that is wanted, and no more than are wanted", async () => {
    const paths = [await disk("a.img"), await disk("b.img")];
    const found = await listed({ folder });
    expect(found.map((each) => told(each.identity))).toEqual(paths.map((path) => ({ path, host: null })));
    expect(found.map((each) => each.resource_object)).toEqual([undefined, undefined]);
    const [first, ...others] = await listed({ folder }, { include_resource_object: true, limit: 1 });
    expect(others).toEqual([]);
    expect(readDynamic(first?.resource_object)).toMatchObject({ id: paths[0], format: "raw", owner: null });
  });

  it("tells what cannot be read, and goes on", async () => {
    await disk("a.img");
    await writeFile(join(folder, ".a.img.guestkit.json"), "{");
    await disk("b.img");
    const [first, second] = await listed({ folder }, { include_resource_object: true });
    expect(first).toMatchObject({ diagnostic: [{ severity: 2 }] });
    expect(first?.identity).toBeUndefined();
    expect(second).toMatchObject({ display_name: join(folder, "b.img") });
  });

  it("ends with what is wrong with the question", async () => {
    const [only, ...more] = await listed({ folder: join(folder, "missing") });
    expect(more).toEqual([]);
    expect(only?.diagnostic?.[0]).toMatchObject({ severity: 1, attribute: { steps: [{ attribute_name: "folder" }] } });
  });
});

describe("a generated configuration", () => {
  it("is what a user would write", async () => {
    const path = await disk("a.img");
    const { imported_resources: [found] = [] } = await imported({ id: path });
    const { config } = await provider.GenerateResourceConfig({ type_name, state: found?.state ?? {} }, signal);
    const given = Object.entries(readDynamic(config) as ValueObject).filter(([, each]) => each !== null);
    expect(Object.fromEntries(given)).toEqual({ path, format: "raw", size: "1M" });
  });
});

describe("a move from another provider", () => {
  const move = (
    state: unknown,
    { provider: address = "any.registry/dmacvicar/libvirt", type = "libvirt_volume" } = {},
  ) =>
    provider.MoveResourceState(
      {
        source_provider_address: address,
        source_type_name: type,
        source_state: { json: Buffer.from(JSON.stringify(state)) },
        target_type_name: type_name,
      },
      signal,
    );

  it("takes the name alone out of their state, and reads the rest", async () => {
    const path = await disk("theirs.img");
    for (const state of [
      { id: path, size: 5 },
      { id: "a key", path },
    ]) {
      const moved = await move(state);
      expect(moved.diagnostics ?? []).toEqual([]);
      expect(readDynamic(moved.target_state)).toMatchObject({ id: path, format: "raw", size: "1048576" });
      expect(told(moved.target_identity)).toEqual({ path, host: null });
      expect(moved.target_private).toBeDefined();
    }
  });

  it("is refused where the type, the provider or the state is another", async () => {
    const path = await disk("theirs.img");
    const state = { id: path };
    const codes = async (answer: ReturnType<typeof move>) =>
      (await answer).diagnostics?.map(({ detail = "", summary = "" }) => /\bE_[A-Z_]+/.exec(summary + detail)?.[0]);
    expect(await codes(move(state, { type: "libvirt_domain" }))).toEqual(["E_MOVE_UNKNOWN"]);
    expect(await codes(move(state, { provider: "any.registry/another/libvirt" }))).toEqual(["E_MOVE_UNKNOWN"]);
    for (const wrong of [{}, { id: 5 }, { id: "" }, null, []])
      expect(await codes(move(wrong))).toEqual(["E_STATE_FORMAT"]);
    expect(await codes(move({ id: join(folder, "gone.img") }))).toEqual(["E_IMPORT_MISSING"]);
  });
});
