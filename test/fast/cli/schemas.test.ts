import { describe, expect, it } from "vitest";
import { commands } from "../../../cli/command/table.ts";
import type { JsonSchema } from "../../../core/model/json-schema.ts";
import { eachSchema } from "../../../scripts/schemas/each-schema.ts";
import { faultOf } from "../../support/printed.ts";
import { schemaNames, schemaOf, validator } from "../../support/schemas.ts";

const names = schemaNames();

/** Fields of answers without a word about them, with the ways to them. */
function silent(name: string): readonly string[] {
  const found: string[] = [];
  const look = (schema: JsonSchema) => {
    for (const [field, each] of Object.entries((schema.properties ?? {}) as Readonly<Record<string, JsonSchema>>))
      if (!each.description) found.push(`${name}: ${field}`);
    return schema;
  };
  eachSchema(schemaOf(name), look);
  return found;
}

describe("published schemas", () => {
  it("are what a strict validator takes, by ids of their own", async () => {
    const ajv = await validator((schema) => schema);
    const ids = names.map((name) => String(schemaOf(name).$id));
    expect(new Set(ids).size).toBe(names.length);
    for (const id of ids) {
      expect(id).toMatch(/^urn:guestkit:schema:[a-z._-]+:\d+$/);
      expect(ajv.getSchema(id), id).toBeTypeOf("function");
    }
  });

  it("have a title, and describe every field", () => {
    expect(names.filter((name) => !schemaOf(name).title)).toEqual([]);
    const sections = ["resources", "queries"];
    expect(names.flatMap(silent).filter((each) => !sections.some((name) => each.endsWith(`: ${name}`)))).toEqual([]);
  });

  it("have what every verb prints with --json", () => {
    const printing = commands.filter(({ options }) => options.json);
    expect(printing.length).toBeGreaterThan(40);
    const nothing = printing.filter(
      ({ options: { json } }) => !json?.prints?.every(({ schema }) => names.includes(schema)),
    );
    expect(nothing.map(({ name }) => name)).toEqual([]);
  });
});

describe("what tests run", () => {
  const pruned = ["cache", "prune", "--json"];

  it.each([
    [pruned, '{"entries": 1, "bytes": 2}'],
    // A machine's program has words of its own.
    [["vm", "exec", "web", "--", "ls", "--json"], "anything"],
    // Cut off by a test that stopped it.
    [["packages", "--json", "a.qcow2"], '{"na'],
  ])("passes with %j", async (args, printed) => {
    expect(await faultOf(args, { stdout: printed, stderr: "" })).toBeNull();
  });

  it("fails with an error that has no code", async () => {
    const stderr = '{"error":{"message":"a","help":null,"at":null,"cause":null}}\n';
    expect(await faultOf(pruned, { stdout: "", stderr })).toContain("required property 'code'");
  });

  it.each([
    [pruned, '{"entries": 1}', "must have required property 'bytes'"],
    [pruned, '{"entries": 1, "bytes": 2, "files": 3}', '"additionalProperty":"files"'],
    [
      ["progress", "--json"],
      '{"title":"a","pid":1,"started":2,"phase":"b"}\n{"title":"a"}\n',
      "required property 'pid'",
    ],
    [["vm", "list", "--json"], '{"name": 1}\n', "/name: must be string"],
  ])("fails with %j where a field is missing, new or wrong", async (args, printed, why) => {
    expect(await faultOf(args, { stdout: printed, stderr: "" })).toContain(why);
  });
});
