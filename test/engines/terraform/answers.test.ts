import { createHash } from "node:crypto";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { belongsHere } from "../../support/slow.ts";
import { imageWith } from "./image-with.ts";
import { onEveryEngine, workspace } from "./workspace.ts";

const PASSWORD = "correct-horse-battery";

onEveryEngine((engine) => {
  it("computes by functions, and says which argument is wrong", async () => {
    const work = await workspace(
      engine,
      `output "bytes" { value = provider::guestkit::parse_size("20GB") }
      output "mac" { value = provider::guestkit::mac_for("web", "net0") }
      output "digests" {
        value = [provider::guestkit::file_digest("a"), provider::guestkit::file_digest("a", "sha512")]
      }`,
    );
    await writeFile(join(work.dir, "a"), "text");
    await work.apply();
    const digest = (algorithm: string) => createHash(algorithm).update("text").digest("hex");
    expect(await work.outputs()).toEqual({
      bytes: 20e9,
      mac: "52:54:00:0c:bf:6f",
      digests: [digest("sha256"), digest("sha512")],
    });
    await work.configure(`output "wrong" { value = provider::guestkit::file_digest("nowhere", "md5") }`);
    const { code, stderr } = await work.plan();
    expect([code, stderr]).toEqual([1, expect.stringMatching(/"algorithm".*none of the known values/s)]);
  });

  it("hands secrets on to write-only attributes, and no plan or state holds them", async () => {
    const work = await workspace(
      engine,
      `variable "password" {
        type      = string
        ephemeral = true
      }
      ephemeral "guestkit_password_hash" "admin" { password = var.password }
      ephemeral "guestkit_key_pair" "host" { comment = "web" }
      ephemeral "guestkit_file_content" "motd" {
        disk_image = "disk.raw"
        path       = "/secret"
      }
      resource "guestkit_cloud_init_seed" "users" {
        path  = "users.iso"
        users = {
          admin = {
            password_hash_wo         = ephemeral.guestkit_password_hash.admin.hash
            password_hash_wo_version = 1
          }
        }
      }
      resource "guestkit_cloud_init_seed" "host" {
        path                        = "host.iso"
        secret_user_data_wo_version = 1
        secret_user_data_wo         = <<-EOT
          #cloud-config
          ssh_keys: \${jsonencode({ ed25519_private = ephemeral.guestkit_key_pair.host.private_key })}
          final_message: \${jsonencode(ephemeral.guestkit_file_content.motd.content)}
        EOT
      }`,
      { TF_VAR_password: PASSWORD },
    );
    await imageWith(work.dir, "from the image");
    await work.succeed("plan", "-input=false", "-out=saved");
    const shown = await work.succeed("show", "-json", "saved");
    await work.succeed("apply", "-input=false", "saved");
    const seeds = await Promise.all(["users.iso", "host.iso"].map((name) => readFile(join(work.dir, name), "latin1")));
    expect(seeds[0]).toMatch(/\$6\$[./0-9A-Za-z]{16}\$/);
    expect(seeds[1]).toContain("BEGIN OPENSSH PRIVATE KEY");
    expect(seeds[1]).toContain("from the image");
    const files = (await readdir(work.dir)).filter((name) => /tfstate|guestkit\.json/.test(name));
    const kept = await Promise.all(files.map((name) => readFile(join(work.dir, name), "utf8")));
    expect(kept.length).toBeGreaterThan(2);
    for (const text of [shown, ...kept]) {
      expect(text).not.toMatch(/\$6\$|OPENSSH PRIVATE|from the image/);
      expect(text).not.toContain(PASSWORD);
    }
    expect((await work.plan()).code).toBe(0);
  });
}, belongsHere);
