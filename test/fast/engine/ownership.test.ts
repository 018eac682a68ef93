import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Engine, type ResourceImplementation } from "../../../core/engine/index.ts";
import { ownerOfNew, readRecord, writeRecord } from "../../../core/engine/record.ts";
import { type Actor, isOwn, type Owner, parseOwner, spellOwner } from "../../../core/kit/owner.ts";
import { contractOf } from "../../../core/model/index.ts";
import type { ValueObject } from "../../../core/model/value.ts";

const contract = contractOf("disk_image");
let folder: string;
let id: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "guestkit-owner-"));
  id = join(folder, "web");
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Things are files that hold their declaration; their records lie beside them. */
const implementation: ResourceImplementation = {
  observe: async (path) => {
    const text = await readFile(path, "utf8").catch(() => null);
    return text === null ? null : { input: JSON.parse(text) as ValueObject, output: {} };
  },
  create: async (input, _options, { settings }) => {
    const path = String(input.path);
    const owner = ownerOfNew(settings, await readRecord(path));
    await writeRecord(path, { contract: "disk_image", origin: "created", owner, declared: {}, details: {} });
    await writeFile(path, JSON.stringify(input));
  },
  update: async (path, input) => writeFile(path, JSON.stringify(input)),
  remove: (path) => rm(path),
};

function engine(owner?: Actor, odd: Partial<ResourceImplementation> = {}): Engine {
  const implementations = {
    resources: { disk_image: async () => ({ ...implementation, ...odd }) },
    queries: {},
    actions: {},
  };
  const settings = { dataDir: folder, cacheDir: folder, runtimeDir: folder, ...(owner && { owner }) };
  return new Engine({ implementations, settings, baseDir: folder });
}

const declared = (size: string, more: ValueObject = {}): ValueObject => ({ path: id, size, ...more });
const ownerOf = async () => (await readRecord(id))?.owner;

/** Plans as a face without state does, and applies what is not refused. Gives the codes of what was said. */
async function act(actor: Actor | undefined, config: ValueObject | null, isListed = false): Promise<string[]> {
  const on = engine(actor);
  const options = { isListed: () => isListed, prior: { id } };
  const { plan } = await on.prepare(contract, config, options);
  const codes = plan.diagnostics.map(({ code }) => code);
  if (plan.diagnostics.some(({ severity }) => severity === "error")) return codes;
  await on.apply(contract, plan, config, options);
  return codes;
}

const web: Actor = { face: "pulumi", project: "web/prod", takeOver: "Import {contract} {id} of {owner}." };
const FACES: readonly Actor[] = [
  { face: "terraform", project: "1b2c" },
  { face: "pulumi", project: "web/dev" },
  { face: "ansible", project: null },
  { face: "guestkit.yaml", project: "u", file: "/p/guestkit.yaml" },
  { face: "none", project: null },
];

describe("what another owns", () => {
  it.each(FACES)("is refused to $face:$project at plan and at apply, whatever is to be done", async (other) => {
    await act(web, declared("1M"));
    for (const config of [declared("1M"), declared("2M"), declared("2M", { overwrite: true }), null]) {
      expect(await act(other, config, true)).toEqual(["E_OWNER"]);
      const on = engine(other);
      const prior = config ? await engine(web).observe(contract, config) : { id };
      const plan = await on.plan(contract, prior, config);
      if (plan.action !== "none") {
        await expect(on.apply(contract, plan, config)).rejects.toMatchObject({ code: "E_OWNER" });
      }
    }
    expect(await ownerOf()).toEqual({ face: "pulumi", project: "web/prod" });
    expect(JSON.parse(await readFile(id, "utf8"))).toMatchObject({ size: 1 << 20 });
  });

  it("is refused to a state that knows of nothing and would create it", async () => {
    await act(web, declared("1M"));
    const on = engine({ face: "terraform", project: "1b2c", takeOver: "terraform import {contract} {id} ({owner})" });
    const plan = await on.plan(contract, null, declared("1M"));
    const found = await on.preflight(contract, plan, declared("1M"));
    expect(found).toMatchObject([
      {
        code: "E_OWNER",
        path: ["path"],
        message: `Cannot create "${id}": it belongs to pulumi:web/prod`,
        help: expect.stringContaining(`terraform import disk_image ${id} (pulumi:web/prod)`),
      },
    ]);
    await rm(id);
    expect(await on.preflight(contract, plan, declared("1M"))).toEqual([]);
  });

  it("is its taker's after an import, and refused to the former owner", async () => {
    await act(web, declared("1M"));
    const other: Actor = { face: "terraform", project: "1b2c" };
    await engine(other).import(contract, id);
    expect(await act(other, declared("2M"))).toEqual([]);
    expect(await act(web, declared("2M"), true)).toEqual(["E_OWNER"]);
  });
});

