import { execFileSync } from "node:child_process";
import { access } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { belongsHere } from "../../support/slow.ts";
import { rewriteFile, tamper } from "../../support/tamper.ts";
import { onEveryEngine, workspace } from "./workspace.ts";

const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );

onEveryEngine((engine) => {
  it("names the file that was changed inside the image, and mends it in place", async () => {
    const work = await workspace(
      engine,
      `resource "guestkit_disk_image" "disk" {
        path   = "disk.qcow2"
        size   = "32M"
        layout = { partitions = [{ name = "data", filesystem = "ext4" }] }
        files  = [{ path = "/motd", content = "as declared" }, { path = "/kept", content = "kept" }]
      }
      data "guestkit_file_content" "motd" {
        disk_image = guestkit_disk_image.disk.id
        path       = "/motd"
        depends_on = [guestkit_disk_image.disk]
      }
      output "motd" { value = data.guestkit_file_content.motd.content }
      `,
    );
    await work.apply();
    expect((await work.plan()).code).toBe(0);
    expect(await work.outputs()).toEqual({ motd: "as declared" });

    await tamper(join(work.dir, "disk.qcow2"), await rewriteFile("/motd", "tampered"));
    const { code, stdout, stderr } = await work.plan();
    expect(code).toBe(2);
    expect(stdout).toContain("will be updated in-place");
    expect(stdout + stderr).toMatch(/disk\.qcow2 is not as it was declared[\s\S]*files[\s\S]*\/motd/);

    await work.apply();
    expect(await work.outputs()).toEqual({ motd: "as declared" });
    expect((await work.plan()).code).toBe(0);
  });

  it("keeps a protected image, and a backing file under its overlay", async () => {
    const body = (kept: boolean) => `resource "guestkit_disk_image" "base" {
      path              = "base.qcow2"
      size              = "8M"
      delete_protection = ${kept}
    }
    `;
    const work = await workspace(engine, body(true));
    const base = join(work.dir, "base.qcow2");
    await work.apply();
    const kept = await work.run("destroy", "-input=false", "-auto-approve");
    expect(kept.code).toBe(1);
    expect(kept.stderr).toContain("delete_protection");

    await work.configure(body(false));
    await work.apply();
    execFileSync("qemu-img", [
      "create",
      "-q",
      "-f",
      "qcow2",
      "-b",
      base,
      "-F",
      "qcow2",
      join(work.dir, "overlay.qcow2"),
    ]);
    const leaned = await work.run("destroy", "-input=false", "-auto-approve");
    expect(leaned.code).toBe(1);
    expect(leaned.stderr).toContain("overlay.qcow2");
    expect(await exists(base)).toBe(true);
  });

  it("removes a backing file and its overlay together, in the right order", async () => {
    const work = await workspace(
      engine,
      `resource "guestkit_disk_image" "base" {
        path = "base.qcow2"
        size = "8M"
      }
      resource "guestkit_disk_image" "overlay" {
        path         = "overlay.qcow2"
        backing_file = guestkit_disk_image.base.id
      }
      `,
    );
    await work.apply();
    await work.succeed("destroy", "-input=false", "-auto-approve");
    expect(await exists(join(work.dir, "base.qcow2"))).toBe(false);
  });
}, belongsHere);
