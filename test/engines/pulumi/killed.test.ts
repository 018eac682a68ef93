import { once } from "node:events";
import { readdir, readFile, readlink } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { expect, it } from "vitest";
import { findEngine } from "../../support/engines.ts";
import { PulumiProject } from "../../support/pulumi.ts";
import { scratch } from "../../support/scratch.ts";

const binary = findEngine("pulumi");

it.skipIf(!binary)("nothing goes on after Pulumi was killed in the middle of a download", async () => {
  const folder = join(await scratch("pulumi"), "project");
  // The first bytes of an image that never ends.
  const server = createServer((_, response) => {
    response.writeHead(200, { "content-length": 1 << 30 });
    response.write(Buffer.alloc(1 << 16));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/base.raw`;
  try {
    const stack = await PulumiProject.create(String(binary), folder);
    await stack.write(
      `new guestkit.DiskImage("image", { path: "web.raw", format: "raw", source: { url: "${url}" } });`,
    );
    const pulumi = stack.start("up", "--yes", "--skip-preview");
    const downloading = new Promise<void>((resolve) => {
      server.on("request", (request) => request.method === "GET" && resolve());
    });
    await Promise.race([downloading, once(pulumi, "exit").then(() => Promise.reject(new Error("it ended")))]);
    expect(await providers(folder)).toHaveLength(1);

    pulumi.kill("SIGKILL");
    await expect.poll(() => providers(folder)).toEqual([]);
    expect((await readdir(folder)).filter((name) => name.startsWith("web"))).toEqual([]);
  } finally {
    server.closeAllConnections();
    server.close();
  }
});

/** Processes that run guestkit's resources for the project in `folder`. */
async function providers(folder: string): Promise<string[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(
    pids.map(async (pid) => {
      const cwd = await readlink(`/proc/${pid}/cwd`).catch(() => "");
      if (cwd !== folder) return [];
      const command = (await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")).replaceAll("\0", " ");
      return command.includes("/cmd/dynamic-provider") && !command.includes("console.log") ? [`${pid} ${command}`] : [];
    }),
  );
  return lines.flat();
}
