import { describe, expect, it } from "vitest";
import { contracts, type Field, type FieldType } from "../../../core/model/index.ts";
import { camelCase, fromPulumi, pulumiPath, pulumiText, snakeCase, toPulumi } from "../../../pulumi/face/names.ts";
import { fc } from "../../support/property.ts";

function names(fields: readonly Field[]): string[] {
  return fields.flatMap((field) => [field.name, ...namesWithin(field.type)]);
}

function namesWithin(type: FieldType): string[] {
  if (type.kind === "object") return names(type.fields);
  return type.kind === "list" || type.kind === "map" ? namesWithin(type.element) : [];
}

const all = [...new Set(contracts.flatMap((each) => names([...each.input, ...each.output])))];
const field = { description: "", required: false };
const fields: readonly Field[] = [
  { ...field, name: "backing_file", type: { kind: "path" } },
  {
    ...field,
    name: "ssh_users",
    type: {
      kind: "map",
      element: {
        kind: "object",
        fields: [{ ...field, name: "key_files", type: { kind: "list", element: { kind: "string" } } }],
      },
    },
  },
];

describe("names", () => {
  it("of every field come back the same", () => {
    expect(all.filter((name) => snakeCase(camelCase(name)) !== name)).toEqual([]);
    expect(new Set(all.map(camelCase)).size).toBe(all.length);
    expect(all.filter((name) => !/^[a-z][a-zA-Z0-9]*$/.test(camelCase(name)))).toEqual([]);
  });

  it("of any lower-case field come back the same", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/), (name) => {
        expect(snakeCase(camelCase(name))).toBe(name);
      }),
    );
  });

  it("change within objects, never as keys of maps", () => {
    const ours = { backing_file: "a_b", ssh_users: { some_user: { key_files: ["x_y"] } } };
    const theirs = { backingFile: "a_b", sshUsers: { some_user: { keyFiles: ["x_y"] } } };
    expect(toPulumi(fields, ours)).toEqual(theirs);
    expect(fromPulumi(fields, theirs)).toEqual(ours);
  });

  it("in paths and messages are Pulumi's", () => {
    expect(pulumiPath(fields, ["ssh_users", "some_user", "key_files", 0])).toEqual([
      "sshUsers",
      "some_user",
      "keyFiles",
      0,
    ]);
    const [contract] = contracts;
    if (!contract) throw new Error("there is no contract");
    expect(pulumiText(contract, "backing_file and E_FIELD_X and some_file")).toBe(
      "backingFile and E_FIELD_X and some_file",
    );
  });
});
