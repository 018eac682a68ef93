import { open } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Facts, hostFacts } from "../../support/compare-tree.ts";
import { withMount } from "../../support/mounted.ts";
import { run, scratch } from "../../support/run.ts";
import { images, SINGLE } from "./btrfs-images.ts";
import { expectSame, withFileSystem } from "./btrfs-read.ts";

describe("btrfs read as the kernel reads it", () => {
  for (const [name, recipe] of Object.entries(SINGLE)) {
    it(name, async () => {
      const files = await images(name, recipe);
      const expected = await withMount(files, "ro", hostFacts);
      await withFileSystem(files, async (fs) => {
        await expectSame(fs, expected);
        expect(expected.size).toBeGreaterThan(5);
        expect(fs.warnings).toEqual([]);
        const told = await run("blkid", ["-p", "-o", "value", "-s", "UUID", "-s", "TYPE", files[0] as string]);
        expect(`${fs.uuid}\n${fs.type}\n`).toBe(told);
      });
    });
  }
});

describe("subvolumes", () => {
  it("are found by the paths and numbers that btrfs-progs tells, and read like a mount of each", async () => {
    const files = await images("default-subvolume", SINGLE["default-subvolume"] as never);
    await withMount(files, "ro,subvolid=5", async (mount) => {
      const told = await run("btrfs", ["subvolume", "list", mount]);
      const listed = [...told.matchAll(/^ID (\d+) gen \d+ top level \d+ path (.*)$/gm)].map(
        ([, id, path]) => `${id} ${path}`,
      );
      const whole = await hostFacts(mount);
      await withFileSystem(files, async (fs) => {
        const all = fs.subvolumes ?? [];
        expect(all.map(({ id, path }) => `${id} ${path}`)).toEqual(["5 ", ...listed]);
        expect(listed.length).toBe(6);
        expect(all.filter(({ isSnapshot }) => isSnapshot).map(({ path }) => path)).toEqual([
          "home/before",
          "root-snapshot",
        ]);
        const [opened] = all.filter(({ isDefault }) => isDefault);
        expect(opened).toMatchObject({ path: "root" });
        expect(opened?.fs).toBe(fs);
        for (const { path, fs: tree } of all) await expectSame(tree, below(whole, path));
      });
    });
  });
});

describe("a damaged superblock", () => {
  it("is read by its copy, which is said; with that one damaged too nothing is", async () => {
    const [whole = ""] = await images("default", SINGLE.default as never);
    const expected = await withMount(whole, "ro", hostFacts);
    const file = join(await scratch("btrfs-superblock"), "image");
    await run("cp", ["--sparse=always", whole, file]);
    await damage(file, FIRST);
    await run("btrfs", ["inspect-internal", "dump-super", "-s", "1", file]);
    await withFileSystem([file], async (fs) => {
      await expectSame(fs, expected);
      expect(fs.warnings).toEqual([`the superblock is damaged: its copy at ${SECOND} was used`]);
    });
    await damage(file, SECOND);
    await expect(withFileSystem([file], async () => {})).rejects.toMatchObject({ code: "E_BTRFS_CHECKSUM" });
  });
});

const FIRST = 64 << 10;
const SECOND = 64 << 20;

/** Overwrites what only the checksum tells: the count of bytes used. */
async function damage(file: string, superblock: number): Promise<void> {
  await using handle = await open(file, "r+");
  await handle.write(Buffer.alloc(8, 7), 0, 8, superblock + 0x78);
}

/** The facts of a folder and of what is in it, as they are when it is the root. */
function below(facts: Facts, folder: string): Facts {
  if (folder === "") return facts;
  const prefix = Buffer.from(`${folder}/`).toString("hex");
  const own = Buffer.from(folder).toString("hex");
  const inside = [...facts].filter(([path]) => path === own || path.startsWith(prefix));
  return new Map(
    inside.map(([path, each]) => {
      const rest = path.slice(prefix.length);
      return [rest, { ...each, path: rest }];
    }),
  );
}
