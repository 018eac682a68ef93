import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { guestkitText } from "../../support/cli.ts";
import { makeForeignRoot, SMALL_SYSTEM } from "../../support/foreign-roots.ts";
import { lockedVolumes } from "../../support/locked-volumes.ts";
import { filesWith, SecretWatch } from "../../support/secret-watch.ts";
import { belongsHere } from "../../support/slow.ts";
import { onEveryEngine, workspace } from "./workspace.ts";

onEveryEngine((engine) => {
  it("reads LVM on LUKS over two disks by an ephemeral key of the provider, which is kept nowhere", async () => {
    const work = await workspace(engine, "");
    const { first, second, passphrase, keyFile } = await lockedVolumes(work.dir);
    const laptop = join(work.dir, "laptop.img");
    await makeForeignRoot("xfs in LVM", laptop, SMALL_SYSTEM, keyFile);
    await work.configure(`
      variable "passphrase" {
        type      = string
        ephemeral = true
      }
      provider "guestkit" {
        keys = { for device in ["/dev/sdb", "/dev/sda2"] : device => { passphrase = var.passphrase } }
      }
      data "guestkit_file_content" "leaf" {
        disk_image = ${JSON.stringify(first)}
        further_disks = [${JSON.stringify(second)}]
        filesystem = "/dev/vg0/root"
        path       = "/deep/er/leaf"
      }
      data "guestkit_inspection" "laptop" { disk_image = ${JSON.stringify(laptop)} }
      output "system" {
        value = [data.guestkit_inspection.laptop.root, data.guestkit_inspection.laptop.packages[*].name]
      }
      data "guestkit_image_sbom" "laptop" { disk_image = ${JSON.stringify(laptop)} }
      output "list" { value = data.guestkit_image_sbom.laptop.content }
      output "leaf" { value = data.guestkit_file_content.leaf.content }
    `);
    const secrets = join(work.dir, "secret.tfvars");
    await writeFile(secrets, `passphrase = ${JSON.stringify(passphrase)}\n`);
    await using watch = new SecretWatch([passphrase]);
    const shown = await work.apply(`-var-file=${secrets}`);
    expect(shown).toMatch(/leaf = <<-?EOT\s+leaf\s+EOT/);
    const list = await guestkitText(["sbom", laptop, "--key", `*:file:${keyFile}`]);
    expect(await work.outputs()).toMatchObject({ system: ["/dev/vg0/root", ["one", "two"]], list });
    expect(shown).not.toContain(passphrase);
    expect(watch.found).toEqual([]);
    const kept = await filesWith([passphrase], [work.dir]);
    expect(kept.filter((each) => !/\/(?:key|secret\.tfvars): /.test(each))).toEqual([]);
  });
}, belongsHere);
