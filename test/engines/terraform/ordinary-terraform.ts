import { execFile } from "node:child_process";
import { chown, cp, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { repository } from "../../support/engines.ts";
import type { OrdinaryUser } from "../../support/ordinary-user.ts";
import { run } from "../../support/run.ts";
import type { TestEngine } from "./workspace.ts";

const execute = promisify(execFile);

export interface OrdinaryTerraform {
  /** The example's folder. */
  readonly project: string;
  readonly env: Readonly<Record<string, string>>;
  terraform(...args: string[]): Promise<string>;
  /** Runs a shell line as that user. */
  shell(line: string): Promise<string>;
}

/** An example's folder in an ordinary user's home, with an engine that finds the provider in a mirror of the user's own. */
export async function ordinaryTerraform(
  engine: TestEngine,
  user: OrdinaryUser,
  example: string,
): Promise<OrdinaryTerraform> {
  const project = join(user.home, "project");
  const provider = join(user.home, "provider");
  await cp(join(repository, "provider/dist"), join(provider, "dist"), { recursive: true });
  await cp(join(repository, "provider/package.json"), join(provider, "package.json"));
  await run(user.node, [join(provider, "dist/install.mjs"), join(user.home, "mirror")]);
  await cp(join(repository, "examples/terraform", example), project, { recursive: true });
  await chown(project, user.uid, user.gid);
  const rc = join(user.home, "terraformrc");
  await writeFile(rc, `provider_installation {\n  filesystem_mirror {\n    path = "${user.home}/mirror"\n  }\n}\n`);
  // An engine below /root cannot be run by that user.
  const binary = join(user.home, engine.name);
  await cp(engine.path, binary);
  for (const name of [".cache", "data", "run"]) {
    await mkdir(join(user.home, name), { mode: 0o700 });
    await chown(join(user.home, name), user.uid, user.gid);
  }
  const { PATH = "", GUESTKIT_MIRROR } = process.env;
  const env = {
    ...{ HOME: user.home, PATH, TF_CLI_CONFIG_FILE: rc, CHECKPOINT_DISABLE: "1", TF_IN_AUTOMATION: "1" },
    ...{ GUESTKIT_DATA_DIR: join(user.home, "data"), GUESTKIT_RUNTIME_DIR: join(user.home, "run") },
    ...(GUESTKIT_MIRROR !== undefined && { GUESTKIT_MIRROR }),
  };
  const options = { cwd: project, uid: user.uid, gid: user.gid, env, maxBuffer: 64 << 20 };
  return {
    project,
    env,
    terraform: async (...args) => (await execute(binary, [...args, "-no-color"], options)).stdout,
    shell: async (line) => (await execute("/bin/sh", ["-c", line], options)).stdout,
  };
}
