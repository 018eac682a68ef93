import { mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { ControlNode } from "../../support/ansible.ts";
import { guestkit } from "../../support/cli.ts";
import { findEngine } from "../../support/engines.ts";
import { PulumiProject } from "../../support/pulumi.ts";
import { scratch } from "../../support/scratch.ts";
import { workspace } from "../terraform/workspace.ts";

/** What each face says when it is asked for the same two things. */
interface Said {
  readonly ok: boolean;
  /** Lines and frames of Terraform and Pulumi taken away. */
  readonly text: string;
}

const plain = (text: string) => text.replace(/[│╷╵\s]+/g, " ");

/** A project of each face on one host; all declare the image `web.qcow2` and the machine `web`. */
async function faces(host: string) {
  const image = join(host, "web.qcow2");
  const env = { GUESTKIT_DATA_DIR: join(host, "data"), GUESTKIT_RUNTIME_DIR: join(host, "run") };
  await mkdir(join(host, "project"));
  const file = join(host, "project/guestkit.yaml");
  const yaml = {
    declare: async (size: string) =>
      writeFile(
        file,
        `version: 1\nresources:\n  disk_image:\n    web: { path: ${image}, size: ${size} }\n` +
          "  virtual_machine:\n    web: { name: web, running: false, memory: 64M }\n",
      ),
    run: async (...args: string[]): Promise<Said> => {
      const { exitCode, stdout, stderr } = await guestkit([...args, "--file", file], { env });
      return { ok: exitCode === 0, text: plain(stdout + stderr) };
    },
  };
  const binary = { terraform: findEngine("terraform") ?? findEngine("tofu"), pulumi: findEngine("pulumi") };
  const engine = { name: "terraform", path: String(binary.terraform) };
  const body = (size: string) =>
    `resource "guestkit_disk_image" "web" {\n  path = "${image}"\n  size = "${size}"\n}\n` +
    'resource "guestkit_virtual_machine" "web" {\n  name = "web"\n  running = false\n  memory = "64M"\n}\n';
  const terraform = binary.terraform ? await workspace(engine, body("16M"), env) : null;
  const pulumi = binary.pulumi ? await PulumiProject.create(binary.pulumi, join(host, "pulumi")) : null;
  for (const [name, value] of Object.entries({
    dataDir: env.GUESTKIT_DATA_DIR,
    runtimeDir: env.GUESTKIT_RUNTIME_DIR,
  })) {
    await pulumi?.pulumi("config", "set", `guestkit:${name}`, value);
  }
  const playbook = findEngine("ansible-playbook");
  const ansible = playbook ? new ControlNode(join(host, "ansible"), playbook, env) : null;
  await ansible?.install();
  return { image, yaml, terraform: terraform && { at: terraform, body }, pulumi, ansible };
}

const program = (image: string, size: string, options = "{}") => `
  new guestkit.DiskImage("web", { path: ${JSON.stringify(image)}, size: "${size}" }, ${options});
`;

/** What identifies both things as the very ones that they were. */
const marks = async (host: string) =>
  Promise.all(
    ["web.qcow2", "data/machines/web/ssh_key"].map(async (path) => {
      const { ino, mtimeMs } = await stat(join(host, path));
      return [ino, mtimeMs];
    }),
  );

it("one name in every face: nothing is taken until a face is told to, and then the others are refused", async () => {
  const host = await scratch("faces");
  const { image, yaml, terraform, pulumi, ansible } = await faces(host);
  const owner = async () => JSON.parse(await readFile(join(host, ".web.qcow2.guestkit.json"), "utf8")).owner;
  await yaml.declare("16M");
  expect(await yaml.run("apply", "--auto-approve")).toMatchObject({ ok: true });
  const made = await marks(host);
  const belongs = (whose: string) => expect.stringContaining(`belongs to ${whose}`);
  const prod = `guestkit.yaml:${(await owner()).project}`;

  const planned = await terraform?.at.plan();
  const said = plain(`${planned?.stdout}${planned?.stderr}`);
  if (terraform) {
    expect([planned?.code, said]).toEqual([1, belongs(prod)]);
    expect(said).toContain(`terraform import guestkit_disk_image.NAME "${image}"`);
    expect(said).toContain('terraform import guestkit_virtual_machine.NAME "web"');
  }
  await pulumi?.write(program(image, "32M"));
  const previewed = await pulumi?.preview();
  if (previewed) expect([previewed.code === 0, plain(previewed.text)]).toEqual([false, belongs(prod)]);
  if (previewed) expect(plain(previewed.text)).toContain(`import: { import: "${image}" }`);
  for (const [module, args] of [
    ["guestkit_disk_image", { path: image, size: "32M" }],
    ["guestkit_virtual_machine", { name: "web", state: "absent" }],
  ] as const) {
    const task = await ansible?.task(module, args);
    if (task) expect(task.result).toMatchObject({ failed: true, code: "E_OWNER", msg: belongs(prod) });
    if (task) expect(task.result.msg).toContain(`owner: "${prod}"`);
  }
  expect(await marks(host)).toEqual(made);

  if (terraform) {
    await terraform.at.succeed("import", "-input=false", "guestkit_disk_image.web", image);
    // An import only reads: the first change takes it.
    expect(await owner()).toMatchObject({ face: "guestkit.yaml" });
    await terraform.at.configure(terraform.body("32M").split('resource "guestkit_virtual_machine"')[0] ?? "");
    expect((await terraform.at.plan()).code).toBe(2);
    await terraform.at.apply();
    expect((await terraform.at.plan()).code).toBe(0);
    const { face, project } = await owner();
    expect(face).toBe("terraform");
    expect(await yaml.run("plan")).toMatchObject({ ok: false, text: belongs("terraform:") });
    const acts = { path: image, size: "32M", owner: `${face}:${project}` };
    if (ansible) expect((await ansible.task("guestkit_disk_image", acts)).result).toMatchObject({ changed: false });
    expect(await owner()).toEqual({ face, project });
  }
  if (pulumi) {
    await pulumi.write(program(image, "32M", `{ import: ${JSON.stringify(image)} }`));
    const taken = await pulumi.up();
    expect(taken.code, taken.text).toBe(0);
    expect(await owner()).toEqual({ face: "pulumi", project: "test/test" });
    const left = await terraform?.at.run("plan", "-destroy", "-input=false");
    if (left) expect([left.code, plain(left.stdout + left.stderr)]).toEqual([1, belongs("pulumi:test/test")]);
    if (left) expect(plain(left.stderr)).toContain("terraform state rm guestkit_disk_image.NAME");
  }
  expect((await stat(image)).ino).toBe(made[0]?.[0]);
  expect((await yaml.run("destroy", "--auto-approve")).ok).toBe(true);
  expect((await stat(image)).ino).toBe(made[0]?.[0]);
  if (pulumi) expect((await pulumi.destroy()).code).toBe(0);
  if (pulumi) await expect(stat(image)).rejects.toThrow();
});
