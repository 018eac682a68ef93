import { describe, expect, it } from "vitest";
import type { ResourceImplementation } from "../../../core/engine/implementation.ts";
import { makePlan, type Plan } from "../../../core/engine/plan.ts";
import type { Contract } from "../../../core/model/contract.ts";
import { UNKNOWN, type ValueObject } from "../../../core/model/value.ts";
import { contextIn } from "../../support/machine.ts";
import { fc } from "../../support/property.ts";

const { settings } = contextIn("/nowhere");

const field = { description: "a field", required: false };

/** A contract that has every policy, so that the engine is tested without any real thing. */
const contract: Contract = {
  kind: "resource",
  name: "probe",
  since: "0.1.0",
  summary: "",
  description: "",
  identity: ["path"],
  input: [
    { ...field, name: "path", type: { kind: "path" }, required: true, policy: "immutable" },
    { ...field, name: "size", type: { kind: "size" }, policy: "growOnly", adopts: true },
    { ...field, name: "note", type: { kind: "string" } },
    { ...field, name: "once", type: { kind: "string" }, policy: "createOnly" },
    { ...field, name: "secret", type: { kind: "string" }, writeOnly: true, sensitive: true },
    { ...field, name: "secret_version", type: { kind: "integer" } },
    { ...field, name: "token", type: { kind: "string" }, sensitive: true },
    {
      ...field,
      name: "files",
      type: {
        kind: "list",
        key: "path",
        element: {
          kind: "object",
          fields: [
            { ...field, name: "path", type: { kind: "string" }, required: true },
            { ...field, name: "mode", type: { kind: "string" }, default: "0644" },
          ],
        },
      },
      default: [],
    },
    {
      ...field,
      name: "recipe",
      type: { kind: "object", fields: [{ ...field, name: "url", type: { kind: "string" }, policy: "immutable" }] },
      policy: "immutable",
    },
  ],
  output: [
    { ...field, name: "bytes", type: { kind: "integer" }, changesWith: ["size"] },
    { ...field, name: "fixed", type: { kind: "string" } },
    { ...field, name: "drift", type: { kind: "list", element: { kind: "string" } } },
  ],
  examples: [],
  aliases: {},
};

const prior: ValueObject = {
  id: "/x",
  path: "/x",
  size: "20G",
  note: null,
  once: null,
  secret: null,
  secret_version: null,
  token: null,
  files: [{ path: "/a", mode: "0644" }],
  recipe: null,
  bytes: 5,
  fixed: "f",
  drift: [],
};
const config: ValueObject = { path: "/x", size: "20G", files: [{ path: "/a" }] };

function plan(
  was: ValueObject | null,
  wanted: ValueObject | null,
  implementation: Pick<ResourceImplementation, "judge" | "predict"> = {},
): Plan {
  return makePlan({ contract, prior: was, config: wanted, implementation, baseDir: "/", settings });
}

