import { readdir, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { Engine } from "../../../core/engine/index.ts";
import { recordPath } from "../../../core/engine/record.ts";
import { contractOf } from "../../../core/model/index.ts";
import type { ValueObject } from "../../../core/model/value.ts";
import { implementations } from "../../../core/resource/index.ts";
import { readSeed } from "../../../core/seed/index.ts";
import { scratch } from "../../support/scratch.ts";

const contract = contractOf("cloud_init_seed");
const root = await scratch("cloud-init-seed");
let dir = root;
let count = 0;
let path = "";
let engine = new Engine({ implementations });

beforeEach(() => {
  dir = join(root, String(count++));
  path = join(dir, "seed.iso");
  const settings = { runtimeDir: join(dir, "run"), dataDir: join(dir, "data"), cacheDir: join(dir, "cache") };
  engine = new Engine({ implementations, settings, baseDir: root });
});

async function plan(input: ValueObject) {
  return (await engine.prepare(contract, { path, ...input })).plan;
}

/** Plans and applies; the state after it. */
async function apply(input: ValueObject): Promise<ValueObject> {
  const config = { path, ...input };
  const { plan } = await engine.prepare(contract, config);
  const error = plan.diagnostics.find((each) => each.severity === "error");
  if (error) throw Object.assign(new Error(error.message), error);
  const state = await engine.apply(contract, plan, config);
  for (const [name, value] of Object.entries(plan.planned ?? {})) {
    if (typeof value !== "symbol") expect(state?.[name], name).toEqual(value);
  }
  return state ?? {};
}

const SHORT = { hostname: "web", runcmd: ["true"] };
const SECRET = {
  users: { me: { password_hash: "$6$TOP-SECRET", password_hash_version: 1 } },
  write_files: [{ path: "/key", secret_content: "TOP-SECRET" }],
};

describe("a seed", () => {
  it("is made, left alone, changed with a new instance-id, and removed with all that lay beside it", async () => {
    expect((await plan(SHORT)).action).toBe("create");
    const first = await apply(SHORT);
    const { size, mtimeMs } = await stat(path);
    expect(first).toMatchObject({ size, sha256: expect.stringMatching(/^[0-9a-f]{64}$/), drift: [] });
    expect((await plan(SHORT)).action).toBe("none");
    expect((await stat(path)).mtimeMs).toBe(mtimeMs);

    const changed = await plan({ ...SHORT, runcmd: ["false"] });
    expect([changed.action, changed.changes.map((each) => each.path)]).toEqual(["update", [["runcmd"]]]);
    const second = await apply({ ...SHORT, runcmd: ["false"] });
    expect(second.effective_instance_id).not.toBe(first.effective_instance_id);
    expect((await apply(SHORT)).sha256).toBe(first.sha256);

    const { plan: removal } = await engine.prepare(contract, null, { prior: first });
    await engine.apply(contract, removal, null);
    expect((await readdir(dir)).filter((name) => name !== "run" && name !== "data")).toEqual([]);
  });

  it("that somebody wrote into is seen and written again", async () => {
    const raw = { user_data: "#!/bin/sh\necho one\n" };
    const { sha256 } = await apply(raw);
    const bytes = await readFile(path);
    bytes.write("two", bytes.indexOf("echo one") + 5);
    await writeFile(path, bytes);
    expect((await plan(raw)).reasons).toMatchObject([
      { path: ["user_data"], before: "#!/bin/sh\necho two\n", why: expect.stringContaining("user-data") },
    ]);
    expect((await apply(raw)).sha256).toBe(sha256);
    expect((await plan(raw)).action).toBe("none");
  });

  it.each([
    ["is no image any more", () => writeFile(path, "rubbish"), "path"],
    ["has other meta-data", () => patch("local-hostname", "evil"), "meta_data"],
    ["has other commands", () => patch("runcmd", "fooled"), "user_data"],
  ])("that %s is mended", async (_, damage, field) => {
    const { sha256 } = await apply(SHORT);
    await damage();
    const found = await plan(SHORT);
    expect([found.action, found.reasons.map((each) => each.path)]).toEqual(["update", [[field]]]);
    expect((await apply(SHORT)).sha256).toBe(sha256);
  });

  it("that is gone is made again", async () => {
    await apply(SHORT);
    await rm(path);
    expect((await plan(SHORT)).action).toBe("create");
    await apply(SHORT);
    expect((await plan(SHORT)).action).toBe("none");
  });
});

async function patch(after: string, text: string): Promise<void> {
  const bytes = await readFile(path);
  bytes.write(text, bytes.indexOf(after));
  await writeFile(path, bytes);
}

describe("a secret", () => {
  it("is in the image alone: not in state, plan or record, nor a digest of it", async () => {
    const state = await apply(SECRET);
    expect((await readFile(path)).includes("TOP-SECRET")).toBe(true);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(state.sha256).toBeNull();
    const record = await readFile(recordPath(path), "utf8");
    for (const text of [JSON.stringify(state), record, JSON.stringify(await plan(SECRET))]) {
      expect(text).not.toContain("SECRET");
    }
    expect((await plan(SECRET)).action).toBe("none");
  });

  it("is written again when its version changes, and when somebody touched the image", async () => {
    const first = await apply(SECRET);
    const next = { users: { me: { password_hash: "$6$OTHER", password_hash_version: 2 } } };
    expect((await apply({ ...SECRET, ...next })).effective_instance_id).not.toBe(first.effective_instance_id);
    expect((await readSeed(path))["user-data"]).toContain("$6$OTHER");
    await utimes(path, 1, 1);
    const found = await plan({ ...SECRET, ...next });
    expect(found.reasons.map((each) => each.path)).toEqual([["user_data"]]);
    await apply({ ...SECRET, ...next });
    expect((await plan({ ...SECRET, ...next })).action).toBe("none");
  });

  it("with a version and no value is refused, and nothing is overwritten with less", async () => {
    await apply(SECRET);
    const before = await readFile(path);
    const lacking = { users: { me: { password_hash_version: 2 } } };
    await expect(apply(lacking)).rejects.toMatchObject({ code: "E_SECRET_MISSING" });
    expect(await readFile(path)).toEqual(before);
  });
});

describe("a file that guestkit did not make", () => {
  beforeEach(async () => {
    await apply(SHORT);
    await rm(recordPath(path));
  });

  it("is neither replaced nor removed", async () => {
    const before = await readFile(path);
    await expect(apply(SHORT)).rejects.toMatchObject({ code: "E_SEED_FOREIGN" });
    const prior = { path, id: path };
    const { plan: removal } = await engine.prepare(contract, null, { prior });
    expect(removal.diagnostics).toMatchObject([{ code: "E_SEED_FOREIGN" }]);
    await expect(engine.apply(contract, removal, null)).rejects.toMatchObject({ code: "E_SEED_FOREIGN" });
    expect(await readFile(path)).toEqual(before);
  });

  it("is replaced with overwrite", async () => {
    await apply({ ...SHORT, overwrite: true });
    expect((await plan({ ...SHORT, overwrite: true })).action).toBe("none");
  });

  it("is taken over by an import, and not rewritten where it is the same", async () => {
    const { mtimeMs } = await stat(path);
    await engine.import(contract, path);
    expect((await plan(SHORT)).action).toBe("update");
    await apply(SHORT);
    expect((await stat(path)).mtimeMs).toBe(mtimeMs);
    expect((await plan(SHORT)).action).toBe("none");
  });
});

describe("a declaration", () => {
  const refused = async (input: ValueObject) =>
    (await engine.validate(contract, { path, ...input })).map(({ code, path }) => [code, path.join(".")]);

  it.each<[string, ValueObject, string, string]>([
    ["both raw and short", { user_data: "#!x", packages: ["a"] }, "E_FIELD_CONFLICT", "packages"],
    ["raw twice", { user_data: "#!x", secret_user_data: "#!y" }, "E_FIELD_CONFLICT", "secret_user_data"],
    ["raw and short meta-data", { meta_data: "a: 1", hostname: "x" }, "E_FIELD_CONFLICT", "hostname"],
    ["a user that cannot be", { users: { "No One": {} } }, "E_CLOUD_INIT_USER", "users.No One"],
    ["one file twice", { write_files: [{ path: "/a" }, { path: "/a" }] }, "E_FIELD_DUPLICATE", "write_files.1.path"],
    ["a path of two lines", { write_files: [{ path: "/a\nb" }] }, "E_CLOUD_INIT_FILE", "write_files.0.path"],
    ["a document that cloud-init passes over", { user_data: "packages: []" }, "W_USER_DATA_HEADER", "user_data"],
    ["tabs", { user_data: "#cloud-config\npackages:\n\t- nginx\n" }, "W_CLOUD_INIT_YAML", "user_data"],
    ["a list", { secret_user_data: "#cloud-config\n- a\n" }, "W_CLOUD_INIT_YAML", "secret_user_data"],
    ["a network that is no YAML", { network_config: "\tversion: 2\n" }, "W_CLOUD_INIT_YAML", "network_config"],
    ["meta-data that is no YAML", { meta_data: "a: b: c\n" }, "W_CLOUD_INIT_YAML", "meta_data"],
    ["a key twice", { user_data: "#cloud-config\nruncmd: [a]\nruncmd: [b]\n" }, "W_CLOUD_INIT_DUPLICATE", "user_data"],
    [
      "a command that is a mapping",
      { user_data: "#cloud-config\nruncmd:\n- echo a: b\n" },
      "W_USER_DATA_COMMAND",
      "user_data",
    ],
    ["no command at all", { user_data: "#cloud-config\nbootcmd:\n- # none\n" }, "W_USER_DATA_COMMAND", "user_data"],
    ["line ends of DOS", { user_data: "#!/bin/sh\r\necho hi\r\n" }, "W_USER_DATA_SCRIPT", "user_data"],
  ])("with %s is told of", async (_, input, code, field) => {
    expect(await refused(input)).toEqual([[code, field]]);
  });

  it("may hold what is no YAML where cloud-init makes something of it first, or reads it more generously", async () => {
    const texts = [
      "## template: jinja\n#cloud-config\na: {{ x }}\n",
      "Content-Type: multipart/mixed; boundary=x\nMIME-Version: 1.0\n\t: {\n",
      "#cloud-config-archive\n- type: text/x-shellscript\n",
      "#cloud-config\r\npackages:\r\n  - nginx\r\n",
      "#cloud-config\nwrite_files:\n- content: |\n    a\tb\n    \tc\nruncmd: [\n  [ls, '-l'],\n  ls\n]\n",
      "#!/bin/sh\nprintf 'a\r'\n",
    ];
    for (const user_data of texts) expect(await refused({ user_data }), user_data).toEqual([]);
  });

  it("tells nothing of a secret document but the line", async () => {
    const found = await engine.validate(contract, {
      path,
      secret_user_data: "#cloud-config\nSECRET: 1\nSECRET: 2\nx: SECRET: 3\n",
    });
    expect(found).toMatchObject([{ code: "W_CLOUD_INIT_YAML", message: expect.stringContaining("(line 4)") }]);
    const twice = await engine.validate(contract, { path, secret_user_data: "#cloud-config\nSECRET: 1\nSECRET: 2\n" });
    expect(JSON.stringify([found, twice])).not.toContain("SECRET");
  });

  it("may name the host beside a raw document", async () => {
    expect(await refused({ user_data: "#cloud-config\n", hostname: "web" })).toEqual([]);
  });
});
