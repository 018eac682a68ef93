import { open } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { crc32c } from "../../../core/kit/checksum.ts";
import { differences, fileSystemFacts, hostFacts } from "../../support/compare-tree.ts";
import { withMount } from "../../support/mounted.ts";
import { run, scratch } from "../../support/run.ts";
import { withFileSystem, withoutStoredAcls } from "./xfs-facts.ts";
import { DIRTY, dirtyXfsImage, MOUNTED, make, take, xfsImage } from "./xfs-images.ts";

const dir = await scratch("xfs-features");

/** What no mkfs option tells: the image, requests of xfs_db, and what must stand in its answer. */
const EVIDENCE: readonly (readonly [string, string, readonly string[], RegExp])[] = [
  ["a directory in its inode", "default", ["path /directories/2", "p core.format"], /local/],
  ["8-byte inode numbers in one", "vast", ["path /groups", "p u3.sfdir3.hdr.i8count"], /i8count = [1-9]/],
  ["a directory of one block", "default", ["path /directories/40", "dblock 0", "p"], /magic = 0x58444233/],
  ["a directory with one leaf", "default", ["path /directories/200", "dblock 8388608", "p"], /magic = 0x3df1/],
  ["a directory with a tree of leaves", "scattered", ["path /scattered/a", "dblock 33554432", "p"], /magic = 0x3ebe/],
  ["a directory whose extents are a tree", "scattered", ["path /scattered/a", "p core.format"], /btree/],
  [
    "a block of a directory in pieces",
    "pieces",
    ["path /pieces", "p core.format core.nextents"],
    /\(btree\)\s+core.nextents = \d\d/,
  ],
  [
    "a file whose extents are a tree",
    "1k",
    ["path /fragmented", "p core.format core.nextents"],
    /btree\)\s+core.nextents = 19990/,
  ],
  ["a file past 2^40", "default", ["path /huge", "p core.size"], /1099511627779/],
  ["extents never written", "default", ["path /unwritten/preallocated", "p u3.bmx"], /,1\]/],
  ["attributes in the inode", "default", ["path /attributes/3", "p core.aformat"], /local/],
  ["attributes in one leaf", "default", ["path /xattrs/block", "ablock 0", "p"], /magic = 0x3bee/],
  ["attributes in a tree", "default", ["path /attributes/700", "ablock 0", "p"], /magic = 0x3ebe/],
  ["values in blocks of their own", "default", ["path /attributes/large", "ablock 1", "p nvlist[2]"], /valueblk = \d+/],
  ["links in blocks", "default", ["path /links/1000", "p core.format"], /extents/],
  ["wide counts of extents", "large-inodes", ["path /files", "p v3.nrext64"], /nrext64 = 1/],
  ["times of 64 bits", "default", ["path /files", "p v3.bigtime"], /bigtime = 1/],
  ["times of 32 bits", "1k-plain", ["path /files", "p v3.bigtime"], /bigtime = 0/],
  ["blocks under another UUID", "other-uuid", ["sb 0", "p features_incompat"], /0x[0-9a-f]*[4-7c-f]$/m],
  ["sparse chunks of inodes allowed", "default", ["sb 0", "p features_incompat"], /0x[0-9a-f]*[2367abef]$/m],
];

it("every form of xfs is really in some image", async () => {
  const lacking: string[] = [];
  for (const [what, name, requests, proof] of EVIDENCE) {
    const image = await xfsImage(name, MOUNTED[name] as never);
    const answer = await run("xfs_db", ["-r", ...requests.flatMap((request) => ["-c", request]), image]);
    if (!proof.test(answer)) lacking.push(`${what}: ${answer.slice(0, 400)}`);
  }
  expect(lacking).toEqual([]);
  const [tail, head] = await logEnds(await dirtyXfsImage("dirty-wrapped", DIRTY["dirty-wrapped"] as never));
  expect(tail).toBeGreaterThan(head);
});

