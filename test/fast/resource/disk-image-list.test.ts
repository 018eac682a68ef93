import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeRecord } from "@guestkit/core/engine";
import { contractOf } from "@guestkit/core/model";
import { createEngine } from "@guestkit/core/resource";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const contract = contractOf("disk_image");
let folder = "";

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "guestkit-list-"));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

/** A disk of 64 KiB with a boot sector, and what else is said of it. */
function disk(marks: Readonly<Record<number, string>> = {}): Buffer {
  const bytes = Buffer.alloc(64 << 10);
  bytes.write("\x55\xaa", 510, "latin1");
  for (const [at, mark] of Object.entries(marks)) bytes.write(mark, Number(at), "latin1");
  return bytes;
}

const put = (files: Readonly<Record<string, Buffer | string>>) =>
  Promise.all(Object.entries(files).map(([name, content]) => writeFile(join(folder, name), content)));

const list = () => createEngine({ settings: { dataDir: join(folder, "data") } }).list(contract, { folder });

describe("the images in a folder", () => {
  it("are disks that can be told from any other file, in their order", async () => {
    const qcow2 = Buffer.alloc(64 << 10);
    qcow2.write("QFI\xfb\0\0\0\x03", 0, "latin1");
    await put({ "b.img": disk(), "a.qcow2": qcow2, "notes.txt": "hello", "zero.img": Buffer.alloc(1 << 20) });
    await put({ "hybrid.iso": disk({ 32769: "CD001" }), "odd.img": Buffer.concat([disk(), Buffer.alloc(3)]) });
    await put({ ".hidden.img": disk(), "empty.img": "" });
    await mkdir(join(folder, "inner.img"));
    await symlink(join(folder, "b.img"), join(folder, "link.img"));
    expect(await list()).toEqual(["a.qcow2", "b.img"].map((name) => join(folder, name)));
  });

  it("are those that guestkit keeps, and none of its other files", async () => {
    await put({ "kept.img": Buffer.alloc(1 << 20), "seed.img": disk() });
    const made = { origin: "created", owner: null, declared: {}, details: {} } as const;
    await writeRecord(join(folder, "kept.img"), { contract: "disk_image", ...made });
    await writeRecord(join(folder, "seed.img"), { contract: "cloud_init_seed", ...made });
    expect(await list()).toEqual([join(folder, "kept.img")]);
  });

  it("are told of by name where there is no such folder", async () => {
    const engine = createEngine();
    const missing = join(folder, "missing");
    await expect(engine.list(contract, { folder: missing })).rejects.toMatchObject({
      code: "E_LIST_FOLDER",
      at: { field: ["folder"] },
    });
    await expect(engine.list(contract, {})).rejects.toMatchObject({ code: "E_FIELD_REQUIRED" });
  });
});
