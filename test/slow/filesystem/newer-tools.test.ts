/** What the tools of Debian 12 cannot make, made by those of Debian 13, filled and read again by the host's kernel. */
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { differences, fileSystemFacts, hostFacts } from "../../support/compare-tree.ts";
import { withMount } from "../../support/mounted.ts";
import { newerTools } from "../../support/newer-tools.ts";
import { run, scratch } from "../../support/run.ts";
import { fill as fillBtrfs } from "../../tools/filesystem/btrfs-images.ts";
import { expectSame, withFileSystem as withBtrfs } from "../../tools/filesystem/btrfs-read.ts";
import { withoutStoredAcls, withFileSystem as withXfs } from "../../tools/filesystem/xfs-facts.ts";
import { fill as fillXfs } from "../../tools/filesystem/xfs-images.ts";

const tool = await newerTools();
const dir = await scratch("newer-tools");
const COMMON = ["basic", "sparse", "xattrs"];

async function made(program: string, size: string, options: readonly string[]): Promise<string> {
  const file = join(dir, options.join("").replaceAll(/\W/g, ""));
  await run("truncate", ["-s", size, file]);
  await tool(program, ["-q", ...options, file]);
  return file;
}

describe("xfs", () => {
  it.each([
    ["parent pointers", ["-n", "parent=1"], "PARENT"],
    ["the same in small blocks", ["-b", "size=1024", "-i", "size=512", "-n", "parent=1"], "PARENT"],
    ["exchanged ranges, large counts, a reverse map", ["-i", "exchange=1,nrext64=1", "-m", "rmapbt=1"], "EXCHANGE"],
  ])("with %s is read as the kernel reads it", async (_, options, feature) => {
    const file = await made("mkfs.xfs", "300M", options);
    expect(await tool("xfs_db", ["-r", "-c", "version", file])).toContain(feature);
    await withMount(file, "rw", (mount) =>
      fillXfs(mount, { make: [], parts: [...COMMON, "many"], own: ["links", "directories", "attributes"] }),
    );
    const theirs = await withMount(file, "ro", hostFacts);
    expect(theirs.size).toBeGreaterThan(2000);
    await withXfs(file, async (fs) => {
      expect(differences(await fileSystemFacts(fs), withoutStoredAcls(theirs))).toEqual([]);
      expect(fs.warnings).toEqual([]);
    });
  });

  it("with a tree of metadata files is refused by name", async () => {
    const file = await made("mkfs.xfs", "300M", ["-m", "metadir=1"]);
    await expect(withXfs(file, async () => {})).rejects.toMatchObject({
      code: "E_XFS_FEATURE",
      message: expect.stringContaining("metadir"),
    });
  });
});

describe("btrfs", () => {
  it.each([
    ["a tree of block groups", ["-O", "block-group-tree"]],
    ["the same and simple quotas", ["-O", "block-group-tree,squota"]],
  ])("with %s is read as the kernel reads it", async (_, options) => {
    const file = await made("mkfs.btrfs", "192M", options);
    const told = await run("btrfs", ["inspect-internal", "dump-super", file]);
    expect(told).toMatch(/BLOCK_GROUP_TREE/);
    await withMount(file, "rw", (mount) =>
      fillBtrfs(mount, { make: [], common: COMMON, own: ["subvolumes", "clones"] }),
    );
    const theirs = await withMount(file, "ro", hostFacts);
    expect(theirs.size).toBeGreaterThan(20);
    await withBtrfs([file], async (fs) => {
      await expectSame(fs, theirs);
      expect(fs.warnings).toEqual([]);
    });
  });

  it("with subvolumes that mkfs itself made of a folder, compressed, is read as the kernel reads it", async () => {
    const tree = join(dir, "tree");
    await run("sh", [
      "-euc",
      'mkdir -p "$1/root/etc" "$1/home"; seq 100000 > "$1/root/etc/many"; ln "$1/root/etc/many" "$1/root/twice"',
      "sh",
      tree,
    ]);
    const options = ["--rootdir", tree, "--compress", "zstd", "--subvol", "default:root", "--subvol", "ro:home"];
    const file = await made("mkfs.btrfs", "192M", options);
    const theirs = await withMount(file, "ro,subvolid=5", hostFacts);
    await withBtrfs([file], async (fs) => {
      expect(fs.subvolumes?.map(({ path, isDefault }) => [path, isDefault])).toEqual([
        ["", false],
        ["root", true],
        ["home", false],
      ]);
      const top = fs.subvolumes?.find(({ path }) => path === "")?.fs;
      if (top) await expectSame(top, theirs);
      expect(top).toBeDefined();
    });
  });
});
