import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, it } from "vitest";
import { findEngine } from "../../support/engines.ts";
import { ansibleDriver } from "./ansible-driver.ts";
import type { Driver, Run } from "./driver.ts";
import { pulumiDriver } from "./pulumi-driver.ts";
import { scenario } from "./scenario.ts";
import { terraformDriver } from "./terraform-driver.ts";
import { yamlDriver } from "./yaml-driver.ts";

const direct: Run = async (file, args, { cwd, env }) => {
  const run = await execa(file, args, { cwd, env: { ...env }, all: true, reject: false, stdin: "ignore" });
  return { code: run.exitCode ?? -1, stdout: run.stdout, text: run.all };
};

interface Candidate {
  readonly name: string;
  readonly binary: string | null;
  readonly open: (binary: string, folder: string) => Promise<Driver>;
}

const candidates: readonly Candidate[] = [
  { name: "guestkit.yaml", binary: "guestkit", open: (_, folder) => yamlDriver(folder, direct) },
  ...["terraform", "tofu"].map((name) => ({
    name,
    binary: findEngine(name),
    open: (binary: string, folder: string) => terraformDriver(name, binary, folder, direct),
  })),
  {
    name: "ansible",
    binary: findEngine("ansible-playbook"),
    open: (binary, folder) => ansibleDriver(binary, folder, direct),
  },
  {
    name: "pulumi",
    binary: findEngine("pulumi"),
    open: (binary, folder) => pulumiDriver(binary, folder, direct),
  },
];

describe.each(candidates)("one declaration through $name", ({ binary, open }) => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "guestkit-acceptance-"));
    await chmod(folder, 0o755);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it.skipIf(!binary)("is made, inspected, mended, grown, replaced, protected and removed", async () => {
    await scenario(await open(String(binary), join(folder, "engine")), folder);
  });
});
