import { execFile } from "node:child_process";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { repository } from "../../support/engines.ts";
import { scratch } from "../../support/run.ts";
import { onEveryEngine, Workspace } from "./workspace.ts";

const execute = promisify(execFile);

onEveryEngine((engine) => {
  it("finds the provider where npm run provider:install puts it, without any configuration", async () => {
    const home = await scratch("home");
    const settings = join(home, "empty.tfrc");
    await writeFile(settings, "");
    const env = {
      ...process.env,
      HOME: home,
      XDG_CACHE_HOME: home,
      TF_CLI_CONFIG_FILE: settings,
      CHECKPOINT_DISABLE: "1",
    };
    await execute("npm", ["run", "-s", "provider:install"], { cwd: repository, env });

    const dir = join(home, "work");
    await mkdir(dir);
    const work = new Workspace(engine, dir, env);
    await work.configure('resource "guestkit_disk_image" "disk" {\n  path = "disk.qcow2"\n  size = "8M"\n}\n');
    await work.init();
    expect((await work.plan()).code).toBe(2);

    expect(await work.succeed("version")).toMatch(/registry\.(terraform\.io|opentofu\.org)\/guestkit\/guestkit v\d/);
  });

  it("agrees with the layout of every example in the provider's pages", async () => {
    const dir = await scratch("pages");
    const pages = join(repository, "provider/docs");
    const names = (await readdir(pages, { recursive: true })).filter((name) => name.endsWith(".md"));
    expect(names.length).toBeGreaterThan(4);
    for (const [at, name] of names.entries()) {
      const text = await readFile(join(pages, name), "utf8");
      const examples = [...text.matchAll(/```terraform\n([\s\S]*?)```/g)].map(([, code]) => code);
      await writeFile(join(dir, `${at}.tf`), examples.join("\n"));
    }
    await new Workspace(engine, dir, process.env).succeed("fmt", "-check", "-diff");
  });
});
