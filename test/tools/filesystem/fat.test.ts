import { copyFile, mkdir, open, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fat } from "../../../core/filesystem/fat/index.ts";
import type { FileSystem } from "../../../core/filesystem/filesystem.ts";
import { openFileSource } from "../../../core/source/file.ts";
import type { ByteSource } from "../../../core/source/source.ts";
import { run, scratch } from "../../support/run.ts";
import { walkFileSystem, walkHost } from "../../support/walk.ts";

interface Case {
  readonly name: string;
  /** KiB. */
  readonly size: number;
  readonly options: readonly string[];
  readonly bits: number;
  readonly sector: number;
  readonly cluster: number;
}

const CASES: readonly Case[] = [
  { name: "floppy", size: 1440, options: ["-F", "12"], bits: 12, sector: 512, cluster: 512 },
  { name: "fat12-4k", size: 4000, options: ["-F", "12", "-s", "8"], bits: 12, sector: 512, cluster: 4096 },
  { name: "fat16", size: 20_000, options: ["-F", "16", "-s", "4", "-f", "1"], bits: 16, sector: 512, cluster: 2048 },
  {
    name: "fat16-1k-sectors",
    size: 40_000,
    options: ["-F", "16", "-S", "1024"],
    bits: 16,
    sector: 1024,
    cluster: 4096,
  },
  { name: "fat32", size: 40_000, options: ["-F", "32", "-s", "1"], bits: 32, sector: 512, cluster: 512 },
  {
    name: "fat32-4k-sectors",
    size: 400_000,
    options: ["-F", "32", "-S", "4096"],
    bits: 32,
    sector: 4096,
    cluster: 4096,
  },
  { name: "fat32-32k", size: 2_200_000, options: ["-F", "32", "-s", "64"], bits: 32, sector: 512, cluster: 32768 },
];

const LONG_NAME = `${"long ".repeat(49)}name.txt`;
const dir = await scratch("fat");
const image = (name: string) => join(dir, `${name}.img`);
const opened: ByteSource[] = [];
const openSource = async (path: string) => {
  const source = await openFileSource(path);
  opened.push(source);
  return source;
};
afterAll(() => Promise.all(opened.map((source) => source[Symbol.asyncDispose]())));

describe.each(CASES)("$name", ({ name, size, options, bits, sector, cluster }) => {
  let fs: FileSystem;

  beforeAll(async () => {
    await makeTree(join(dir, `${name}.tree`), cluster);
    await makeImage(name, size, options);
    fs = await fat.open(await openSource(image(name)));
  });

  it("is what its feature row says, as fsck.fat confirms", async () => {
    await run("fsck.fat", ["-n", image(name)]);
    const told = await run("fsck.fat", ["-n", "-v", image(name)]).catch((error) => String(error.stdout));
    expect(told).toContain(`${sector} bytes per logical sector`);
    expect(told).toContain(`${cluster} bytes per cluster`);
    expect(told).toMatch(new RegExp(`${bits} bit entries`));
  });

  it("lists and reads what mtools reads", async () => {
    const out = join(dir, `${name}.out`);
    await mkdir(out);
    await run("mcopy", ["-s", "-m", "-n", "-Q", "-i", image(name), "::/*", out]);
    const expected = await walkHost(out);
    expect(Object.keys(expected).length).toBeGreaterThan(100);
    expect(Object.keys(expected)).toContain(LONG_NAME);
    expect(await walkFileSystem(fs)).toEqual(expected);
  });

  it("has the label, serial and free count that mtools and fsck.fat tell", async () => {
    const told = await run("mdir", ["-i", image(name), "::"]);
    expect(fs.type).toBe("vfat");
    expect(fs.label).toBe("MY LABEL");
    expect(fs.uuid).toBe("1234-ABCD");
    expect(told).toContain("Volume in drive : is MY LABEL");
    expect(told).toContain("Volume Serial Number is 1234-ABCD");
    expect(fs.free).toBe(Number(/([\d ]+) bytes free/.exec(told)?.[1]?.replaceAll(" ", "")));
    expect(fs.warnings).toEqual([]);
  });

  it("finds names in any case, and by their short name", async () => {
    const find = (text: string) => fs.lookup(fs.root, new TextEncoder().encode(text));
    const inode = await find("lower.txt");
    expect(inode).not.toBeNull();
    expect(await find("LOWER.TXT")).toBe(inode);
    expect(await find("LONGLO~1.TXT")).toBe(await find(LONG_NAME));
    expect(await find("ÜBER LANG.TXT")).toBe(await find("über lang.txt"));
    expect(await find("nothing")).toBeNull();
  });
});

