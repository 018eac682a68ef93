import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { lockedVolumes } from "../../support/locked-volumes.ts";
import { filesWith, SecretWatch } from "../../support/secret-watch.ts";
import { onEveryEngine, workspace } from "./workspace.ts";

onEveryEngine((engine) => {
  it("reads LVM on LUKS over two disks by an ephemeral key of the provider, which is kept nowhere", async () => {
    const work = await workspace(engine, "");
    const { first, second, passphrase } = await lockedVolumes(work.dir);
    await work.configure(`
      variable "passphrase" {
        type      = string
        ephemeral = true
      }
      provider "guestkit" {
        keys = { "/dev/sdb" = { passphrase = var.passphrase } }
      }
      data "guestkit_file_content" "leaf" {
        disk_image = ${JSON.stringify(first)}
        with       = [${JSON.stringify(second)}]
        filesystem = "/dev/vg0/root"
        path       = "/deep/er/leaf"
      }
      output "leaf" { value = data.guestkit_file_content.leaf.content }
    `);
    const secrets = join(work.dir, "secret.tfvars");
    await writeFile(secrets, `passphrase = ${JSON.stringify(passphrase)}\n`);
    await using watch = new SecretWatch([passphrase]);
    const shown = await work.apply(`-var-file=${secrets}`);
    expect(shown).toMatch(/leaf = <<-?EOT\s+leaf\s+EOT/);
    expect(shown).not.toContain(passphrase);
    expect(watch.found).toEqual([]);
    const kept = await filesWith([passphrase], [work.dir]);
    expect(kept.filter((each) => !/\/(?:key|secret\.tfvars): /.test(each))).toEqual([]);
  });
});
