import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { chmod, mkdir, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { Engine } from "../../../core/engine/index.ts";
import { LineCutter } from "../../../core/kit/lines.ts";
import { contractOf, type Value, type ValueObject } from "../../../core/model/index.ts";
import { createEngine } from "../../../core/resource/index.ts";
import { guardFor, RpcClient } from "../../../core/rpc/index.ts";
import { GUESTKIT, guestkit, NODE_COMPILE_CACHE } from "../../support/cli.ts";
import { scratch } from "../../support/run.ts";

const dir = await scratch("caller-files");
const [laptop, host] = [join(dir, "laptop"), join(dir, "host")];
const env = {
  GUESTKIT_DATA_DIR: join(host, "data"),
  GUESTKIT_CACHE_DIR: join(host, "cache"),
  GUESTKIT_RUNTIME_DIR: join(host, "run"),
};

let server: ChildProcess;
let client: RpcClient;
const asked: string[] = [];

beforeAll(async () => {
  await mkdir(laptop);
  await mkdir(host);
  const [node, bundle] = GUESTKIT;
  server = spawn(node, [bundle, "rpc"], {
    cwd: host,
    env: { NODE_COMPILE_CACHE, ...process.env, ...env },
    stdio: ["pipe", "pipe", "inherit"],
  });
  client = new RpcClient({
    send: (message) => server.stdin?.write(`${JSON.stringify(message)}\n`),
    close: () => server.kill(),
  });
  const lines = new LineCutter((line) => client.receive(line), { most: 64 << 20 });
  server.stdout?.on("data", (chunk: Buffer) => lines.push(chunk));
  await client.call("initialize", {
    ...{ protocol: 1, client: { name: "test" }, contracts: false },
    ...{ base_dir: host, caller_dir: laptop },
  });
});
afterAll(async () => {
  server.stdin?.end();
  await new Promise((resolve) => server.once("exit", resolve));
});

const engine = new Engine({
  implementations: { resources: {}, queries: {}, actions: {} },
  baseDir: host,
  callerDir: laptop,
});

/** As an engine on another machine calls: with a guard for what this very call names. */
async function call(method: string, name: string, declared: ValueObject, more: object = {}): Promise<ValueObject> {
  const contract = contractOf(name);
  await using guard = guardFor({ engine, contract, declared: [declared] });
  const answer = async (question: string, params: ValueObject) => {
    asked.push(`${question} ${String(params.path).replace(`${laptop}/`, "")}`);
    return await guard.answer(question, params);
  };
  return await client.call(method, { contract: name, config: declared, ...more }, { answer });
}

const put = (name: string, text: string | Buffer) => writeFile(join(laptop, name), text);
const apply = async (config: ValueObject) => {
  asked.length = 0;
  return await call("apply", "disk_image", config);
};
const inside = async (image: string, path: string) =>
  (await guestkit(["cat", join(host, image), path], { env })).stdout.toString();
const reads = () => asked.filter((each) => each.startsWith("file.read"));

it("puts the caller's files and folders into an image, sees when they change, and sends nothing twice", async () => {
  await mkdir(join(laptop, "site/deep"), { recursive: true });
  await put("site/deep/page", "<p>");
  await symlink("deep/page", join(laptop, "site/index"));
  await put("motd", "hello\n");
  // A file of the same name on the host is none of it.
  await writeFile(join(host, "motd"), "the host's\n");
  await writeFile(join(host, "own"), "by the host\n");
  const content = { directory: "site" };
  const config = {
    path: "web.img",
    format: "raw",
    size: "64M",
    layout: { partitions: [{ name: "data", filesystem: "ext4", content }] },
    files: [
      { path: "/motd", source: "motd" },
      { path: "/own", source: "host:own" },
    ],
  };
  expect(await apply(config)).toMatchObject({ changed: true, state: { id: join(host, "web.img"), drift: [] } });
  expect(await inside("web.img", "/motd")).toBe("hello\n");
  expect(await inside("web.img", "/own")).toBe("by the host\n");
  expect(await inside("web.img", "/deep/page")).toBe("<p>");
  expect(reads()).toEqual(["file.read site", "file.read motd"]);

  expect(await apply(config)).toMatchObject({ changed: false });
  expect(reads()).toEqual([]);

  await put("motd", "hello again\n");
  expect(await apply(config)).toMatchObject({
    plan: { action: "update", reasons: [{ path: ["files[0].source"] }] },
  });
  expect(await inside("web.img", "/motd")).toBe("hello again\n");
  expect(reads()).toEqual(["file.read motd"]);
  const listed = await guestkit(["ls", "-l", join(host, "web.img"), "/"], { env });
  expect(listed.stdout.toString()).toMatch(/index -> deep\/page/);
});

it("is not misled on the host, nor by another caller's record", async () => {
  // Whoever works on the host itself has not what a caller elsewhere declared, and takes nothing else for it.
  const settings = {
    dataDir: env.GUESTKIT_DATA_DIR,
    cacheDir: env.GUESTKIT_CACHE_DIR,
    runtimeDir: env.GUESTKIT_RUNTIME_DIR,
  };
  const local = createEngine({ baseDir: host, settings });
  const state = await local.observe(contractOf("disk_image"), { path: "web.img" });
  expect(state).toMatchObject({
    drift: [],
    files: [{ source: `caller:${laptop}/motd` }, { source: `host:${host}/own` }],
  });
  const { format, size, layout, files } = state as Readonly<Record<string, Value>>;
  const anew = { path: "anew.img", format, size, layout, files } as ValueObject;
  const { plan: refused } = await local.prepare(contractOf("disk_image"), anew);
  const why = expect.stringContaining("it lies on the machine that declared it");
  expect(refused.diagnostics).toMatchObject([
    { code: "E_LAYOUT_CONTENT", message: why },
    { code: "E_FILES_SOURCE", message: why },
  ]);
  await expect(local.apply(contractOf("disk_image"), refused, anew)).rejects.toMatchObject({
    code: "E_FILE_ELSEWHERE",
    message: expect.stringContaining(`"${laptop}/site"`),
  });
  const other = { path: "web.img", format: "raw", size: "64M", files: [{ path: "/motd", source: "elsewhere/motd" }] };
  await mkdir(join(laptop, "elsewhere"));
  await put("elsewhere/motd", "hello again\n");
  asked.length = 0;
  const { plan } = await call("plan", "disk_image", other);
  expect(plan).toMatchObject({ action: "update" });
  expect(asked.filter((each) => each.endsWith(" motd"))).toEqual([]);
});

it("copies a source of the caller's, held to checksums of his that lie beside it", async () => {
  const bytes = Buffer.alloc(3 << 20, "disk");
  await put("base.img", bytes);
  await put("SHA256SUMS", `${createHash("sha256").update(bytes).digest("hex")}  base.img\n`);
  const config = { path: "copy.qcow2", source: { url: "base.img", format: "raw", sha256: "SHA256SUMS" } };
  expect(await apply(config)).toMatchObject({ changed: true, state: { virtual_size: 3 << 20 } });
  expect(reads()).toEqual(["file.read SHA256SUMS", ...Array(3).fill("file.read base.img")]);
  expect(await apply({ ...config, path: "second.qcow2" })).toMatchObject({ changed: true });
  expect(reads()).toEqual([]);
  await put("SHA256SUMS", `${"0".repeat(64)}  base.img\n`);
  await expect(apply({ ...config, path: "third.qcow2" })).rejects.toMatchObject({ code: "E_SOURCE_SHA256" });
});

it("says at plan what is not there on the caller's side, with the path as the caller knows it", async () => {
  const config = { path: "a.img", format: "raw", size: "64M", files: [{ path: "/a", source: "gone" }] };
  const { plan } = await call("plan", "disk_image", {
    ...config,
    layout: { partitions: [{ name: "data", filesystem: "ext4", content: { directory: "motd" } }] },
  });
  expect(plan).toMatchObject({
    diagnostics: [
      { code: "E_LAYOUT_CONTENT", message: expect.stringContaining(`"${laptop}/motd": it is no directory`) },
      { code: "E_FILES_SOURCE", message: expect.stringContaining(`"${laptop}/gone": there is no such file`) },
    ],
  });
});

it("frees what was brought with the rest of the cache", async () => {
  const brought = join(host, "cache", "caller");
  expect((await readdir(brought)).length).toBeGreaterThan(0);
  const { exitCode } = await guestkit(["cache", "prune", "--all"], { env });
  expect(exitCode).toBe(0);
  expect((await readdir(brought)).filter((name) => !name.startsWith("."))).toEqual([]);
  await chmod(brought, 0o700);
  await rm(join(host, "web.img"));
});