describe("what cannot be read is refused by name", () => {
  const image = async (name: string, ...requests: string[]): Promise<string> => {
    const file = join(dir, name);
    await take(await xfsImage("other-uuid", MOUNTED["other-uuid"] as never), file);
    if (requests.length > 0) await run("xfs_db", ["-x", ...requests.flatMap((each) => ["-c", each]), file]);
    return file;
  };

  it.each([
    ["an unknown feature", 0x10007, "incompat bit 0x10000"],
    ["a repair that was broken off", 0x17, "needsrepair"],
    ["a tree of metadata files", 0x107, "metadir"],
  ])("%s", async (name, bits, said) => {
    const file = await image(name);
    await setFeatures(file, bits);
    await expect(withFileSystem(file, async () => {})).rejects.toMatchObject({
      code: "E_XFS_FEATURE",
      message: expect.stringContaining(said),
      at: { file, offset: 0 },
    });
  });

  it("a file on a realtime device, and nothing else", async () => {
    const file = await image("realtime", "path /files/size-4096", "write core.realtime 1");
    await withFileSystem(file, async (fs) => {
      const files = (await fs.lookup(fs.root, Buffer.from("files"))) as number;
      const on = async (name: string) => fs.open((await fs.lookup(files, Buffer.from(name))) as number);
      await expect(on("size-4096")).rejects.toMatchObject({ code: "E_XFS_REALTIME" });
      expect((await on("size-4097")).size).toBe(4097);
    });
  });

  it("a log on another device", async () => {
    const file = join(dir, "external");
    const log = join(dir, "log");
    await run("truncate", ["-s", "64M", log]);
    await make(file, { make: ["-l", `logdev=${log},size=64m`] });
    await expect(withFileSystem(file, async () => {})).rejects.toMatchObject({ code: "E_XFS_EXTERNAL_LOG" });
  });

  it("a volume cut short", async () => {
    const file = await image("short");
    await run("truncate", ["-s", "100M", file]);
    await expect(withFileSystem(file, async () => {})).rejects.toMatchObject({ code: "E_XFS_TRUNCATED" });
  });

  it("an extent that leads into another group's header, with its place", async () => {
    const file = await image("outside", "path /files/size-65536", "write u3.bmx[0].startblock 0");
    await withFileSystem(file, async (fs) => {
      const files = (await fs.lookup(fs.root, Buffer.from("files"))) as number;
      const inode = (await fs.lookup(files, Buffer.from("size-65536"))) as number;
      await expect((async () => fs.open(inode))()).rejects.toMatchObject({
        code: "E_XFS_EXTENTS",
        at: { offset: expect.any(Number) },
      });
    });
  });
});

describe("a log whose last records are torn is replayed as the kernel replays it", () => {
  it.each([0, 1, 20, 200])("damaged %s blocks before its end", async (before) => {
    const file = join(dir, `torn-${before}`);
    await take(await dirtyXfsImage("dirty-default", DIRTY["dirty-default"] as never), file);
    const [, head, start] = await logEnds(file);
    await flip(file, (start + head - 1 - before) * 512 + 77);
    const copy = join(dir, `torn-${before}-copy`);
    await take(file, copy);
    const theirs = await withMount(copy, "replay", hostFacts).catch(() => null);
    const ours = withFileSystem(file, (fs) => fileSystemFacts(fs));
    if (theirs) expect(differences(await ours, withoutStoredAcls(theirs))).toEqual([]);
    else await expect(ours).rejects.toMatchObject({ code: "E_XFS_LOG" });
  });
});

/** Tail and head in blocks of 512 bytes, and where the log begins. */
async function logEnds(file: string): Promise<readonly [tail: number, head: number, start: number]> {
  const told = await run("xfs_logprint", ["-t", file]);
  const [, tail, head] = /log tail: (\d+) head: (\d+)/.exec(told) ?? [];
  const [, start] = /daddr: (\d+)/.exec(told) ?? [];
  return [Number(tail), Number(head), Number(start)];
}

/** Incompatible features of version 5, with the checksum that belongs to them. */
async function setFeatures(file: string, bits: number): Promise<void> {
  await using handle = await open(file, "r+");
  const sector = Buffer.alloc(512);
  await handle.read(sector, 0, 512, 0);
  sector.writeUInt32BE(bits, 216);
  sector.writeUInt32LE(0, 224);
  sector.writeUInt32LE(~crc32c(0xffffffff, sector) >>> 0, 224);
  await handle.write(sector, 0, 512, 0);
}

async function flip(file: string, offset: number): Promise<void> {
  await using handle = await open(file, "r+");
  const byte = Buffer.alloc(1);
  await handle.read(byte, 0, 1, offset);
  await handle.write(Buffer.from([(byte[0] as number) ^ 0x10]), 0, 1, offset);
}