describe("what a plan decides", () => {
  it("creates what is not there, with outputs unknown", () => {
    const made = plan(null, config);
    expect(made.action).toBe("create");
    expect(made.planned).toMatchObject({
      id: "/x",
      size: "20G",
      bytes: UNKNOWN,
      files: [{ path: "/a", mode: "0644" }],
    });
  });
  it("does nothing where all is as wanted", () => {
    expect(plan(prior, config)).toMatchObject({ action: "none", planned: prior, reasons: [] });
  });
  it("takes sizes and paths that are equal after normalising as equal, and keeps the old spelling", () => {
    const made = plan(prior, { ...config, path: "/y/../x", size: "20480M" });
    expect(made).toMatchObject({ action: "none", planned: { size: "20G", path: "/x" } });
  });
  it("grows in place, and only what changes with it is unknown", () => {
    const made = plan(prior, { ...config, size: "30G" });
    expect(made).toMatchObject({ action: "update", planned: { bytes: UNKNOWN, fixed: "f" }, diagnostics: [] });
  });
  it("refuses to shrink, naming the field", () => {
    expect(plan(prior, { ...config, size: "10G" }).diagnostics).toMatchObject([
      { code: "E_SHRINK", path: ["size"], severity: "error" },
    ]);
  });
  it("replaces for an immutable field, nested ones too", () => {
    expect(plan(prior, { ...config, path: "/z" })).toMatchObject({ action: "replace", replaces: [["path"]] });
    const was = { ...prior, recipe: { url: "a" } };
    expect(plan(was, { ...config, recipe: { url: "b" } })).toMatchObject({
      action: "replace",
      replaces: [["recipe", "url"]],
    });
  });
  it("leaves create-only and write-only fields out, but sees a secret's version", () => {
    expect(plan(prior, { ...config, once: "x", secret: "s" }).action).toBe("none");
    const made = plan(prior, { ...config, secret: "s", secret_version: 2 });
    expect(made).toMatchObject({ action: "update", planned: { secret: null, secret_version: 2 } });
  });
  it("shows no secret in a reason", () => {
    const made = plan({ ...prior, token: "old" }, { ...config, token: "new" });
    expect(JSON.stringify(made.reasons)).not.toMatch(/old|new/);
  });
  it("keeps what is there where the user leaves it to the world", () => {
    expect(plan(prior, { path: "/x", files: [{ path: "/a" }] })).toMatchObject({
      action: "none",
      planned: { size: "20G" },
    });
  });
  it("pairs list elements by their key", () => {
    const was = { ...prior, files: [{ path: "/b", mode: "0600" }] };
    const made = plan(was, { ...config, files: [{ path: "/a" }, { path: "/b", mode: "0600" }] });
    expect(made.changes.map((change) => change.path)).toEqual([["files", 0]]);
  });
  it("deletes, and has nothing to delete where nothing is", () => {
    expect(plan(prior, null)).toMatchObject({ action: "delete", planned: null, id: "/x" });
    expect(plan(null, null).action).toBe("none");
  });
  it("gives drift as the cause, and replaces where only that mends it", () => {
    const drift = [{ path: "files[0]", why: "/a was changed inside", action: "update" }];
    const was = { ...prior, files: [{ path: "/a", mode: "0777" }], drift };
    expect(plan(was, config)).toMatchObject({
      action: "update",
      planned: { drift: [] },
      reasons: [{ why: "/a was changed inside" }],
    });
    const gone = { ...prior, drift: [{ path: "recipe", why: "package gone", action: "replace" }] };
    expect(plan(gone, config)).toMatchObject({
      action: "replace",
      replaces: [["drift"]],
      reasons: [{ why: "package gone" }],
    });
  });
  it("lets the implementation adopt instead of replace, with a warning", () => {
    const judge: ResourceImplementation["judge"] = (change) =>
      change.path[0] === "recipe" ? { policy: undefined, warning: "taken over" } : null;
    const made = plan(prior, { ...config, recipe: { url: "a" } }, { judge });
    expect(made).toMatchObject({ action: "update", diagnostics: [{ severity: "warning", message: "taken over" }] });
  });
  it("knows no id while the identity is unknown", () => {
    expect(plan(null, { path: UNKNOWN }).id).toBe(UNKNOWN);
  });
});

it("a plan of its own planned state is empty", () => {
  const sizes = fc.constantFrom("1G", "1024M", 2 ** 30, "2G", null);
  const files = fc.uniqueArray(
    fc.record({ path: fc.constantFrom("/a", "/b", "/c"), mode: fc.constantFrom("0644", "0600") }),
    { selector: (file) => file.path },
  );
  fc.assert(
    fc.property(fc.record({ size: sizes, note: fc.option(fc.string()), files }), (given) => {
      const wanted = { path: "/x", ...given } as ValueObject;
      const made = plan(null, wanted, { predict: () => ({ bytes: 1, fixed: "f", drift: [], size: "1G" }) });
      expect(plan(made.planned, wanted).action).toBe("none");
    }),
  );
});
