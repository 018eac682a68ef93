/** Things on two hosts by one program: real sshd, a home each, guestkit brought there by the provider. */
import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { userInfo } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findEngine } from "../../support/engines.ts";
import { PulumiProject } from "../../support/pulumi.ts";
import { type RemoteHost, remoteHost, sshFor } from "../../support/remote-host.ts";
import { scratch } from "../../support/scratch.ts";

const binary = findEngine("pulumi");
const isRoot = userInfo().uid === 0;
const { PATH } = process.env;

describe.skipIf(!binary)("things on two hosts through Pulumi", () => {
  let stack: PulumiProject;
  let hosts: readonly [RemoteHost, RemoteHost];

  beforeAll(async () => {
    const dir = await scratch("pulumi-hosts");
    hosts = [await remoteHost(dir, "a"), await remoteHost(dir, "b", isRoot ? { machineId: "b".repeat(32) } : {})];
    process.env.PATH = [await sshFor(dir, hosts), PATH].join(delimiter);
    stack = await PulumiProject.create(String(binary), join(dir, "project"));
  });

  afterAll(async () => {
    process.env.PATH = PATH;
    for (const { server } of hosts) await server.stop();
  });

  /** The stack's own host is a; one thing is on b. */
  const declare = (size: string, second = '{ host: "b" }') =>
    stack.write(`
      const here = new guestkit.DiskImage("here", { path: "x.qcow2", size: "${size}", files: [] });
      const there = new guestkit.DiskImage("there", { path: "x.qcow2", size: "${size}" }, ${second});
      exports.ids = [here.id, there.id];
      exports.size = guestkit.getImageInfoOutput({ diskImage: there.id }, ${second}).virtualSize;
    `);
  const succeeds = (ran: { code: number; text: string }) => expect(ran, ran.text).toMatchObject({ code: 0 });
  const sizes = () => Promise.all(hosts.map(({ home }) => stat(join(home, "x.qcow2")).then(({ size }) => size > 0)));

  it("are made there, unchanged the second time, and read from where they are", async () => {
    succeeds(await stack.pulumi("config", "set", "guestkit:host", "a"));
    await declare("1M");
    succeeds(await stack.up());
    expect(await sizes()).toEqual([true, true]);
    const ids = hosts.map(({ home }) => join(home, "x.qcow2"));
    expect(await stack.outputs()).toEqual({ ids, size: 1 << 20 });
    succeeds(await stack.preview("--refresh", "--expect-no-changes"));
    const kept = [...(await stack.state()).matchAll(/"__guestkitMachine":\s*\{\s*"host":\s*"(\w+)"/g)];
    // The state has them in the order in which they were made.
    expect(kept.map(([, host]) => host).sort()).toEqual(["a", "b"]);
  });

  it.runIf(isRoot)("are never looked for on another machine", async () => {
    await declare("1M", '{ host: "a" }');
    const moved = await stack.preview();
    expect(moved.code, moved.text).not.toBe(0);
    expect(moved.text).toMatch(/made on host "b".*settings name host "a".*E_HOST_CHANGED/s);
  });

  it("do not count as gone where their host is down, and go on when it is up again", async () => {
    const [, b] = hosts;
    await declare("2M");
    await b.server.stop();
    const half = await stack.up();
    expect(half.code).not.toBe(0);
    expect(half.text).toContain("E_HOST_UNREACHABLE");
    expect(await readdir(b.home)).toContain("x.qcow2");
    await b.server.start();
    succeeds(await stack.up());
    expect(await stack.outputs()).toMatchObject({ size: 2 << 20 });
  });

  it("fail a question about what is not there in words alone, without a trace of the program", async () => {
    await stack.write(`exports.none = guestkit.getImageInfo({ diskImage: "none.img" }, { host: "a" });`);
    const asked = await stack.preview();
    expect(asked.code).not.toBe(0);
    expect(asked.text).toContain("none.img");
    expect(asked.text).not.toMatch(/^\s+at .*:\d+:\d+/m);
  });

  it("are taken over by HOST:ID, and removed", async () => {
    const [a] = hosts;
    const image = join(a.home, "own.raw");
    await writeFile(image, Buffer.alloc(1 << 20));
    await stack.write(
      `new guestkit.DiskImage("own", { path: "own.raw", format: "raw", size: "1M" }, { import: "a:${image}" });`,
    );
    succeeds(await stack.up());
    expect(await readFile(join(a.home, ".own.raw.guestkit.json"), "utf8")).toContain("pulumi");
    expect(await readdir(a.home)).not.toContain("x.qcow2");
    succeeds(await stack.destroy());
    for (const { home } of hosts) expect((await readdir(home)).filter((name) => /qcow2|raw/.test(name))).toEqual([]);
  });
});