describe("what was imported by reading alone", () => {
  /** The state has it by an import; codes of the plan, and what became of the record. */
  async function change(actor: Actor, config: ValueObject | null): Promise<readonly string[]> {
    const on = engine(actor);
    const options = { isListed: () => true, isImported: (each: string) => each === id, prior: { id } };
    const { plan } = await on.prepare(contract, config, options);
    if (plan.action !== "none") await on.apply(contract, plan, config, options);
    return plan.diagnostics.map(({ code, message }) => `${code} ${message.split(": ").at(-1)}`);
  }

  it("is its owner's until its first change, which each plan says where that is another one", async () => {
    await act(web, declared("1M"));
    const other: Actor = { face: "terraform", project: "1b2c" };
    expect(await change(other, declared("1M"))).toEqual([
      "W_OWNER_TAKEN the first change takes it over for terraform:1b2c",
    ]);
    expect(await ownerOf()).toEqual({ face: "pulumi", project: "web/prod" });
    expect(await change(other, declared("2M"))).toEqual(["W_OWNER_TAKEN from this change on to terraform:1b2c"]);
    expect(await ownerOf()).toEqual({ face: "terraform", project: "1b2c" });
    expect(await change(other, declared("3M"))).toEqual([]);
    expect(await act(web, declared("3M"), true)).toEqual(["E_OWNER"]);
    expect(await change(web, null)).toEqual(["W_OWNER_TAKEN it was imported, and is removed all the same"]);
    await expect(readFile(id)).rejects.toThrow();
  });

  const other: Actor = { face: "terraform", project: "1b2c" };
  const imported = { isListed: () => true, isImported: (each: string) => each === id };

  it("leaves alone what somebody made in its place since", async () => {
    const on = engine(other);
    const config = declared("2M", { overwrite: true });
    const plan = await on.plan(contract, null, config);
    await act(web, declared("1M"));
    await expect(on.apply(contract, plan, config, imported)).rejects.toMatchObject({ code: "E_OWNER" });
    expect(await ownerOf()).toEqual({ face: "pulumi", project: "web/prod" });
    expect(JSON.parse(await readFile(id, "utf8"))).toMatchObject({ size: 1 << 20 });
  });

  it("is still its owner's where the change failed", async () => {
    await act(web, declared("1M"));
    const on = engine(other, { update: () => Promise.reject(new Error("held")) });
    const { plan } = await on.prepare(contract, declared("2M"), { ...imported, prior: { id } });
    await expect(on.apply(contract, plan, declared("2M"), imported)).rejects.toThrow("held");
    expect(await ownerOf()).toEqual({ face: "pulumi", project: "web/prod" });
  });

  it("may be gone by the time that it is to be removed", async () => {
    await act(web, declared("1M"));
    const on = engine(other, {
      adopt: (path) => readFile(path).then(() => {}),
      remove: (path) => rm(path, { force: true }),
    });
    const { plan } = await on.prepare(contract, null, { ...imported, prior: { id } });
    await rm(id);
    await expect(on.apply(contract, plan, null, imported)).resolves.toBeNull();
  });

  it("says nothing of what nobody owns, and takes nothing else: an id is meant, not a call", async () => {
    await act(undefined, declared("1M"));
    expect(await change(web, declared("2M"))).toEqual([]);
    expect(await ownerOf()).toEqual({ face: "pulumi", project: "web/prod" });
    const on = engine({ face: "terraform", project: "1b2c" });
    const plan = await on.plan(contract, null, declared("2M"));
    const found = await on.preflight(contract, plan, declared("2M"), { isImported: (each) => each === "/another" });
    expect(found).toMatchObject([{ code: "E_OWNER" }]);
  });
});

describe("what nobody owns", () => {
  it("is taken at the first change in place, with a note; what is as declared stays nobody's", async () => {
    await act(undefined, declared("1M"));
    expect(await act(web, declared("1M"))).toEqual([]);
    expect(await ownerOf()).toBeNull();
    expect(await act(web, declared("2M"))).toEqual(["W_OWNER_TAKEN"]);
    expect(await ownerOf()).toEqual({ face: "pulumi", project: "web/prod" });
  });

  it("is replaced and removed by who lists it, who is told to, or who imported it, alone", async () => {
    await act(undefined, declared("1M"));
    expect(await act(web, null)).toEqual(["E_OWNER_NONE"]);
    expect(await act(web, declared("1M", { format: "raw" }))).toEqual(["E_OWNER_NONE"]);
    expect(await act(web, declared("1M", { format: "raw", overwrite: true }))).toEqual([]);
    expect(await act({ face: "none", project: null }, declared("1M"))).toEqual(["E_OWNER"]);
    await rm(id);
    await act(undefined, declared("1M"));
    await writeRecord(id, { contract: "disk_image", origin: "created", owner: null, declared: {}, details: {} });
    expect(await act(web, null, true)).toEqual([]);
    expect(await readRecord(id)).toMatchObject({ owner: null });
  });
});

it("what is done by name is done to anybody's, and stays whose it was", async () => {
  await act(web, declared("1M"));
  expect(await act(undefined, declared("2M"))).toEqual([]);
  expect(await act(undefined, declared("2M", { format: "raw" }))).toEqual([]);
  expect(await ownerOf()).toEqual({ face: "pulumi", project: "web/prod" });
});

describe("an owner", () => {
  const owner = (face: string, project: string | null, file?: string): Owner => ({
    face,
    project,
    ...(file && { file }),
  });
  it.each([
    [owner("ansible", "a"), owner("ansible", null), true],
    [owner("ansible", null), owner("ansible", "a"), false],
    [owner("ansible", null), owner("terraform", null), false],
    [owner("guestkit.yaml", "new", "/p/a.yaml"), owner("guestkit.yaml", "lost", "/p/a.yaml"), true],
    [owner("guestkit.yaml", "new", "/p/b.yaml"), owner("guestkit.yaml", "lost", "/p/a.yaml"), false],
    [owner("guestkit.yaml", "named"), owner("guestkit.yaml", "named"), true],
    [owner("guestkit.yaml", "x"), null, false],
    [owner("none", null), null, true],
  ])("%j may touch what %j owns: %s", (actor, of, may) => {
    expect(isOwn(actor, of)).toBe(may);
  });

  it("is spelled as it is read", () => {
    for (const each of [owner("ansible", null), owner("pulumi", "a:b/c"), owner("guestkit.yaml", "x")]) {
      expect(parseOwner(spellOwner(each))).toEqual(each);
    }
    for (const text of ["", ":", "a:", "A", "a b", "a:b c", "a\n"]) expect(parseOwner(text)).toBeNull();
  });
});
