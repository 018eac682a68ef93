import { open } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ext4 } from "../../../core/filesystem/ext4/index.ts";
import type { FileSystem } from "../../../core/filesystem/filesystem.ts";
import { fileSystemKinds } from "../../../core/filesystem/index.ts";
import { openFileSource } from "../../../core/source/file.ts";
import { differences, fileSystemFacts, hostFacts } from "../../support/compare-tree.ts";
import { run, scratch } from "../../support/run.ts";
import {
  copyImage,
  DIRTY,
  dirtyImage,
  ENCRYPTED,
  FAST_COMMITS,
  FROM_FOLDER,
  image,
  imageFromFolder,
  MOUNTED,
} from "./ext4-images.ts";

const dir = await scratch("ext4-features");

async function withFileSystem<T>(file: string, use: (fs: FileSystem) => Promise<T>): Promise<T> {
  await using source = await openFileSource(file);
  await using fs = await ext4.open(source);
  return await use(fs);
}

/** Every image by name, and what `debugfs -R` answers about one. */
async function everyImage(): Promise<Record<string, string>> {
  const files: Record<string, string> = {
    encrypted: await image("encrypted", ENCRYPTED),
    "fast-commits": await dirtyImage("fast-commits", FAST_COMMITS),
  };
  for (const [name, recipe] of Object.entries(MOUNTED)) files[name] = await image(name, recipe);
  for (const [name, recipe] of Object.entries(DIRTY)) files[name] = await dirtyImage(name, recipe);
  for (const [name, recipe] of Object.entries(FROM_FOLDER)) files[name] = (await imageFromFolder(name, recipe)).file;
  return files;
}

const FEATURES = [
  ..."has_journal ext_attr resize_inode dir_index sparse_super sparse_super2 orphan_file filetype needs_recovery".split(
    " ",
  ),
  ..."meta_bg extent 64bit flex_bg ea_inode metadata_csum_seed large_dir inline_data encrypt casefold large_file".split(
    " ",
  ),
  ..."huge_file uninit_bg dir_nlink extra_isize quota bigalloc metadata_csum project verity mmp fast_commit".split(" "),
];

/** What no feature bit tells: the image, the debugfs request, and what must stand in its answer. */
const EVIDENCE: readonly (readonly [string, string, string, RegExp])[] = [
  ["indirect blocks of three levels", "ext2-1k", "stat /sparse/holes", /\(TIND\)/],
  ["extents of two levels", "ext4-1k-meta-bg", "dump_extents /sparse/every-other", /^ 2\/ 2/m],
  ["uninitialised extents", "ext4-default", "dump_extents /unwritten/preallocated", /Uninit/],
  ["holes", "ext4-default", "stat /huge", /Size: 1099511627779/],
  ["a hash tree", "ext4-default", "htree_dump /many-20000", /Hash Version: 1/],
  ["a hash tree of three levels", "ext4-large-dir", "htree_dump /deep-tree", /Indirect levels: 2/],
  ["a large linear directory", "ext4-linear", "stat /many", /Type: directory[\s\S]*Flags: 0x80000\s/],
  ["hash legacy, unsigned", "hash-legacy-unsigned", "htree_dump /hashed", /Hash Version: 0/],
  ["hash half_md4, signed", "hash-half_md4-signed", "htree_dump /hashed", /Hash Version: 1/],
  ["hash tea, unsigned", "hash-tea-unsigned", "htree_dump /hashed", /Hash Version: 2/],
  ["fast symlinks", "ext4-default", "stat /files/link-59", /Fast link dest/],
  ["slow symlinks", "ext4-default", "stat /files/link-60", /EXTENTS:/],
  ["attributes in the inode", "ext4-default", "stat /xattrs/inode", /File ACL: 0\n[\s\S]*user\.alone/],
  ["attributes in a block", "ext4-default", "stat /xattrs/block", /File ACL: [1-9]/],
  ["attributes in inodes", "ext4-ea-inode", "ea_list /big-xattrs", /user\.big \(60000\)/],
  ["an inline directory", "ext4-inline", "stat /inline/dir-6", /Type: directory[\s\S]*Flags: 0x10000000/],
  ["an inline file", "ext4-inline", "stat /inline/file-100", /Flags: 0x10000000/],
  ["32-bit owners", "ext4-default", "stat /files/size-59", /User: 70000\s+Group: -294967296/],
  ["times past 2038", "ext4-default", "stat /times/4294967296", /atime: 0x00000000:/],
  ["an encrypted directory", "encrypted", "stat /secret", /Flags: 0x80800/],
];

