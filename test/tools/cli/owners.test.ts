import { cp, mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { guestkit } from "../../support/cli.ts";
import { scratch } from "../../support/scratch.ts";

const root = await scratch("owners");

/** A host on which projects meet: each has a folder, and all declare the same image and the same machine. */
async function host(name: string) {
  const at = (path: string) => join(root, name, path);
  const env = { GUESTKIT_DATA_DIR: at("data"), GUESTKIT_RUNTIME_DIR: at("run") };
  const image = `    web: { path: ${at("web.qcow2")}, size: SIZE }\n`;
  const machine = "    web: { name: web, running: false, memory: 64M }\n";
  return {
    at,
    env,
    declare: async (file: string, size = "16M", head = "") => {
      const text = `version: 1\n${head}resources:\n  disk_image:\n${image}  virtual_machine:\n${machine}`;
      await mkdir(join(at(file), ".."), { recursive: true });
      await writeFile(at(file), text.replace("SIZE", size));
    },
    run: async (verb: string, file: string, ...args: string[]) => {
      const approve = verb === "apply" || verb === "destroy" ? ["--auto-approve"] : [];
      const { exitCode, stdout, stderr } = await guestkit([verb, ...args, "--file", at(file), ...approve], { env });
      return { exitCode, said: stdout.toString() + stderr };
    },
    things: async () => {
      const machines = await readdir(at("data/machines")).catch(() => []);
      const files = await readdir(at("."));
      return [...files.filter((each) => each === "web.qcow2"), ...machines.filter((each) => !each.startsWith("."))];
    },
    ownerOf: async () => JSON.parse(await readFile(at(".web.qcow2.guestkit.json"), "utf8")).owner,
  };
}

const ALL = ["web.qcow2", "web"];

it("another project's image and machine are refused, whatever is declared, until an import takes them over", async () => {
  const { declare, run, things, at, ownerOf } = await host("two");
  await declare("p/prod.yaml");
  await declare("p/staging.yaml");
  expect(await run("apply", "p/prod.yaml")).toMatchObject({ exitCode: 0 });
  const refused = await run("apply", "p/staging.yaml");
  expect(refused.exitCode).toBe(1);
  expect(refused.said).toContain(`belongs to guestkit.yaml:${(await ownerOf()).project} ("${at("p/prod.yaml")}")`);
  const ways = [...refused.said.matchAll(/guestkit import (\S+) "([^"]+)"/g)];
  expect(ways.map(([, address]) => address).toSorted()).toEqual(["disk_image.web", "virtual_machine.web"]);
  await run("destroy", "p/staging.yaml");
  expect(await things()).toEqual(ALL);
  for (const [, address = "", id = ""] of ways) {
    expect(await run("import", "p/staging.yaml", address, id)).toMatchObject({ exitCode: 0 });
  }
  await declare("p/staging.yaml", "32M");
  expect(await run("apply", "p/staging.yaml")).toMatchObject({
    exitCode: 0,
    said: expect.not.stringContaining("Cannot"),
  });
  expect(await run("plan", "p/prod.yaml")).toMatchObject({ exitCode: 1 });
  const left = await run("destroy", "p/prod.yaml");
  expect([left.exitCode, left.said.match(/by now: it is left alone/g)?.length]).toEqual([0, 2]);
  expect(await things()).toEqual(ALL);
  expect(await run("destroy", "p/staging.yaml")).toMatchObject({ exitCode: 0 });
  expect(await things()).toEqual([]);
});

it("a copied project owns nothing of the original's, a lost list loses nothing, a moved file says who it is", async () => {
  const { declare, run, things, at } = await host("copied");
  await declare("first/guestkit.yaml");
  await run("apply", "first/guestkit.yaml");
  await cp(at("first"), at("second"), { recursive: true });
  expect((await run("destroy", "second/guestkit.yaml")).said).toContain("is left alone");
  expect(await run("apply", "second/guestkit.yaml")).toMatchObject({ exitCode: 1 });
  expect(await things()).toEqual(ALL);
  await rm(at("first/.guestkit"), { recursive: true });
  await declare("first/guestkit.yaml", "32M");
  expect(await run("apply", "first/guestkit.yaml")).toMatchObject({ exitCode: 0 });
  await rm(at("second"), { recursive: true });
  await rename(at("first"), at("second"));
  const moved = await run("plan", "second/guestkit.yaml");
  const line = /write "(project: [^"]+)"/.exec(moved.said)?.[1];
  await declare("second/guestkit.yaml", "32M", `${line}\n`);
  expect((await run("plan", "second/guestkit.yaml")).said).toContain("No changes");
  await run("apply", "second/guestkit.yaml");
  expect(await run("destroy", "second/guestkit.yaml")).toMatchObject({ exitCode: 0 });
  expect(await things()).toEqual([]);
});

it("whose a thing is can be asked for, by the name of its owner and his file", async () => {
  const { declare, run, at, env } = await host("asked");
  await declare("guestkit.yaml");
  await run("apply", "guestkit.yaml");
  await guestkit(["create", at("other.qcow2"), "--size", "1M"]);
  const json = async (...args: string[]) =>
    JSON.parse((await guestkit([...args, "--json"], { env })).stdout.toString());
  const owned = { owner: expect.stringMatching(/^guestkit\.yaml:[0-9a-f-]{36}$/), owner_file: at("guestkit.yaml") };
  expect(await json("vm", "list")).toMatchObject(owned);
  expect(await json("vm", "status", "web")).toMatchObject(owned);
  expect(await json("info", at("web.qcow2"))).toMatchObject(owned);
  expect(await json("info", at("other.qcow2"))).toMatchObject({ owner: null, owner_file: null });
  const shown = async (...args: string[]) => (await guestkit(args, { env })).stdout.toString();
  expect(await shown("vm", "status", "web")).toContain(at("guestkit.yaml"));
  expect(await shown("info", at("web.qcow2"))).toMatch(/Owner: +guestkit\.yaml:/);
  expect(await shown("vm", "list")).not.toContain("guestkit.yaml");
});

it("what a command made is nobody's: it is not removed with an entry, and taken when it is changed", async () => {
  const { declare, run, things, at, ownerOf, env } = await host("nobody");
  await declare("guestkit.yaml");
  await guestkit(["create", at("web.qcow2"), "--size", "16M"]);
  expect(await ownerOf()).toBeNull();
  expect(await run("apply", "guestkit.yaml")).toMatchObject({ exitCode: 0 });
  await run("destroy", "guestkit.yaml");
  expect(await things()).toEqual(["web.qcow2"]);
  await declare("guestkit.yaml", "32M");
  expect((await run("apply", "guestkit.yaml")).said).toContain("has no owner yet");
  const owner = { face: "guestkit.yaml", file: at("guestkit.yaml") };
  expect(await ownerOf()).toMatchObject(owner);
  const anew = await guestkit(["create", at("web.qcow2"), "--size", "48M", "--overwrite"]);
  expect(anew).toMatchObject({ exitCode: 0, stderr: expect.stringContaining("belongs to guestkit.yaml:") });
  expect(await ownerOf()).toMatchObject(owner);
  const { stderr } = await guestkit(["vm", "destroy", "web"], { env });
  expect(stderr).toContain('"web" belongs to guestkit.yaml:');
});
