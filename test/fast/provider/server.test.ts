import { UNKNOWN, type Value, type ValueObject } from "@guestkit/core/model";
import { describe, expect, it } from "vitest";
import { machineId } from "../../../core/host/machine-id.ts";
import type { SchemaAttribute } from "../../../provider/generated/protocol.ts";
import { resources, schemaOf } from "../../../provider/schema/schema.ts";
import { fromTerraform, toTerraform } from "../../../provider/schema/value.ts";
import { readDynamic, writeDynamic } from "../../../provider/server/dynamic.ts";
import { createProvider } from "../../../provider/server/provider.ts";

const signal = new AbortController().signal;
const type_name = "guestkit_disk_image";
const contract = resources.get(type_name) as NonNullable<ReturnType<typeof resources.get>>;
const attributes = schemaOf(contract).block?.attributes ?? [];

function attribute(...path: string[]): SchemaAttribute | undefined {
  const [name, ...rest] = path;
  const find = (members: readonly SchemaAttribute[], wanted?: string) => members.find((each) => each.name === wanted);
  return rest.reduce((at, step) => find(at?.nested_type?.attributes ?? [], step), find(attributes, name));
}

/** A whole configuration, as an engine sends it. */
const config = (given: ValueObject): Value => toTerraform(contract, given);

describe("the schema", () => {
  it("has an optional attribute computed where a default or the world fills it in", () => {
    expect(attribute("path")).toMatchObject({ required: true });
    expect(attribute("format")).toMatchObject({ optional: true, computed: true });
    expect(attribute("size")).toMatchObject({ optional: true, computed: true });
    expect(attribute("source")).toMatchObject({ optional: true });
    expect(attribute("source")?.computed).toBeUndefined();
    expect(attribute("virtual_size")).toMatchObject({ computed: true });
    expect(attribute("id")).toMatchObject({ computed: true });
  });

  it("names a write-only field and its version by Terraform's custom", () => {
    expect(attribute("source", "headers_wo")).toMatchObject({ write_only: true, sensitive: true, optional: true });
    expect(attribute("source", "headers_wo")?.computed).toBeUndefined();
    expect(attribute("source", "headers_wo_version")?.write_only).toBeUndefined();
    expect(attribute("source", "headers")).toBeUndefined();
  });
});

describe("values", () => {
  it("come back as they went, but for secrets", () => {
    const given: ValueObject = {
      path: "a",
      size: "1G",
      source: { url: UNKNOWN, headers: { a: "b" }, headers_version: 2 },
    };
    const sent = toTerraform(contract, given) as ValueObject;
    expect(sent.source).toMatchObject({ url: UNKNOWN, headers_wo: null, headers_wo_version: 2 });
    const back = fromTerraform(contract, sent);
    expect(back).toMatchObject({ path: "a", size: "1G", source: { url: UNKNOWN, headers: null, headers_version: 2 } });
    expect(Object.keys(sent).sort()).toEqual(attributes.map((each) => each.name).sort());
  });
});

describe("the provider", () => {
  const provider = createProvider();

  it("refuses a write-only value from an engine that would store it", async () => {
    const given = config({ path: "a", size: "1G", source: { url: "b" } }) as ValueObject;
    const secret = { ...given, source: { ...(given.source as ValueObject), headers_wo: { Authorization: "x" } } };
    const validate = (write_only_attributes_allowed: boolean) =>
      provider.ValidateResourceConfig(
        { type_name, config: writeDynamic(secret), client_capabilities: { write_only_attributes_allowed } },
        signal,
      );
    const { diagnostics = [] } = await validate(false);
    expect(diagnostics[0]).toMatchObject({ attribute: { steps: [{ attribute_name: "source" }] } });
    expect(diagnostics[0]?.detail).toContain("1.11");
    expect((await validate(true)).diagnostics).toEqual([]);
  });

  it("plans a replacement at the attribute that forces it, and carries private data along", async () => {
    const given = {
      path: "/nowhere/a.qcow2",
      format: "raw",
      size: "1G",
      files: [],
      overwrite: false,
      delete_protection: false,
    };
    const prior = {
      ...given,
      format: "qcow2",
      virtual_size: 2 ** 30,
      actual_size: 1,
      backing_chain: [],
      partitions: [],
      drift: [],
    };
    const answer = await provider.PlanResourceChange(
      {
        type_name,
        prior_state: writeDynamic(toTerraform(contract, { ...prior, id: given.path })),
        config: writeDynamic(config(given)),
        proposed_new_state: writeDynamic(config(given)),
        prior_private: Buffer.from('{"owner":"kept"}'),
      },
      signal,
    );
    expect(answer.diagnostics).toEqual([]);
    expect(answer.requires_replace).toEqual([{ steps: [{ attribute_name: "format" }] }]);
    expect(JSON.parse(String(answer.planned_private))).toEqual({
      owner: "kept",
      machine: { host: null, id: machineId() },
    });
    expect(readDynamic(answer.planned_state)).toMatchObject({ format: "raw", size: "1G", actual_size: UNKNOWN });
  });

  it("hands a state of the current version back untouched, and refuses one of a newer release", async () => {
    const json = Buffer.from('{"anything": 1}');
    const upgrade = (version: number) =>
      provider.UpgradeResourceState({ type_name, version, raw_state: { json } }, signal);
    expect((await upgrade(0)).upgraded_state?.json).toBe(json);
    expect((await upgrade(7)).diagnostics?.[0]?.summary).toContain("Cannot read the state");
  });

  it("answers a type that it does not have with a diagnostic", async () => {
    const { diagnostics } = await provider.ReadDataSource({ type_name: "guestkit_nothing" }, signal);
    expect(diagnostics?.[0]?.detail).toContain("guestkit_nothing");
  });
});
