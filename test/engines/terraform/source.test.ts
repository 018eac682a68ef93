import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, it } from "vitest";
import { foreignSources } from "../../support/foreign-sources.ts";
import { run } from "../../support/run.ts";
import { belongsHere } from "../../support/slow.ts";
import { onEveryEngine, workspace } from "./workspace.ts";

const DISK = Buffer.alloc(1 << 20, 7);
const PACKED = gzipSync(DISK);
const digest = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");

const body = (source: string) => `
  resource "guestkit_disk_image" "copy" {
    path   = "copy.img"
    format = "raw"
    source = { ${source} }
  }
  `;

onEveryEngine((engine) => {
  it("unpacks a source that a file of checksums vouches for, and names what is no disk at plan", async () => {
    const sums = 'sha256 = "SHA256SUMS", unpacked_sha256 = "SHA256SUMS"';
    const work = await workspace(engine, body(`url = "disk.img.gz", format = "raw", ${sums}`));
    const missing = await work.plan();
    expect(missing.code).toBe(1);
    expect(missing.stderr).toContain("E_SOURCE_MISSING");
    await writeFile(join(work.dir, "disk.img.gz"), PACKED);
    await writeFile(join(work.dir, "SHA256SUMS"), `${digest(PACKED)}  disk.img.gz\n${digest(DISK)} *disk.img\n`);
    await work.apply();
    expect((await readFile(join(work.dir, "copy.img"))).equals(DISK)).toBe(true);
    expect((await work.plan()).code).toBe(0);
    await work.configure(body('url = "SHA256SUMS"'));
    const refused = await work.plan();
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain("E_SOURCE_FORMAT");
  });

  it.runIf(belongsHere(engine.name))(
    "makes images of a VMDK in an OVA, one of its members, a VHDX and a streamed .xz, and plans no change",
    async () => {
      const work = await workspace(engine, "");
      await using made = await foreignSources(work.dir);
      const images = Object.entries(made.sources).map(
        ([name, source]) => `resource "guestkit_disk_image" "${name}" {
        path   = "${name}.qcow2"
        source = ${JSON.stringify(source)}
      }
      `,
      );
      await work.configure(images.join(""));
      await work.apply();
      for (const name of Object.keys(made.sources))
        await run("qemu-img", ["compare", "-f", "qcow2", "-F", "raw", join(work.dir, `${name}.qcow2`), made.seed]);
      expect((await work.plan()).code).toBe(0);
    },
  );
});
