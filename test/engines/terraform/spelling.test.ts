import { createHash } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { belongsHere } from "../../support/slow.ts";
import { onEveryEngine, workspace } from "./workspace.ts";

const DISK = Buffer.alloc(1 << 20, 7);
const DIGEST = createHash("sha256").update(DISK).digest("hex");

interface Spelling {
  readonly url: string;
  readonly sha256: string;
  readonly mode: string;
  readonly memory: string;
  readonly mac: string;
  readonly image: string;
  readonly file: string;
}

const body = ({ url, sha256, mode, memory, mac, image, file }: Spelling) => `
  resource "guestkit_disk_image" "copy" {
    path   = "copy.img"
    format = "raw"
    source = { url = "${url}", sha256 = "${sha256}" }
    mode   = "${mode}"
  }
  resource "guestkit_virtual_machine" "web" {
    name       = "spelling"
    running    = false
    memory     = "${memory}"
    preflight  = "off"
    depends_on = [guestkit_disk_image.copy]
    disks      = { root = { image = "${image}", format = "raw" } }
    networks   = { lan = { mac = "${mac}" } }
    cloud_init = { write_files = [{ path = "${file}", content = "x" }] }
  }
  output "kept" { value = [guestkit_disk_image.copy.source.url, guestkit_virtual_machine.web.networks.lan.mac] }
  `;

onEveryEngine((engine) => {
  it("plans nothing for another spelling of the same, and keeps the one of the state", async () => {
    const first: Spelling = {
      url: "./img/base.img",
      sha256: DIGEST.toUpperCase(),
      mode: "644",
      memory: "256M",
      mac: "52:54:00:AA:BB:CC",
      image: "./copy.img",
      file: "/etc//motd",
    };
    const work = await workspace(engine, body(first));
    await mkdir(join(work.dir, "img"));
    await writeFile(join(work.dir, "img/base.img"), DISK);
    await work.apply();
    expect((await work.plan()).code).toBe(0);
    const kept = { kept: [first.url, first.mac] };
    expect(await work.outputs()).toEqual(kept);

    await work.configure(
      body({
        url: `file://${work.dir}/img/../img/base.img`,
        sha256: `sha256:${DIGEST}`,
        mode: "0644",
        memory: "262144K",
        mac: "52-54-00-aa-bb-cc",
        image: `${work.dir}/copy.img`,
        file: "/etc/motd",
      }),
    );
    const again = await work.plan();
    expect([again.code, again.stdout]).toEqual([0, expect.stringContaining("No changes")]);
    await work.apply();
    expect(await work.outputs()).toEqual(kept);
  });

  it("changes nothing but the words where what was left out is given", async () => {
    const work = await workspace(
      engine,
      `resource "guestkit_virtual_machine" "silent" {
      name    = "silent"
      running = false
    }
    `,
    );
    await work.apply();
    await work.configure(`resource "guestkit_virtual_machine" "silent" {
      name     = "silent"
      running  = false
      networks = { default = { forwards = { ssh = { guest_port = 22 } } } }
      timeouts = {}
    }
    `);
    const { code, stdout } = await work.plan();
    expect(code).toBe(2);
    expect(stdout).toContain("0 to add, 1 to change, 0 to destroy");
    await work.apply();
    expect((await work.plan()).code).toBe(0);
  });
}, belongsHere);