/** What the reader claims to know, with an image that has it and what another program must say of that image. */
const FEATURES: readonly { feature: string; on: string; told: (path: string) => Promise<string>; by: RegExp }[] = [
  { feature: "FAT12", on: "floppy", told: blkid, by: /VERSION=FAT12/ },
  { feature: "FAT16", on: "fat16", told: blkid, by: /VERSION=FAT16/ },
  { feature: "FAT32", on: "fat32", told: blkid, by: /VERSION=FAT32/ },
  { feature: "label in the root directory", on: "fat16", told: blkid, by: /^LABEL=MY\\ LABEL$/m },
  { feature: "label in the boot sector", on: "fat16", told: blkid, by: /LABEL_FATBOOT=MY\\ LABEL/ },
  { feature: "one table instead of two", on: "fat16", told: fsck, by: /1 FATs/ },
  { feature: "sectors of 4096 bytes", on: "fat32-4k-sectors", told: fsck, by: /4096 bytes per logical sector/ },
  { feature: "sectors of 1024 bytes", on: "fat16-1k-sectors", told: fsck, by: /1024 bytes per logical sector/ },
  { feature: "clusters of 32 KiB", on: "fat32-32k", told: fsck, by: /32768 bytes per cluster/ },
  { feature: "a backup boot sector", on: "fat32", told: minfo, by: /Backup boot sector.*6/i },
  { feature: "a file in pieces", on: "fat16", told: pieces, by: /<\d+-?\d*>.*<\d+-?\d*>/ },
  { feature: "long names", on: "fat32", told: names, by: /LONGLO~1 TXT.*long long long/ },
  { feature: "short names in lower case (NT bits)", on: "fat32", told: names, by: /^lower {4}txt [^a-z]*$/m },
];

describe("features", () => {
  it.each(FEATURES)("$feature: confirmed on $on", async ({ on, told, by }) => {
    expect(await told(image(on))).toMatch(by);
  });
});

function blkid(path: string): Promise<string> {
  return run("blkid", ["-p", "-o", "export", path]);
}

function fsck(path: string): Promise<string> {
  return run("fsck.fat", ["-n", "-v", path]);
}

function minfo(path: string): Promise<string> {
  return run("minfo", ["-i", path, "::"]);
}

function pieces(path: string): Promise<string> {
  return run("mshowfat", ["-i", path, "::/large.bin"]);
}

function names(path: string): Promise<string> {
  return run("mdir", ["-i", path, "::"]);
}

