import { open } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { walk } from "../../../core/archive/walk.ts";
import type { FileSystem } from "../../../core/filesystem/filesystem.ts";
import { Tree } from "../../../core/filesystem/tree.ts";
import { Budget } from "../../../core/kit/budget.ts";
import { readInto } from "../../../core/source/source.ts";
import { type Facts, hostFacts } from "../../support/compare-tree.ts";
import { withMount } from "../../support/mounted.ts";
import { run, scratch } from "../../support/run.ts";
import { share } from "../../support/slow.ts";
import { images, type Recipe, SEVERAL, SINGLE } from "./btrfs-images.ts";
import { expectSame, withFileSystem } from "./btrfs-read.ts";

/** Other sizes of nodes, other sums. */
const MORE = ["nodes-4k", "nodes-64k", "xxhash", "blake2"];

describe("btrfs read as the kernel reads it", () => {
  for (const [name, recipe] of share(Object.entries(SINGLE), ([each]) => MORE.includes(each))) {
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

describe("stretches of files, asked for together", () => {
  it.each([
    ["default", SINGLE.default],
    ["zstd", SINGLE.zstd],
    ["several-raid0", SEVERAL.raid0],
  ] as const)("are those of the whole: %s", async (name, recipe) => {
    await withFileSystem(await images(name, recipe as Recipe), async (fs) => {
      let files = 0;
      for await (const { node, stat } of walked(fs)) {
        if (stat.type !== "file" || stat.size === 0) continue;
        const content = await node.fs.open(node.inode);
        const window = Math.min(content.size, 1 << 20);
        const whole = await content.read(content.size - window, window);
        const parts = await Promise.all(
          stretches(window).map(async ([from, to]) => {
            const target = new Uint8Array(to - from);
            await readInto(content, content.size - window + from, target);
            return Buffer.from(target).equals(whole.subarray(from, to));
          }),
        );
        expect(parts, `inode ${node.inode}`).not.toContain(false);
        files++;
      }
      expect(files).toBeGreaterThan(20);
    });
  });
});

async function* walked(fs: FileSystem) {
  const tree = await Tree.assemble([{ target: "/", fs }], new Budget());
  for await (const batch of walk(tree, { fs, inode: fs.root })) yield* batch;
}

/** Within `length` bytes: across, into and within sectors, near both ends. */
function stretches(length: number): (readonly [from: number, to: number])[] {
  const cuts = [0, 511, 4097, 10_752, 40_001, length - 4096, length - 1, length];
  const inside = [...new Set(cuts.filter((at) => at >= 0 && at <= length))].sort((a, b) => a - b);
  return inside.flatMap((from, index) => inside.slice(index + 1).map((to) => [from, to] as const));
}

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
