import { readdir, readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, it } from "vitest";
import { HANG_MS } from "../../support/hang.ts";
import { onEveryEngine, workspace } from "./workspace.ts";

const COUNT = 10;
const APPLY = ["apply", "-input=false", "-auto-approve"];

/** Serves an image that never ends, to as many as ask. */
let server: Server;
let waiting = 0;
beforeEach(async () => {
  waiting = 0;
  server = createServer((request, response) => {
    response.writeHead(200, { "content-length": String(2 ** 30), "accept-ranges": "none" });
    if (request.method === "HEAD") return response.end();
    waiting++;
    return response.write(Buffer.alloc(65536));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

/** Ten different images, so that no two share a download. */
const body = () => `resource "guestkit_disk_image" "disk" {
  count  = ${COUNT}
  path   = "disk-\${count.index}.qcow2"
  source = { url = "http://127.0.0.1:${(server.address() as AddressInfo).port}/\${count.index}.raw", format = "raw" }
}
`;

async function until(condition: () => boolean | Promise<boolean>, limit: number): Promise<void> {
  const end = Date.now() + limit;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`not so after ${limit} ms: ${condition}`);
    await sleep(50);
  }
}

/** Process ids of all descendants. */
async function descendants(root: number): Promise<number[]> {
  const parents = new Map<number, number>();
  for (const name of await readdir("/proc")) {
    const stat = /^\d+$/.test(name) && (await readFile(`/proc/${name}/stat`, "utf8").catch(() => ""));
    if (stat) parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]));
  }
  const below = (pid: number): number[] =>
    [...parents].filter(([, parent]) => parent === pid).flatMap(([child]) => [child, ...below(child)]);
  return below(root);
}

/** Gone, or a zombie that nobody reaps here. */
async function isGone(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  return stat === "" || stat.slice(stat.lastIndexOf(")") + 2).startsWith("Z");
}

onEveryEngine((engine) => {
  it(`makes ${COUNT} images side by side, and Ctrl-C stops them though their server never answers`, async () => {
    const work = await workspace(engine, body());
    const child = work.start(APPLY, { detached: true });
    const closed = new Promise<number | null>((resolve) => child.on("close", resolve));
    let stderr = "";
    child.stderr?.on("data", (chunk) => (stderr += chunk));
    await until(() => waiting === COUNT, 60_000);
    const began = Date.now();
    // A terminal sends it to the whole group: the engine, the provider and whatever works for it.
    process.kill(-(child.pid as number), "SIGINT");
    expect(await closed).toBe(1);
    expect(Date.now() - began).toBeLessThan(HANG_MS);
    expect(stderr).toContain("interrupted");
    expect((await readdir(work.dir)).filter((name) => name.includes("disk-"))).toEqual([]);
  });

  it("leaves no process behind when the engine is killed", async () => {
    const work = await workspace(engine, body());
    const child = work.start(APPLY);
    await until(() => waiting === COUNT, 60_000);
    const pids = await descendants(child.pid as number);
    expect(pids.length).toBeGreaterThan(0);
    child.kill("SIGKILL");
    await until(async () => (await Promise.all(pids.map(isGone))).every(Boolean), 5000);
    expect((await readdir(work.dir)).filter((name) => /^disk-/.test(name))).toEqual([]);
  });
});
