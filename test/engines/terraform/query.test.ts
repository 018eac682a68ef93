import { execFileSync } from "node:child_process";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { onNextTerraform, type Workspace, workspace } from "./workspace.ts";

/** A machine with nothing to boot. */
const MACHINE = `resource "guestkit_virtual_machine" "m" {
  name      = "found"
  memory    = "64M"
  preflight = "off"
  networks  = {}
  running   = false
}
`;

const LISTS = (folder: string) => `list "guestkit_virtual_machine" "machines" {
  provider = guestkit
}
list "guestkit_disk_image" "images" {
  provider = guestkit
  config {
    folder = "${folder}"
  }
}
`;

const query = (work: Workspace, lists: string) => writeFile(join(work.dir, "found.tfquery.hcl"), lists);

const image = (path: string, format: string) => execFileSync("qemu-img", ["create", "-q", "-f", format, path, "64M"]);

/** Forgets all that the state has: it is there all the same. */
const forget = (work: Workspace) => rm(join(work.dir, "terraform.tfstate"), { force: true });

const identities = async (work: Workspace) => {
  const state = JSON.parse(await readFile(join(work.dir, "terraform.tfstate"), "utf8")) as {
    resources: { type: string; instances: { identity?: unknown }[] }[];
  };
  return Object.fromEntries(state.resources.map(({ type, instances }) => [type, instances[0]?.identity]));
};

onNextTerraform((engine) => {
  it("finds machines and a folder's images, and writes configurations that plan imports alone", async () => {
    const work = await workspace(engine, `provider "guestkit" {}\n${MACHINE}`);
    await work.apply();
    await forget(work);
    const images = join(work.dir, "images");
    await mkdir(images);
    image(join(images, "a.qcow2"), "qcow2");
    await writeFile(join(images, "notes.txt"), "no image");
    await work.configure('provider "guestkit" {}\n');
    await query(work, LISTS(images));
    const said = await work.succeed("query", "-generate-config-out=generated.tf");
    expect(said).toContain(join(images, "a.qcow2"));
    expect(said).toContain("found");
    expect(said).not.toContain("notes.txt");
    const generated = await readFile(join(work.dir, "generated.tf"), "utf8");
    expect(generated).toContain('"64M"');
    await rm(join(work.dir, "found.tfquery.hcl"));
    const { code, stdout, stderr } = await work.plan();
    expect([code, stderr]).toEqual([2, expect.anything()]);
    expect(stdout).toContain("Plan: 2 to import, 0 to add, 0 to change, 0 to destroy.");
    await work.apply();
    expect((await work.plan()).code).toBe(0);
    expect(await identities(work)).toEqual({
      guestkit_disk_image: { path: join(images, "a.qcow2"), host: null },
      guestkit_virtual_machine: { name: "found", host: null },
    });
  });

  it("takes over by identity, and names a host that the provider has not", async () => {
    const importing = (more: string) => `import {
  to       = guestkit_disk_image.a
  identity = { path = "\${path.cwd}/a.qcow2"${more} }
}
resource "guestkit_disk_image" "a" {
  path = "\${path.cwd}/a.qcow2"
  size = "64M"
}
`;
    const work = await workspace(engine, importing(', host = "far"'));
    image(join(work.dir, "a.qcow2"), "qcow2");
    const refused = await work.plan();
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining("E_IMPORT_HOST")]);
    await work.configure(importing(""));
    expect(await work.apply()).toContain("1 imported, 0 added, 0 changed, 0 destroyed");
    expect((await work.plan()).code).toBe(0);
  });

  it("says what is wrong with a question, and of what cannot be read", async () => {
    const work = await workspace(engine, 'provider "guestkit" {}\n');
    await query(work, LISTS("/nowhere"));
    const { code, stderr } = await work.run("query");
    expect([code, stderr]).toEqual([1, expect.stringContaining("E_LIST_FOLDER")]);
    image(join(work.dir, "a.qcow2"), "qcow2");
    image(join(work.dir, "b.qcow2"), "qcow2");
    await writeFile(join(work.dir, ".a.qcow2.guestkit.json"), "{");
    await query(work, LISTS(work.dir));
    const found = await work.run("query", "-generate-config-out=generated.tf");
    expect(found.code).toBe(0);
    expect(found.stdout).toContain("b.qcow2");
    expect(found.stdout + found.stderr).toContain("E_RECORD");
  });
});
