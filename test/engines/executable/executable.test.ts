import { execFile } from "node:child_process";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { repository } from "../../support/engines.ts";
import { belongsHere } from "../../support/slow.ts";
import { ONE_IMAGE, type UserWithoutNode, userWithoutNode } from "../../support/user-without-node.ts";
import { onEveryEngine } from "../terraform/workspace.ts";

let user: UserWithoutNode;
let program: string;
beforeAll(async () => {
  user = await userWithoutNode();
  program = join(user.home, "guestkit");
  const build = ["--conditions=guestkit-source", join(repository, "scripts/executable.ts"), program];
  await promisify(execFile)(process.execPath, build);
});
afterAll(() => user[Symbol.asyncDispose]());
const guestkit = (...args: readonly string[]) => user.run(program, args);

describe("the single executable, for a user without Node", () => {
  it("makes images and looks into them, several at once in threads", async () => {
    expect(await user.run("sh", ["-c", "command -v node nodejs || true"])).toBe("");
    expect(await guestkit("--version")).toMatch(/^guestkit \d.*node 24/);
    for (const name of ["a.qcow2", "b.qcow2"]) await guestkit("create", "--size", "16M", "--fs", "ext4", name);
    expect(await guestkit("ls", "a.qcow2", "/")).toContain("lost+found");
    const reports = (await guestkit("inspect", "--json", "a.qcow2", "b.qcow2", "a.qcow2")).trim().split("\n");
    expect(reports.map((each) => Object.keys(JSON.parse(each)))).toEqual(Array(3).fill(["image", "report"]));
    // Kept answers name the executable that gave them.
    expect(await guestkit("inspect", "--json", "a.qcow2")).toBe(await guestkit("inspect", "--json", "a.qcow2"));
  });

  it("needs no setting of a Node elsewhere, and no folder to keep compiled code in", async () => {
    const env = { NODE_OPTIONS: "--require /nowhere.cjs", HOME: "/nonexistent" };
    expect(await user.run(program, ["version"], env)).toMatch(/^guestkit /);
  });

  it("plans and applies a project file", async () => {
    const project = "version: 1\nresources:\n  disk_image:\n    web: { path: ./web.qcow2, size: 8M }\n";
    await writeFile(join(user.folder, "guestkit.yaml"), project);
    await guestkit("apply", "--auto-approve");
    expect(JSON.parse(await guestkit("plan", "--json"))).toMatchObject({ changes: [] });
  });
});

onEveryEngine(({ name, path }) => {
  it("is the provider where an engine calls it so", async () => {
    const mirror = join(user.folder, `${name}-mirror`);
    for (const registry of ["terraform.io", "opentofu.org"]) {
      const platform = `linux_${process.arch === "x64" ? "amd64" : process.arch}`;
      const place = join(mirror, `registry.${registry}/guestkit/guestkit/0.1.0`, platform);
      await mkdir(place, { recursive: true });
      await symlink(program, join(place, "terraform-provider-guestkit_v0.1.0"));
    }
    const settings = join(user.folder, `${name}.rc`);
    await writeFile(settings, `provider_installation {\n  filesystem_mirror {\n    path = "${mirror}"\n  }\n}\n`);
    await writeFile(join(user.folder, "main.tf"), ONE_IMAGE);
    const engine = await user.bring(path, name);
    const call = (...args: readonly string[]) => user.run(engine, args, { TF_CLI_CONFIG_FILE: settings });
    await call("init", "-input=false");
    expect(await call("apply", "-input=false", "-auto-approve", "-no-color")).toContain("1 added");
    // Exits with 2 where there are changes.
    await call("plan", "-input=false", "-detailed-exitcode");
    expect(await guestkit("info", "--json", "disk.qcow2")).toContain('"qcow2"');
    await call("destroy", "-input=false", "-auto-approve");
  });
}, belongsHere);
