import { execFile } from "node:child_process";
import { copyFile, cp, readFile, symlink } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { onEveryEngine, surroundings, Workspace } from "../../engines/terraform/workspace.ts";
import { nodeFolder, repository } from "../../support/engines.ts";
import { fixture } from "../../support/fixture.ts";
import { holds } from "../../support/proof.ts";

const execute = promisify(execFile);
const examples = join(repository, "examples/cdktf");
const FAMILIES = ["cdktf", "cdktn"];

/** The example's packages, from the registry once and then from the cache. */
async function packages(family: string): Promise<string> {
  const names = ["package.json", "package-lock.json"];
  const recipe = await Promise.all(names.map((name) => readFile(join(examples, family, name), "utf8")));
  return fixture(
    family,
    recipe,
    async (dir) => {
      for (const name of names) await copyFile(join(examples, family, name), join(dir, name));
      await execute("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], { cwd: dir });
    },
    (dir) => holds(dir, ["node_modules/.package-lock.json"]),
  );
}

onEveryEngine((engine) => {
  it.each(FAMILIES)("%s: bindings from the real schema, a typed program, synthesised and applied", async (family) => {
    const modules = await packages(family);
    const { home, env } = await surroundings();
    const dir = join(home, "program");
    await cp(join(examples, family), dir, {
      recursive: true,
      filter: (path) => !/node_modules|\.gen|\.out|build/.test(path),
    });
    await symlink(join(modules, "node_modules"), join(dir, "node_modules"));
    const run = (file: string, ...args: string[]) =>
      execute(file, args, {
        cwd: dir,
        env: { ...env, PATH: `${nodeFolder}:${env.PATH}`, TERRAFORM_BINARY_NAME: engine.path },
      });

    await run("node", join(examples, "bindings.mjs"));
    await run(join(repository, "node_modules/.bin/tsc"), "-p", ".");
    await run("npm", "run", "-s", "synth");

    const work = new Workspace(engine, join(dir, "cdktf.out/stacks/disks"), env);
    await work.init();
    await work.apply();
    expect(await work.outputs()).toEqual({
      orders_size: 64 * 2 ** 20,
      orders_filesystem: "ext4",
      customers_size: 64 * 2 ** 20,
      customers_filesystem: "ext4",
    });
    expect((await work.plan()).code).toBe(0);
    await work.succeed("destroy", "-input=false", "-auto-approve");
  });
});
