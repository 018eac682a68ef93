import { execFile } from "node:child_process";
import { chown, cp, mkdir, readdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { repository } from "../../support/engines.ts";
import { type OrdinaryUser, ordinaryUser } from "../../support/ordinary-user.ts";
import { run } from "../../support/run.ts";
import { onEveryEngine, type TestEngine } from "./workspace.ts";

const execute = promisify(execFile);

/** The example's folder in that user's home, with an engine that finds the provider in a mirror of the user's own. */
async function prepare(engine: TestEngine, user: OrdinaryUser) {
  const project = join(user.home, "project");
  const provider = join(user.home, "provider");
  await cp(join(repository, "provider/dist"), join(provider, "dist"), { recursive: true });
  await cp(join(repository, "provider/package.json"), join(provider, "package.json"));
  await run(user.node, [join(provider, "dist/install.mjs"), join(user.home, "mirror")]);
  await cp(join(repository, "examples/terraform/debian-image"), project, { recursive: true });
  await chown(project, user.uid, user.gid);
  const rc = join(user.home, "terraformrc");
  await writeFile(rc, `provider_installation {\n  filesystem_mirror {\n    path = "${user.home}/mirror"\n  }\n}\n`);
  // An engine below /root cannot be run by that user.
  const binary = join(user.home, engine.name);
  await cp(engine.path, binary);
  const cache = join(user.home, ".cache");
  await mkdir(cache);
  await chown(cache, user.uid, user.gid);
  const { PATH = "", GUESTKIT_MIRROR } = process.env;
  const env = {
    ...{ HOME: user.home, PATH, TF_CLI_CONFIG_FILE: rc, CHECKPOINT_DISABLE: "1", TF_IN_AUTOMATION: "1" },
    ...(GUESTKIT_MIRROR !== undefined && { GUESTKIT_MIRROR }),
  };
  const terraform = async (...args: string[]) => {
    const options = { cwd: project, uid: user.uid, gid: user.gid, env, maxBuffer: 64 << 20 };
    return (await execute(binary, [...args, "-no-color"], options)).stdout;
  };
  return { project, terraform };
}

onEveryEngine((engine) => {
  it("builds the Debian example as an ordinary user, finds it unchanged, and removes it without a trace", async () => {
    await using user = await ordinaryUser();
    const { project, terraform } = await prepare(engine, user);
    await terraform("init", "-input=false");
    await terraform("apply", "-input=false", "-auto-approve");
    const image = join(project, "debian.qcow2");
    expect((await stat(image)).uid).toBe(user.uid);

    const { system } = JSON.parse(await terraform("output", "-json")) as { system: { value: Record<string, unknown> } };
    expect(system.value).toMatchObject({
      ...{ type: "linux", distro: "debian", version: "12", hostname: "web", arch: "x86_64" },
      name: "Debian GNU/Linux 12 (bookworm)",
    });
    expect(system.value.packages).toBeGreaterThan(100);

    expect(await terraform("plan", "-input=false", "-detailed-exitcode")).toContain("No changes");
    await terraform("destroy", "-input=false", "-auto-approve");
    const left = (await readdir(project)).filter((name) => name.includes("debian"));
    expect(left).toEqual([]);
  });
});
