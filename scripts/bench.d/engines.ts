import { chmod, cp, mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { stringify } from "yaml";
import { ControlNode } from "../../test/support/ansible.ts";
import { findEngine } from "../../test/support/engines.ts";
import { type Build, builds, foldersAt } from "./builds.ts";
import type { Case } from "./cases.ts";
import type { Command } from "./measure.ts";

const IMAGES = 300;
const CALLS = 10;

const shellQuote = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;

/** Cases through Terraform and Ansible, where they are installed; close to remove what was made for them. */
export async function engineCases(): Promise<{ readonly cases: readonly Case[]; readonly close: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), "guestkit-bench-engines-"));
  const [terraform, playbook] = ["terraform", "ansible-playbook"].map(findEngine);
  const cases = [
    ...(terraform ? [await terraformCase(terraform, folder)] : []),
    ...(playbook ? [await ansibleCase(playbook, folder)] : []),
  ];
  return { cases, close: () => rm(folder, { recursive: true, force: true }) };
}

async function terraformCase(program: string, folder: string): Promise<Case> {
  const [ours, ...peers] = await Promise.all(builds().map((build) => apply(program, folder, build)));
  return {
    title: `engine: Terraform's apply of ${IMAGES} images, the provider's peak of memory`,
    aim: "at most 140 MiB",
    ours: ours as Command,
    peers,
  };
}

async function apply(terraform: string, folder: string, { name, root, isOurs }: Build): Promise<Command> {
  const at = join(folder, `terraform-${name}`);
  const [mirror, config, peak] = ["mirror", "terraform.rc", "peak"].map((each) => join(at, each)) as [
    string,
    string,
    string,
  ];
  await mkdir(at);
  const { stdout } = await execa(process.execPath, [join(root, "provider/dist/install.mjs"), mirror]);
  for (const place of stdout.split("\n")) await watch(place, peak);
  await writeFile(config, `provider_installation {\n  filesystem_mirror {\n    path = "${mirror}"\n  }\n}\n`);
  await writeFile(
    join(at, "main.tf"),
    `terraform {
  required_providers {
    guestkit = { source = "guestkit/guestkit" }
  }
}
resource "guestkit_disk_image" "many" {
  count = ${IMAGES}
  path  = "\${path.module}/i\${count.index}.qcow2"
  size  = "64M"
}
`,
  );
  const env = { ...foldersAt(at), TF_CLI_CONFIG_FILE: config, HOME: at };
  await execa(terraform, ["init", "-input=false"], { cwd: at, env });
  const call = (verb: string) => `cd ${at} && ${terraform} ${verb} -input=false -auto-approve >/dev/null`;
  return {
    name,
    shell: call("apply"),
    prepare: `${call("destroy")} && rm -f ${peak}`,
    peak,
    runs: isOurs ? 3 : 1,
    env,
  };
}

/** Lets the provider below a mirror's folder note how much memory it took. */
async function watch(place: string, peak: string): Promise<void> {
  const { stdout } = await execa("find", [place, "-name", "terraform-provider-*", "-type", "f"]);
  const launcher = stdout.trim();
  await rename(launcher, join(place, "launcher"));
  await writeFile(launcher, `#!/bin/sh\nexec /usr/bin/time -a -o ${shellQuote(peak)} -f %M "\${0%/*}/launcher"\n`);
  await chmod(launcher, 0o755);
}

async function ansibleCase(playbook: string, folder: string): Promise<Case> {
  const [ours, ...before] = await Promise.all(
    builds().map((build) => calls(playbook, folder, build, "guestkit.guestkit.guestkit_disk_image")),
  );
  const [first] = builds();
  const stat = await calls(playbook, folder, { ...(first as Build), name: "stat" }, "ansible.builtin.stat");
  return {
    title: `engine: a playbook of ${CALLS} calls`,
    aim: `at most ${CALLS} times 0.2 s more than stat`,
    ours: ours as Command,
    peers: [stat, ...before],
  };
}

/** A playbook that asks `module` for one image again and again. */
async function calls(playbook: string, folder: string, { name, root }: Build, module: string): Promise<Command> {
  const home = join(folder, `ansible-${name}`);
  const command = join(home, "guestkit");
  const image = { path: join(home, "image.qcow2"), ...(module.endsWith("stat") ? {} : { size: "64M" }) };
  const node = new ControlNode(home, playbook, { ...foldersAt(home), GUESTKIT_COMMAND: command });
  await cp(join(root, "ansible/collection"), join(home, "collections/ansible_collections/guestkit/guestkit"), {
    recursive: true,
  });
  await writeFile(command, `#!/bin/sh\nexec ${process.execPath} ${join(root, "cli/dist/guestkit.mjs")} "$@"\n`);
  await chmod(command, 0o755);
  const tasks = Array.from({ length: CALLS }, (_, at) => ({ name: `Call ${at}`, [module]: image }));
  const play = { hosts: "localhost", connection: "local", gather_facts: false, tasks };
  await writeFile(join(home, "playbook.yml"), stringify([play]));
  return { name, shell: `exec ${playbook} ${join(home, "playbook.yml")}`, runs: 5, env: node.env };
}
