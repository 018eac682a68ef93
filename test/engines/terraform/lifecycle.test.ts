import { execFile } from "node:child_process";
import { access, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { belongsHere } from "../../support/slow.ts";
import { onEveryEngine, workspace } from "./workspace.ts";

const execute = promisify(execFile);
const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );

async function imageInfo(path: string): Promise<{ format: string; "virtual-size": number }> {
  const { stdout } = await execute("qemu-img", ["info", "--output=json", path]);
  return JSON.parse(stdout);
}

const image = (fields: string) => `resource "guestkit_disk_image" "disk" {\n${fields}\n}\n`;
const GIB = 2 ** 30;

onEveryEngine((engine) => {
  it("makes an image, then has nothing to do, grows it in place, replaces it and removes it", async () => {
    const work = await workspace(engine, image('path = "disk.qcow2"\nsize = "1G"'));
    const path = join(work.dir, "disk.qcow2");
    await work.apply();
    expect(await imageInfo(path)).toMatchObject({ format: "qcow2", "virtual-size": GIB });
    expect((await work.plan()).code).toBe(0);

    await work.configure(image('path = "disk.qcow2"\nsize = "1024M"'));
    expect((await work.plan()).code).toBe(0);

    await work.configure(image('path = "disk.qcow2"\nsize = "2G"'));
    const growing = await work.plan();
    expect(growing.code).toBe(2);
    expect(growing.stdout).toContain("will be updated in-place");
    await work.apply();
    expect((await imageInfo(path))["virtual-size"]).toBe(2 * GIB);
    expect((await work.plan()).code).toBe(0);

    await work.configure(image('path = "disk.qcow2"\nsize = "2G"\nformat = "raw"'));
    const replacing = await work.plan();
    expect(replacing.stdout).toMatch(/format\s+= "qcow2" -> "raw" # forces replacement/);
    await work.apply();
    expect((await imageInfo(path)).format).toBe("raw");
    expect((await work.plan()).code).toBe(0);

    await work.succeed("destroy", "-input=false", "-auto-approve");
    expect(await exists(path)).toBe(false);
  });
});

onEveryEngine((engine) => {
  it("sees that an image is gone, and makes it again", async () => {
    const work = await workspace(engine, image('path = "disk.qcow2"\nsize = "1G"'));
    await work.apply();
    await rm(join(work.dir, "disk.qcow2"));
    const { code, stdout, stderr } = await work.plan();
    expect(code).toBe(2);
    expect(stdout).toContain("will be created");
    expect(stdout + stderr).toContain("disk.qcow2 is gone");
    await work.apply();
    expect((await work.plan()).code).toBe(0);
  });

  it("imports an image made by hand with an empty plan, and adopts a declaration added later", async () => {
    const work = await workspace(engine, image('path = "hand.qcow2"\nformat = "qcow2"\nsize = "1G"'));
    await execute("qemu-img", ["create", "-q", "-f", "qcow2", join(work.dir, "hand.qcow2"), "1G"]);
    await work.succeed("import", "-input=false", "guestkit_disk_image.disk", "hand.qcow2");
    const { code, stdout } = await work.plan();
    expect(stdout).toContain("No changes");
    expect(code).toBe(0);

    // Written in another way and said to be a copy: the image stays as it is.
    await execute("qemu-img", ["create", "-q", "-f", "qcow2", join(work.dir, "source.qcow2"), "1G"]);
    await work.configure(image('path = "./hand.qcow2"\nsize = "1024M"\nsource = { url = "source.qcow2" }'));
    const adopting = await work.plan();
    expect(adopting.stdout).toContain("will be updated in-place");
    expect(adopting.stdout + adopting.stderr).toMatch(/Warning: source: the image stays as it is/);
    await work.apply();
    expect((await work.plan()).code).toBe(0);
  });

  it("says which thing cannot be imported", async () => {
    const work = await workspace(engine, image('path = "none.qcow2"\nsize = "1G"'));
    const { code, stderr } = await work.run("import", "guestkit_disk_image.disk", "none.qcow2");
    expect(code).toBe(1);
    expect(stderr).toMatch(/Cannot import disk_image ".*none.qcow2"/);
  });

  it("neither overwrites nor removes a file that it did not make", async () => {
    const work = await workspace(engine, image('path = "precious"\nsize = "1G"'));
    const path = join(work.dir, "precious");
    await writeFile(path, "mine\n");
    const { code, stderr } = await work.run("apply", "-input=false", "-auto-approve");
    expect(code).toBe(1);
    expect(stderr).toContain("precious");
    expect(await readFile(path, "utf8")).toBe("mine\n");
  });

  it("plans with a path that is not known yet", async () => {
    const body = `resource "terraform_data" "name" { input = "later" }
      ${image(`path = "\${terraform_data.name.output}.qcow2"\nsize = "1G"`)}
      output "id" { value = guestkit_disk_image.disk.id }
      data "guestkit_image_info" "disk" { disk_image = guestkit_disk_image.disk.id }
      output "info" { value = data.guestkit_image_info.disk }`;
    const work = await workspace(engine, body);
    const { code, stdout } = await work.plan();
    expect(code).toBe(2);
    expect(stdout).toMatch(/path\s+= \(known after apply\)/);
    await work.apply();
    const { id, info } = await work.outputs();
    expect(id).toBe(join(work.dir, "later.qcow2"));
    expect(info).toMatchObject({ format: "qcow2", virtual_size: GIB });
    expect((await work.plan()).code).toBe(0);
  });

  it("validates a module whose variables choose between fields that exclude one another", async () => {
    const body = `variable "size" { default = null }
      variable "url" { default = null }
      variable "base" { default = null }
      variable "format" { default = "raw" }
      ${image(`path = "disk.img"\nsize = var.size\nformat = var.format\nbacking_file = var.base
        source = var.url == null ? null : { url = var.url }`)}`;
    const work = await workspace(engine, body);
    await work.succeed("validate");
    await work.apply("-var=size=1M");
    expect((await work.plan("-var=size=1M")).code).toBe(0);
    const both = await work.plan("-var=base=base.qcow2", "-var=url=source.qcow2", "-var=format=qcow2");
    expect([both.code, both.stderr]).toEqual([1, expect.stringContaining("E_FIELD_CONFLICT")]);
  });

  it("runs the roadmap's configuration: a blank image has no system, and nothing fails", async () => {
    const work = await workspace(engine, await roadmap());
    await work.apply();
    expect((await work.outputs()).os_info).toEqual({ type: null, distro: null, version: null });
    expect((await work.plan()).code).toBe(0);
  });
}, belongsHere);

/** The example, its image beside it instead of below /var/lib. */
async function roadmap(): Promise<string> {
  const file = join(import.meta.dirname, "../../../examples/terraform/blank/main.tf");
  return (await readFile(file, "utf8"))
    .replace(/terraform \{[\s\S]*?\n\}\n/, "")
    .replace("/var/lib/libvirt/images/", "");
}
