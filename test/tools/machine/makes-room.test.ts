import { mkdir, readdir, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { expect, it } from "vitest";
import { guestkit, guestkitText } from "../../support/cli.ts";
import { scratch } from "../../support/run.ts";

const dir = await scratch("makes-room");

/** A port that is free now. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

async function project(name: string) {
  const cwd = join(dir, name);
  await mkdir(cwd);
  const env = {
    GUESTKIT_DATA_DIR: join(cwd, "machines"),
    GUESTKIT_CACHE_DIR: join(cwd, "cache"),
    GUESTKIT_RUNTIME_DIR: join(cwd, "run"),
  };
  const apply = async (resources: object) => {
    await writeFile(join(cwd, "guestkit.yaml"), JSON.stringify({ version: 1, resources }));
    return await guestkit(["apply", "--auto-approve"], { cwd, env });
  };
  return { cwd, apply, text: (...args: string[]) => guestkitText(args, { cwd, env }) };
}

/** A blank one that runs nothing, and is told to quit at once. */
const machine = (name: string, image: string, host_port: number, rest: object = {}) => ({
  ...{ name, preflight: "off", wait_for: [], memory: "64M", timeouts: { stop: 0 }, ...rest },
  disks: { root: { image } },
  networks: { default: { forwards: { ssh: { guest_port: 22, host_port } } } },
});

it("a machine that is no longer declared makes room for what is: its image, its port, and files that become folders", async () => {
  const { cwd, apply, text } = await project("machine");
  const port = await freePort();
  const before = await apply({
    disk_image: { data: { path: "data.img", size: "16M" }, place: { path: "place", size: "1M" } },
    cloud_init_seed: { seed: { path: "seed.img", user_data: "#cloud-config\n{}\n" } },
    virtual_machine: { old: machine("room-old", "${disk_image.data.id}", port) },
  });
  expect(before).toMatchObject({ exitCode: 0 });
  const { exitCode, stderr } = await apply({
    disk_image: {
      data: { path: "data.img", size: "16M", format: "raw" },
      seed: { path: "seed.img", size: "16M" },
      inner: { path: "place/inner.img", size: "16M" },
    },
    virtual_machine: { new: machine("room-new", "${disk_image.inner.id}", port) },
  });
  expect(stderr).not.toMatch(/Cannot|taken by/);
  expect(exitCode).toBe(0);
  expect(await text("plan")).toContain("No changes");
  expect(await readdir(join(cwd, "machines/machines"))).toEqual(["room-new"]);
  await text("destroy", "--auto-approve");
});

it("a machine under another name, and an image at another path, leave the old ones behind in one apply", async () => {
  const { cwd, apply, text } = await project("moved");
  const port = await freePort();
  const named = (name: string, path: string) => ({
    disk_image: { data: { path, size: "16M" } },
    virtual_machine: { web: machine(name, "${disk_image.data.id}", port) },
  });
  expect(await apply(named("room-a", "a.img"))).toMatchObject({ exitCode: 0 });
  for (const [name, path] of [["room-b", "a.img"] as const, ["room-b", "b.img"] as const]) {
    const { exitCode, stderr } = await apply(named(name, path));
    expect([exitCode, stderr]).toEqual([0, expect.not.stringContaining("Cannot")]);
    expect(await text("plan")).toContain("No changes");
  }
  expect(await readdir(join(cwd, "machines/machines"))).toEqual(["room-b"]);
  expect((await readdir(cwd)).filter((each) => each.endsWith(".img"))).toEqual(["b.img"]);
  await text("destroy", "--auto-approve");
});