describe("ext4 features", () => {
  it("every one is really in some image", async () => {
    const files = await everyImage();
    const found = new Set<string>();
    for (const file of Object.values(files)) {
      const header = await run("dumpe2fs", ["-h", file]);
      for (const name of (/^Filesystem features:(.*)$/m.exec(header)?.[1] ?? "").trim().split(/\s+/)) found.add(name);
    }
    expect(FEATURES.filter((name) => !found.has(name))).toEqual([]);
    const lacking: string[] = [];
    for (const [what, name, request, proof] of EVIDENCE) {
      const answer = await run("debugfs", ["-R", request, files[name] as string]);
      if (!proof.test(answer)) lacking.push(`${what}: ${answer.slice(0, 600)}`);
    }
    expect(lacking).toEqual([]);
    expect(await run("dumpe2fs", ["-h", files["hash-tea-unsigned"] as string])).toMatch(/unsigned_directory_hash/);
  });

  for (const [name, recipe] of Object.entries(FROM_FOLDER)) {
    it(`${name} as the folder that it was made of`, async () => {
      const { file, folder } = await imageFromFolder(name, recipe);
      await withFileSystem(file, async (fs) => {
        const leaveOut = ["inode", "size", "links", "mtime", "atime", "ctime"] as const;
        const ours = new Map(await fileSystemFacts(fs, leaveOut));
        ours.delete(Buffer.from("lost+found").toString("hex"));
        expect(differences(ours, await hostFacts(folder, leaveOut))).toEqual([]);
        expect(ours.size).toBeGreaterThan(20);
        if (name.includes("casefold")) expect(fs.warnings.join()).toContain("casefold");
      });
    });
  }

  it("refuses what is encrypted and reads the rest", async () => {
    await withFileSystem(await image("encrypted", ENCRYPTED), async (fs) => {
      const secret = (await fs.lookup(fs.root, Buffer.from("secret"))) as number;
      expect((await fs.stat(secret)).type).toBe("directory");
      await expect(fs.entries(secret)[Symbol.asyncIterator]().next()).rejects.toMatchObject({
        code: "E_EXT4_ENCRYPTED",
      });
      await expect(fs.lookup(secret, Buffer.from("plan"))).rejects.toMatchObject({ code: "E_EXT4_ENCRYPTED" });
      const files = (await fs.lookup(fs.root, Buffer.from("files"))) as number;
      const inode = (await fs.lookup(files, Buffer.from("size-60"))) as number;
      expect((await (await fs.open(inode)).read(0, 60)).length).toBe(60);
    });
  });
});

describe("what cannot be read is refused by name", () => {
  it("an unknown incompatible feature", async () => {
    const file = await copyImage(await image("ext2-1k", MOUNTED["ext2-1k"] as never), join(dir, "unknown"));
    await patch(file, 1024 + 0x60, (word) => word | 0x40000);
    await expect(withFileSystem(file, async () => {})).rejects.toMatchObject({
      code: "E_EXT4_FEATURE",
      message: expect.stringContaining("incompat bit 0x40000"),
      at: { file, offset: 1024 },
    });
  });

  it("an external journal, and a file system whose journal is one and needs recovery", async () => {
    const journal = join(dir, "journal");
    const file = join(dir, "external");
    await run("truncate", ["-s", "16M", journal, file]);
    await run("mke2fs", ["-q", "-F", "-b", "4096", "-O", "journal_dev", journal]);
    await expect(withFileSystem(journal, async () => {})).rejects.toMatchObject({ code: "E_EXT4_JOURNAL_DEVICE" });
    const device = (await run("losetup", ["--find", "--show", journal])).trim();
    try {
      await run("mke2fs", [
        "-q",
        "-F",
        "-b",
        "4096",
        "-t",
        "ext4",
        "-O",
        "^metadata_csum",
        "-J",
        `device=${device}`,
        file,
      ]);
    } finally {
      await run("losetup", ["--detach", device]);
    }
    expect(await withFileSystem(file, async (fs) => fs.type)).toBe("ext4");
    await patch(file, 1024 + 0x60, (word) => word | 0x4);
    const [, uuid] = /Journal UUID:\s+(\S+)/.exec(await run("dumpe2fs", ["-h", file])) ?? [];
    await expect(withFileSystem(file, async () => {})).rejects.toMatchObject({
      code: "E_EXT4_EXTERNAL_JOURNAL",
      message: expect.stringContaining(uuid as string),
    });
  });

  it("fast commits that the kernel would replay", async () => {
    const file = await dirtyImage("fast-commits", FAST_COMMITS);
    await expect(withFileSystem(file, async () => {})).rejects.toMatchObject({ code: "E_EXT4_FAST_COMMIT" });
  });

  it("a volume cut short, and one that holds something else", async () => {
    const file = await copyImage(await image("ext2-1k", MOUNTED["ext2-1k"] as never), join(dir, "short"));
    await run("truncate", ["-s", "32M", file]);
    await expect(withFileSystem(file, async () => {})).rejects.toMatchObject({ code: "E_EXT4_TRUNCATED" });
    await run("truncate", ["-s", "0", file]);
    await run("truncate", ["-s", "32M", file]);
    await using source = await openFileSource(file);
    for (const kind of fileSystemKinds) expect(await kind.probe(source)).toBe(false);
  });
});

/** Changes a little-endian 32-bit word of a file. */
async function patch(file: string, offset: number, change: (word: number) => number): Promise<void> {
  const handle = await open(file, "r+");
  const word = Buffer.alloc(4);
  await handle.read(word, 0, 4, offset);
  word.writeUInt32LE(change(word.readUInt32LE()) >>> 0);
  await handle.write(word, 0, 4, offset);
  await handle.close();
}
