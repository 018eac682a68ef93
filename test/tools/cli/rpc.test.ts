import { open, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { guestkit } from "../../support/cli.ts";
import { folder } from "../../support/disk.ts";
import { scratch } from "../../support/run.ts";
import { blankExt4 } from "./filled-image.ts";

const dir = await scratch("rpc");

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: Record<string, unknown>;
  readonly result?: Record<string, unknown>;
  readonly error?: { readonly data: { readonly code: string; readonly [name: string]: unknown } };
}

/** One conversation: all requests at once, as a module that writes and waits does. */
async function talk(...requests: readonly object[]): Promise<readonly Message[]> {
  const hello = {
    id: 0,
    method: "initialize",
    params: { protocol: 1, client: { name: "test", version: "1" }, base_dir: dir },
  };
  const input = [hello, ...requests].map((each) => `${JSON.stringify({ jsonrpc: "2.0", ...each })}\n`).join("");
  const { exitCode, stdout } = await guestkit(["rpc"], { input, env: { GUESTKIT_RUNTIME_DIR: join(dir, "run") } });
  expect(exitCode).toBe(0);
  return stdout
    .toString()
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Message);
}

async function call(method: string, params: object): Promise<Message> {
  const answer = (await talk({ id: 1, method, params })).find((each) => each.id === 1);
  if (!answer) throw new Error(`${method} was not answered`);
  return answer;
}

it("makes, plans, grows, reads and removes an image", async () => {
  const config = { path: "a.qcow2", size: "16M" };
  const made = await call("apply", { contract: "disk_image", config });
  expect(made.result).toMatchObject({
    changed: true,
    plan: { action: "create" },
    state: { id: join(dir, "a.qcow2"), size: "16M", virtual_size: 16 << 20 },
  });
  expect((await call("apply", { contract: "disk_image", config })).result).toMatchObject({ changed: false });
  const grown = { ...config, size: "32M" };
  const checked = await call("apply", { contract: "disk_image", config: grown, check: true });
  expect(checked.result).toMatchObject({
    changed: true,
    plan: { action: "update", reasons: [{ path: ["size"], before: 16 << 20, after: "32M" }] },
  });
  const info = await call("query", { contract: "image_info", input: { disk_image: "a.qcow2" } });
  expect(info.result).toMatchObject({ output: { virtual_size: 16 << 20, format: "qcow2" } });
  const refused = await call("apply", { contract: "disk_image", config: { ...config, size: "1M" } });
  expect(refused.error?.data).toMatchObject({
    code: "E_SHRINK",
    at: { field: ["size"] },
    diagnostics: [{ code: "E_SHRINK" }],
  });
  const gone = await call("apply", { contract: "disk_image", config, absent: true });
  expect(gone.result).toMatchObject({ changed: true, state: null });
  expect((await call("apply", { contract: "disk_image", config, absent: true })).result).toMatchObject({
    changed: false,
  });
  await expect(stat(join(dir, "a.qcow2"))).rejects.toThrow("ENOENT");
});

