import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, it } from "vitest";
import { belongsHere } from "../../support/slow.ts";
import { onEveryEngine, type Workspace, workspace } from "./workspace.ts";

interface Case {
  readonly name: string;
  readonly fields: string;
  /** The line of the configuration that the engine points at. */
  readonly at: string;
  readonly says: readonly string[];
}

const CASES: readonly Case[] = [
  { name: "an unknown format", fields: 'format = "vhd9"', at: 'format = "vhd9"', says: ["Use one of: qcow2, raw"] },
  { name: "no size", fields: 'size = "20X"', at: 'size = "20X"', says: ["It is no size", "20GiB (1024)"] },
  {
    name: "source and backing_file together",
    fields: 'source = { url = "a" }\n  backing_file = "b"',
    at: 'backing_file = "b"',
    says: ["source and backing_file together"],
  },
  {
    name: "a partition's name used twice",
    fields: 'layout = { partitions = [{ name = "a", size = "1M" }, { name = "a" }] }',
    at: "layout = {",
    says: ['layout.partitions[1].name = "a"', "layout.partitions[0] has it already"],
  },
  {
    name: "a mode that is none",
    fields: 'files = [{ path = "/a", content = "b", mode = "rw" }]',
    at: "files = [",
    says: ["files[0].mode"],
  },
];

onEveryEngine((engine) => {
  let work: Workspace;
  beforeAll(async () => {
    work = await workspace(engine, "");
  });
  const configure = (fields: string) =>
    work.configure(`resource "guestkit_disk_image" "disk" {\n  path = "disk.qcow2"\n  ${fields}\n}\n`);

  it.each(CASES)("refuses $name before anything is planned", async ({ fields, at, says }) => {
    await configure(fields);
    const { code, stderr } = await work.run("validate");
    expect(code).toBe(1);
    expect(stderr).toContain(at);
    for (const each of says) expect(stderr).toContain(each);
  });

  it("refuses to shrink at plan, naming the attribute", async () => {
    await configure('size = "2G"');
    await work.apply();
    await configure('size = "1G"');
    const { code, stderr } = await work.plan();
    expect(code).toBe(1);
    expect(stderr).toContain('size = "1G"');
    expect(stderr).toContain("Cannot shrink size");
  });

  it("refuses a size below the source's at plan, naming the attribute", async () => {
    execFileSync("qemu-img", ["create", "-q", "-f", "qcow2", join(work.dir, "source.qcow2"), "3G"]);
    await work.configure(
      'resource "guestkit_disk_image" "copy" {\n  path = "copy.qcow2"\n  size = "1G"\n  source = { url = "source.qcow2" }\n}\n',
    );
    const { code, stderr } = await work.plan("-target=guestkit_disk_image.copy");
    expect(code).toBe(1);
    expect(stderr).toContain('size = "1G"');
  });

  it("refuses at plan to write over a file that guestkit did not make", async () => {
    writeFileSync(join(work.dir, "precious"), "mine\n");
    await work.configure('resource "guestkit_disk_image" "other" {\n  path = "precious"\n  size = "1G"\n}\n');
    const { code, stderr } = await work.plan("-target=guestkit_disk_image.other");
    expect(code).toBe(1);
    expect(stderr).toContain("precious");
    expect(stderr).toMatch(/overwrite|import/);
  });
}, belongsHere);
