import { execFileSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { belongsHere } from "../../support/slow.ts";
import { onEveryEngine, workspace } from "./workspace.ts";

const SECRET = "correct-horse-battery";

onEveryEngine((engine) => {
  it("keeps a write-only value out of plan, state and record, and applies again when its version rises", async () => {
    const body = (version: number) => `variable "secret" {
      type      = string
      ephemeral = true
    }
    resource "guestkit_disk_image" "disk" {
      path   = "disk.qcow2"
      source = { url = "source.qcow2", headers_wo = { Authorization = var.secret }, headers_wo_version = ${version} }
    }
    `;
    const work = await workspace(engine, body(1), { TF_VAR_secret: SECRET });
    execFileSync("qemu-img", ["create", "-q", "-f", "qcow2", join(work.dir, "source.qcow2"), "8M"]);
    await work.succeed("plan", "-input=false", "-out=saved");
    expect(await work.succeed("show", "-json", "saved")).not.toContain(SECRET);
    await work.succeed("apply", "-input=false", "saved");
    for (const name of ["terraform.tfstate", ".disk.qcow2.guestkit.json"]) {
      const text = await readFile(join(work.dir, name), "utf8");
      expect(text).toContain("headers");
      expect(text).not.toContain(SECRET);
    }
    expect((await work.plan()).code).toBe(0);
    await work.configure(body(2));
    expect((await work.plan()).code).toBe(2);
  });
}, belongsHere);
