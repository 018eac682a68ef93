import { execFile } from "node:child_process";
import { glob, readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { beforeAll, describe, expect, it } from "vitest";
import { PARSERS } from "../../support/growth/parsers.ts";
import { amount } from "../../support/slow.ts";

const root = join(import.meta.dirname, "../../..");
/** Each twice the one before. The largest takes as long as all others together. */
const SIZES = amount(2, 3);
/** Twice the input may cost this much more: a sort's share beside the double. */
const MOST = 2.2;

interface Row {
  readonly name: string;
  readonly work: readonly { readonly steps: number; readonly bytes: number }[];
}

/**
 * Functions named like parsers that the table need not hold, with why. Whatever is missing here and there fails.
 */
const BOUNDED: readonly (readonly [why: string, functions: readonly string[]])[] = [
  [
    "a structure of a fixed size",
    [
      "core/filesystem/btrfs/chunk.ts#decodeChunk",
      "core/filesystem/btrfs/extent.ts#decodeExtent",
      "core/filesystem/btrfs/key.ts#readId",
      "core/filesystem/btrfs/key.ts#readKey",
      "core/filesystem/btrfs/roots.ts#decodeRoot",
      "core/filesystem/btrfs/superblock.ts#readSuperblock",
      "core/filesystem/ext4/superblock.ts#readSuperblock",
      "core/filesystem/xfs/superblock.ts#readSuperblock",
      "core/filesystem/xfs/wide.ts#readWide",
      "core/filesystem/fat/name.ts#decodeLabel",
      "core/filesystem/fat/name.ts#decodeShortName",
      "core/filesystem/fat/volume.ts#readVolume",
      "core/format/qcow2/entry.ts#decodeL1",
      "core/format/qcow2/entry.ts#decodeL2",
      "core/format/vdi/header.ts#readHeader",
      "core/format/vhd/dynamic.ts#readDynamic",
      "core/format/vhd/footer.ts#readFooter",
      "core/format/vhdx/header.ts#readHeader",
      "core/kit/owner.ts#readOwner",
      "core/volume/boot-record.ts#decodeEntries",
      "core/volume/boot-record.ts#readFirst",
      "core/volume/boot-record.ts#readPrimary",
      "core/volume/lvm2/raid-superblock.ts#readDiskState",
      "core/volume/md/superblock090.ts#readSuperblock090",
    ],
  ],
  [
    "a limit of its own, and one pass (damage tests mutate it)",
    [
      "core/filesystem/btrfs/chunk-tree.ts#readChunks",
      "core/filesystem/btrfs/places.ts#readPaths",
      "core/filesystem/btrfs/places.ts#readPlaces",
      "core/filesystem/btrfs/xattr.ts#readXattrs",
      "core/filesystem/ext4/symlink.ts#readSymlink",
      "core/filesystem/ext4/xattr.ts#readXattrs",
      "core/filesystem/xfs/symlink.ts#readSymlink",
      "core/filesystem/xfs/xattr.ts#readXattrs",
      "core/guest/sqlite/rollback.ts#readRollback",
      "core/guest/sqlite/wal.ts#readWal",
      "core/kit/keys.ts#readKeys",
      "core/kit/owner.ts#parseOwner",
      "core/seed/document.ts#readDocument",
      "core/source/zstd-decoders.ts#decodeFrame",
      "core/format/ova/archive.ts#readArchive",
      "core/format/ova/members.ts#parseExtended",
      "core/format/ova/members.ts#readMembers",
      "core/format/qcow2/extensions.ts#readExtensions",
      "core/format/qcow2/header.ts#readHeader",
      "core/format/qcow2/snapshots.ts#readSnapshots",
      "core/format/vhdx/metadata.ts#readMetadata",
      "core/format/vhdx/regions.ts#readRegions",
      "core/luks/header1.ts#readHeader1",
      "core/luks/header2.ts#readHeader2",
      "core/luks/index.ts#readLuks",
      "core/volume/gpt/header.ts#readTable",
      "core/volume/lvm2/area.ts#readArea",
      "core/volume/md/find.ts#readMember",
      "core/volume/md/superblock1.ts#readSuperblock1",
      "core/volume/lvm2/label.ts#readLabel",
      "core/volume/lvm2/physical.ts#readPhysical",
      "core/volume/luks/member.ts#readMember",
      "core/volume/mbr/logical.ts#readLogical",
    ],
  ],
  [
    "looks at things, and parses nothing",
    [
      "core/build/guest-disk.ts#readGuestDisk",
      "core/project/outputs.ts#readOutputs",
      "core/resource/place.ts#readImageOf",
    ],
  ],
  ["counted as reads of the image (test/tools/inspect/budget)", ["core/filesystem/fat/directory.ts#readEntries"]],
  [
    "bytes that are handed on as they are",
    [
      "core/build/bootstrap/tree.ts#readTree",
      "core/filesystem/xfs/fork-map.ts#readFork",
      "core/build/files.ts#readFileSource",
      "core/build/header.ts#readImageHead",
      "core/qemu/block/img.ts#readWindow",
      "core/host/key-file.ts#readKeyFile",
      "core/host/caller-files.ts#readCallerFile",
      "core/host/named-file.ts#readNamedFile",
      "core/host/own-file.ts#readOwnFile",
      "core/host/plain-file.ts#readBounded",
      "core/host/plain-file.ts#readKeptText",
      "core/host/plain-file.ts#readPlainFile",
      "core/host/text-file.ts#readTextFile",
      "core/host/text-file.ts#readTextFileSync",
      "core/qemu/agent/file.ts#readGuestFile",
      "core/seed/image.ts#readSeed",
      "core/redo/read.ts#readThrough",
    ],
  ],
  [
    "a small file of guestkit's own, parsed as JSON or by what the table holds",
    [
      "core/ci/job.ts#readJob",
      "core/resource/checks/rules.ts#readRuleFile",
      "core/ci/state.ts#readState",
      "core/engine/record.ts#readRecord",
      "core/grpc/proto-parse.ts#parseProto",
      "core/host/lock-holder.ts#readHolder",
      "core/host/record-file.ts#readRecordFile",
      "core/qemu/accelerator/verdict-cache.ts#readVerdict",
      "core/disposable/clean/clamav.ts#readVerdicts",
      "core/disposable/clean/signatures.ts#readSignatures",
      "core/machine/mark.ts#readMark",
      "core/qemu/log/log-cut.ts#readBase",
      "core/machine/memory.ts#readMemory",
      "core/machine/run.ts#readRun",
      "core/communicator/ssh/pins.ts#readPins",
      "core/host/systemd-unit.ts#readUnit",
      "core/redo/announcement.ts#readAnnouncement",
      "core/resource/disk-image/memory.ts#readMemory",
    ],
  ],
];

const rows = new Map<string, Row>();
let ran: ReadonlySet<string> = new Set();

/**
 * In a process of its own: it replaces built-in functions, and no optimiser may leave counters out. What counts the steps
 * of patterns alone is compiled.
 */
beforeAll(async () => {
  const program = join(root, "test/support/growth/program.ts");
  const flags = ["--turbo-filter=step*", "--maglev-filter=step*", "--conditions=guestkit-source"];
  const { stdout } = await promisify(execFile)(process.execPath, [...flags, program, `${SIZES}`], {
    maxBuffer: 64 << 20,
  });
  for (const line of stdout.trim().split("\n")) {
    const told = JSON.parse(line) as Row | { readonly ran: readonly string[] };
    if ("ran" in told) ran = new Set(told.ran);
    else rows.set(told.name, told);
  }
}, 600_000);

describe("work grows as its input does: counted steps and bytes", () => {
  it.each(PARSERS.map(({ name }) => name))("%s", (name) => {
    const work = rows.get(name)?.work ?? [];
    expect(work).toHaveLength(SIZES);
    for (const [index, { steps, bytes }] of work.slice(1).entries()) {
      const before = work[index] ?? { steps: 0, bytes: 0 };
      expect(before.steps).toBeGreaterThan(0);
      expect(steps / before.steps).toBeLessThanOrEqual(MOST);
      expect(bytes / Math.max(before.bytes, 1)).toBeLessThanOrEqual(MOST);
    }
  });

  it("holds for every parser of the core: the table ran it, or it is told why it need not", async () => {
    const exported = await exportedParsers();
    expect(exported.length).toBeGreaterThan(80);
    const told = BOUNDED.flatMap(([, functions]) => functions);
    expect(exported.filter((each) => !ran.has(each) && !told.includes(each))).toEqual([]);
    expect(told.filter((each) => ran.has(each) || !exported.includes(each))).toEqual([]);
  });
});

/** Functions that are named as parsers are, and the `push` of classes that take a stream in pieces. */
async function exportedParsers(): Promise<string[]> {
  const found: string[] = [];
  for await (const path of glob("core/**/*.ts", { cwd: root, exclude: (name) => name.includes("node_modules") })) {
    if (path.includes("/dist/") || path.includes("core/generated/")) continue;
    const text = await readFile(join(root, path), "utf8");
    const functions = text.matchAll(/^export (?:async )?function\*? ((?:parse|read|split|decode|scan)[A-Z]\w*)/gm);
    for (const [, name] of functions) found.push(`${path}#${name}`);
    if (/^export class /m.test(text) && /^ {2}push\(/m.test(text)) found.push(`${path}#push`);
  }
  return found;
}