it("copies a file with check and diff, and reads one", async () => {
  const root = await folder(dir, { "etc/motd": "new\n", "etc/blob": "\0" });
  const image = join(dir, "files.raw");
  await blankExt4(image, 8, ["-d", root]);
  const dest = join(dir, "motd");
  await writeFile(dest, "old\n");
  const input = { disk_image: image, src: "/etc/motd", dest };
  const checked = await call("action", { contract: "copy", input, check: true });
  expect(checked.result).toMatchObject({ changed: true, before: "old\n", after: "new\n" });
  expect(await readFile(dest, "utf8")).toBe("old\n");
  expect((await call("action", { contract: "copy", input })).result).toMatchObject({
    changed: true,
    output: { copied_to: dest, copied: 1 },
  });
  expect(await readFile(dest, "utf8")).toBe("new\n");
  expect((await call("action", { contract: "copy", input })).result).toMatchObject({ changed: false });
  await writeFile(dest, "mine\n");
  const kept = await call("action", { contract: "copy", input: { ...input, overwrite: false } });
  expect(kept.error?.data.code).toBe("E_COPY_EXISTS");
  const read = await call("query", { contract: "file_content", input: { disk_image: image, path: "/etc/motd" } });
  expect(read.result).toMatchObject({
    output: { content: "new\n", content_base64: "bmV3Cg==", size: 4, mode: "0644" },
  });
  const binary = await call("query", {
    contract: "file_content",
    input: { disk_image: image, path_base64: Buffer.from("/etc/blob").toString("base64") },
  });
  expect(binary.result).toMatchObject({ output: { content: "\0", size: 1 } });
  const none = await call("query", { contract: "file_content", input: { disk_image: image, path: "/nope" } });
  expect(none.error?.data).toMatchObject({ code: "E_FILE_MISSING", help: expect.any(String) });
});

it("answers null and empty for a blank image, and an error for a missing one", async () => {
  await call("apply", { contract: "disk_image", config: { path: "blank.qcow2", size: "1M" } });
  const blank = await call("query", { contract: "inspection", input: { disk_image: "blank.qcow2" } });
  expect(blank.result).toMatchObject({ output: { os_type: null, distro: null, packages: [], operating_systems: [] } });
  const missing = await call("query", { contract: "inspection", input: { disk_image: "nope.qcow2" } });
  expect(missing.error?.data.code).toBe("E_SOURCE_OPEN");
});

it("cancels one request, tells what is there, and goes on with the others", async () => {
  const layout = { partitions: [{ name: "a", filesystem: "ext4" }] };
  const messages = await talk(
    {
      id: 1,
      method: "apply",
      params: { contract: "disk_image", config: { path: "stopped.raw", format: "raw", size: "2G", layout } },
    },
    { id: 2, method: "apply", params: { contract: "disk_image", config: { path: "kept.qcow2", size: "1M" } } },
    { method: "cancel", params: { id: 1 } },
  );
  expect(messages.find((each) => each.id === 1)?.error?.data).toMatchObject({ code: "E_INTERRUPTED" });
  expect(messages.find((each) => each.id === 2)?.result).toMatchObject({ changed: true });
  await expect(stat(join(dir, "stopped.raw"))).rejects.toThrow("ENOENT");
});

it("tells progress of its request", async () => {
  const layout = { partitions: [{ name: "a", filesystem: "ext4" }] };
  const config = { path: "told.raw", format: "raw", size: "64M", layout };
  const messages = await talk({ id: 7, method: "apply", params: { contract: "disk_image", config } });
  const progress = messages.filter((each) => each.method === "progress");
  expect(progress.length).toBeGreaterThan(0);
  for (const { params } of progress) expect(params).toMatchObject({ id: 7, phase: expect.any(String) });
});

it("serves a file as it serves a pipe, to its end", async () => {
  const asked = join(dir, "asked.jsonl");
  const params = { protocol: 1, client: { name: "test", version: "1" } };
  const lines = [
    { id: 0, method: "initialize", params },
    { id: 1, method: "list", params: { contract: "disk_image" } },
  ].map((each) => JSON.stringify({ jsonrpc: "2.0", ...each }));
  // The last line may lack its end.
  await writeFile(asked, lines.join("\n"));
  const answered = await served(asked);
  expect(answered.map(({ id }) => id).sort()).toEqual([0, 1]);
  expect(await served("/dev/null")).toEqual([]);
});

async function served(path: string): Promise<readonly Message[]> {
  await using file = await open(path);
  const { exitCode, stdout, stderr } = await guestkit(["rpc"], { stdin: file.fd });
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  const lines = stdout.toString().split("\n");
  return lines.filter((line) => line !== "").map((line) => JSON.parse(line) as Message);
}