describe("damage", () => {
  it("uses FAT32's backup boot sector, and says so", async () => {
    const fs = await openDamaged("fat32", 0, new Uint8Array(512));
    expect(fs.warnings.join()).toContain("backup");
    expect(Object.keys(await walkFileSystem(fs))).toContain("lower.txt");
  });

  it("reports a volume that was not unmounted", async () => {
    const fs = await openDamaged("fat16", 37, Uint8Array.of(1));
    expect(fs.warnings.join()).toContain("not unmounted");
  });

  it.each([
    ["a chain that loops", "LOOP", (first: number) => first],
    ["a chain that ends early", "SHORT", () => 0xffff],
    ["a chain into a free cluster", "FREE", () => 0],
    ["a chain into a bad cluster", "BAD", () => 0xfff7],
    ["a chain past the end", "BOUNDS", () => 0xffe0],
  ])("refuses %s", async (_, code, value) => {
    const whole = await fat.open(await openSource(image("fat16")));
    const offset = ((await whole.lookup(whole.root, new TextEncoder().encode("large.bin"))) as number) * 32;
    const source = await openSource(image("fat16"));
    const raw = await source.read(offset, 32);
    const first = new DataView(raw.buffer, raw.byteOffset).getUint16(26, true);
    const boot = new DataView((await source.read(0, 512)).slice().buffer);
    const slot = boot.getUint16(14, true) * boot.getUint16(11, true) + first * 2;
    const fs = await openDamaged("fat16", slot, new Uint8Array(Uint16Array.of(value(first)).buffer));
    const inode = (await fs.lookup(fs.root, new TextEncoder().encode("large.bin"))) as number;
    await expect(fs.open(inode)).rejects.toMatchObject({ code: `E_FAT_CHAIN_${code}` });
  });
});

/** A copy with `bytes` written at `offset`. */
async function openDamaged(name: string, offset: number, bytes: Uint8Array): Promise<FileSystem> {
  const path = image(`${name}-damaged`);
  await copyFile(image(name), path);
  const handle = await open(path, "r+");
  await handle.write(bytes, 0, bytes.length, offset);
  await handle.close();
  const source = await openSource(path);
  expect(await fat.probe(source)).toBe(true);
  return fat.open(source);
}

async function makeImage(name: string, size: number, options: readonly string[]): Promise<void> {
  await run("mkfs.fat", [...options, "-n", "MY LABEL", "-i", "1234abcd", "-C", image(name), String(size)]);
  const copy = (path: string) => run("mcopy", ["-s", "-m", "-n", "-Q", "-i", image(name), path, "::/"]);
  for (const hole of ["gap0", "gap1", "gap2"]) {
    await copy(join(dir, `${name}.tree`, hole));
    await copy(join(dir, `${name}.tree`, `${hole}.keep`));
  }
  await run("mdel", ["-i", image(name), "::/gap0", "::/gap1", "::/gap2"]);
  await copy(join(dir, `${name}.tree`, "large.bin"));
  await run("sh", ["-c", 'mcopy -s -m -n -Q -i "$1" "$2"/rest/* ::/', "sh", image(name), join(dir, `${name}.tree`)]);
}

/** The `gap`s are removed again, so that large.bin lies in pieces between the `.keep`s. */
async function makeTree(root: string, cluster: number): Promise<void> {
  const rest = join(root, "rest");
  await mkdir(join(rest, "many"), { recursive: true });
  await mkdir(join(rest, "Deep dir", "deeper", "deepest"), { recursive: true });
  const sizes = { empty: 0, one: 1, "below.bin": cluster - 1, "exact.bin": cluster, "above.bin": cluster + 1 };
  const files = Object.entries({ ...sizes, "Deep dir/deeper/deepest/x": 3 });
  for (const [path, size] of files) await writeFile(join(rest, path), noise(size));
  for (const path of [
    "lower.txt",
    "UPPER.TXT",
    "MiXed.TxT",
    "über lang.txt",
    "日本語.txt",
    LONG_NAME,
    "a.b.c.d",
    "lower.TXT2",
  ]) {
    await writeFile(join(rest, path), path);
  }
  for (let index = 0; index < 100; index++) await writeFile(join(rest, "many", `file number ${index}`), `${index}`);
  await writeFile(join(root, "large.bin"), noise(9 * cluster + 17));
  for (const gap of ["gap0", "gap1", "gap2"]) {
    await writeFile(join(root, gap), noise(2 * cluster));
    await writeFile(join(root, `${gap}.keep`), noise(cluster));
  }
  await utimes(join(rest, "one"), 0x5eadbee0, 0x5eadbee0);
}

function noise(size: number): Uint8Array {
  let state = 12_345;
  return Uint8Array.from({ length: size }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return state >>> 16;
  });
}
