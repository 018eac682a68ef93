import { once } from "node:events";
import { readFile, rm, stat } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { findEngine } from "../../support/engines.ts";
import { PulumiProject } from "../../support/pulumi.ts";
import { run } from "../../support/run.ts";
import { scratch } from "../../support/scratch.ts";

const binary = findEngine("pulumi");

/** A class as an SDK of the native provider has it, without one. */
const SDK = `
class DiskImage extends pulumi.CustomResource {
  constructor(name, args, options) {
    super("guestkit:index:DiskImage", name, { virtualSize: undefined, format: undefined, ...args }, options);
  }
}
`;

/** One image, and what else the program declares. */
const image = (args: string, more = "") => `${SDK}
  const image = new DiskImage("image", ${args});
  ${more}
  exports.id = image.id;
  exports.virtualSize = image.virtualSize;
  exports.seen = pulumi.runtime.invokeOutput("guestkit:index:getImageInfo", { diskImage: image.id }).apply((info) => info.format);
`;

/** A raw image whose content nobody but it may have. */
const LOCKED = `new DiskImage("locked", {
  path: "locked.raw",
  format: "raw",
  size: "16M",
  layout: { partitions: [{ name: "data", filesystem: "ext4" }] },
  files: [{ path: "/secret", secretContent: "very-secret-text" }],
});`;

const succeeds = (ran: { code: number; text: string }) => expect(ran, ran.text).toMatchObject({ code: 0 });

describe.skipIf(!binary)("the native provider, installed as a plugin", () => {
  let stack: PulumiProject;
  const at = (name: string) => join(stack.folder, name);
  beforeAll(async () => {
    stack = await PulumiProject.create(String(binary), join(await scratch("pulumi-native"), "project"));
    await stack.installProvider();
  });

  it("takes an image over by `pulumi import`", async () => {
    const hand = at("hand.qcow2");
    await run("qemu-img", ["create", "-q", "-f", "qcow2", hand, "32M"]);
    await stack.write("");
    const imported = await stack.pulumi(
      ...["import", "guestkit:index:DiskImage", "image", hand],
      ...["--yes", "--protect=false", "--generate-code=false"],
    );
    succeeds(imported);
    await stack.write(image(`{ path: "${hand}", size: ${32 << 20} }`));
    succeeds(await stack.preview("--expect-no-changes"));
    succeeds(await stack.destroy());
    await expect(stat(hand)).rejects.toThrow();
  });

  it("makes images, unchanged the second time, and keeps a secret given as plain text out of the state", async () => {
    await stack.write(image('{ path: "web.qcow2", size: "64M" }', LOCKED));
    succeeds(await stack.preview());
    succeeds(await stack.up());
    expect(await stack.outputs()).toEqual({ id: at("web.qcow2"), virtualSize: 64 << 20, seen: "qcow2" });
    expect(await readFile(at("locked.raw"), "latin1")).toContain("very-secret-text");
    expect(await stack.state()).not.toContain("very-secret-text");
    succeeds(await stack.preview("--expect-no-changes"));
  });

  it("shows each property that changes, sees drift, and removes what it made", async () => {
    const path = at("web.qcow2");
    await stack.write(image('{ path: "web.qcow2", size: "128M", format: "raw" }', LOCKED));
    const shown = await stack.preview("--diff");
    succeeds(shown);
    expect(shown.text).toContain("+-guestkit:index:DiskImage: (replace)");
    expect(shown.text).toContain('~ format: "qcow2" => "raw"');
    expect(shown.text).toContain('size  : "64M" => "128M"');

    // A refresh ends though the declaration cannot be brought about; what would is told before anything is done.
    await stack.write(image('{ path: "web.qcow2", size: "64M" }', LOCKED));
    await run("qemu-img", ["resize", "-q", path, "96M"]);
    succeeds(await stack.refresh());
    const shrinking = (await stack.preview()).text;
    expect(shrinking).toContain("E_SHRINK");
    // What is refused does not come about in any way.
    expect(shrinking).not.toContain("in place");

    await rm(path);
    const refreshed = await stack.refresh();
    succeeds(refreshed);
    expect(refreshed.text).toContain("- 1 deleted");
    succeeds(await stack.up());
    expect((await stat(path)).isFile()).toBe(true);
    succeeds(await stack.destroy());
    for (const name of ["web.qcow2", "locked.raw"]) await expect(stat(at(name))).rejects.toThrow();
  });

  it("ends ten images with one Ctrl-C", async () => {
    // It answers, and then never goes on.
    const asked = new Set<string>();
    const server = createServer((request, response) => {
      asked.add(String(request.url));
      response.writeHead(200, { "content-length": 1 << 20 }).write("x");
    });
    await once(server.listen(0, "127.0.0.1"), "listening");
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await stack.write(`${SDK}
      for (let at = 0; at < 10; at++)
        new DiskImage("image" + at, { path: at + ".raw", format: "raw", source: { url: "${url}/" + at + ".raw", format: "raw" } });
    `);
    const up = stack.start("up", "--yes", "--skip-preview", "--parallel", "10");
    const ended = once(up, "exit");
    await expect.poll(() => asked.size).toBe(10);
    up.kill("SIGINT");
    expect(await ended).not.toEqual([0, null]);
    for (let at = 0; at < 10; at++) await expect(stat(join(stack.folder, `${at}.raw`))).rejects.toThrow();
    server.closeAllConnections();
    server.close();
  });
});
