/** Another file takes a source's name between the look at it and its copy: what was looked at is what is copied. */
import { readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { beforeTool } from "../../support/before-tool.ts";
import { guestkitText } from "../../support/cli.ts";
import { run, scratch } from "../../support/run.ts";
import { MIB } from "./workbench.ts";

const dir = await scratch("swap");
const at = (name: string) => join(dir, name);
const SECRET = "HOST-ONLY-SECRET";
await writeFile(at("host"), SECRET.padEnd(MIB, "\n"), { mode: 0o600 });
await run("qemu-img", ["create", "-q", "-f", "qcow2", at("good.qcow2"), "1M"]);
await run("qemu-io", ["-f", "qcow2", "-c", "write -q -P 0x41 0 1M", at("good.qcow2")]);
await run("qemu-img", ["create", "-q", "-f", "qcow2", "-F", "raw", "-b", at("host"), at("evil.qcow2")]);

const environment = { GUESTKIT_CACHE_DIR: at("cache"), GUESTKIT_DATA_DIR: at("data"), GUESTKIT_RUNTIME_DIR: at("run") };

/** Applies one image in a project folder of its own; gives the bytes of the raw image. */
async function made(name: string, source: object, PATH = process.env.PATH ?? ""): Promise<Buffer> {
  await mkdir(at(name));
  const disk_image = { made: { path: "./made.raw", format: "raw", source } };
  await writeFile(join(at(name), "guestkit.yaml"), JSON.stringify({ version: 1, resources: { disk_image } }));
  await guestkitText(["apply", "--auto-approve"], { cwd: at(name), env: { ...environment, PATH } });
  return readFileSync(join(at(name), "made.raw"));
}

/** Lays the evil image over a name once qemu-img is about to convert. */
const layOver = (name: string) =>
  beforeTool(
    at(`bin-${name}`),
    "qemu-img",
    `[ "$1" = convert ] && cp ${at("evil.qcow2")} ${at("laid")} && mv -f ${at("laid")} ${at(name)}`,
  );

test("a local source that is renamed over is copied as it was looked at", async () => {
  await run("cp", [at("good.qcow2"), at("local.qcow2")]);
  const bytes = await made("local", { url: at("local.qcow2") }, await layOver("local.qcow2"));
  expect(bytes.equals(Buffer.alloc(MIB, "A"))).toBe(true);
});

test("a local source is copied as its digest was verified", async () => {
  await run("cp", [at("good.qcow2"), at("verified.qcow2")]);
  const sha256 = (await run("sha256sum", [at("good.qcow2")])).slice(0, 64);
  const bytes = await made("verified", { url: at("verified.qcow2"), sha256 }, await layOver("verified.qcow2"));
  expect(bytes.equals(Buffer.alloc(MIB, "A"))).toBe(true);
});

test("a parent of a local source that is renamed over is copied as it was looked at", async () => {
  await run("cp", [at("good.qcow2"), at("parent.qcow2")]);
  await run("qemu-img", ["create", "-q", "-f", "qcow2", "-F", "qcow2", "-b", "parent.qcow2", at("child.qcow2")]);
  const bytes = await made("child", { url: at("child.qcow2") }, await layOver("parent.qcow2"));
  expect(bytes.equals(Buffer.alloc(MIB, "A"))).toBe(true);
});

let asked = 0;
const server = createServer((_, response) => {
  response.setHeader("etag", `"${++asked}"`);
  response.end(readFileSync(at(asked === 1 ? "good.qcow2" : "evil.qcow2")));
});
await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
afterAll(() => server.close().closeAllConnections());

test("a server's second answer never touches the first one, which is in use", async () => {
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/image.qcow2`;
  const wait = `[ "$1" = convert ] && touch ${at("ready")} && while [ ! -e ${at("go")} ]; do sleep 0.02; done`;
  const first = made("first", { url }, await beforeTool(at("bin-wait"), "qemu-img", wait));
  await Promise.race([first, run("sh", ["-c", `while [ ! -e ${at("ready")} ]; do sleep 0.02; done`])]);
  await expect(made("second", { url })).rejects.toThrow("has a backing file");
  await writeFile(at("go"), "");
  expect((await first).equals(Buffer.alloc(MIB, "A"))).toBe(true);
  expect(asked).toBe(2);
});
