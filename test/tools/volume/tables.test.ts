import { copyFile, open, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { cachedSource } from "../../../core/source/cached.ts";
import { openFileSource } from "../../../core/source/file.ts";
import { openVolumes, type VolumeTable } from "../../../core/volume/index.ts";
import { run, scratch } from "../../support/run.ts";

/** sfdisk's own words, the oracle. */
interface Table {
  readonly label: "gpt" | "dos";
  readonly id: string;
  readonly partitions?: readonly {
    readonly node: string;
    readonly start: number;
    readonly size: number;
    readonly type: string;
    readonly uuid?: string;
    readonly name?: string;
    readonly attrs?: string;
    readonly bootable?: boolean;
  }[];
}

const GPT = `label: gpt
label-id: 11223344-5566-7788-99AA-BBCCDDEEFF00
size=1MiB, type=uefi, name="EFI system"
start=10MiB, size=8MiB, type=linux, name="Größe 🐧", attrs="LegacyBIOSBootable"
size=2MiB, type=swap
`;

const LOGICAL = `label: dos
label-id: 0x1234abcd
size=2MiB, type=c, bootable
size=3MiB, type=83
size=24MiB, type=5
5: size=1MiB, type=82
6: size=2MiB, type=83
7: size=3MiB, type=83, bootable
8: size=4MiB, type=8e
`;

function many(): string {
  return Array.from({ length: 200 }, (_, index) => `start=${2048 + index * 128}, size=128`).join("\n");
}

const disks: Readonly<Record<string, { script: string; sectorSize?: number }>> = {
  gpt: { script: GPT },
  gpt4k: { script: GPT, sectorSize: 4096 },
  gptEmpty: { script: "label: gpt\n" },
  gptMany: { script: `label: gpt\ntable-length: 512\n${many()}` },
  gptSparse: { script: "label: gpt\n7: size=1MiB\n3: size=1MiB\n" },
  mbr: { script: "label: dos\nsize=4MiB, type=83\nsize=5MiB, type=7, bootable\n" },
  mbrEmpty: { script: "label: dos\n" },
  mbrLogical: { script: LOGICAL },
};

let dir = "";
beforeAll(async () => {
  dir = await scratch("volume");
  for (const [name, { script, sectorSize = 512 }] of Object.entries(disks)) {
    await truncate(await touch(name), 40 << 20);
    await partition(join(dir, name), script, sectorSize);
  }
});

/** sfdisk learns about other sectors than the device's own in 2.39; fdisk loads the same script. */
async function partition(disk: string, script: string, sectorSize: number): Promise<void> {
  await writeFile(`${disk}.script`, script);
  if (sectorSize === 512) await sh(`sfdisk -q "$0" < "$0.script"`, disk);
  else await sh(`printf 'I\n%s\nw\n' "$0.script" | fdisk -b ${sectorSize} "$0" >/dev/null`, disk);
}

async function touch(name: string): Promise<string> {
  await writeFile(join(dir, name), "");
  return join(dir, name);
}

function sh(script: string, ...args: string[]): Promise<string> {
  return run("sh", ["-c", script, ...args]);
}

async function oracle(name: string): Promise<Table> {
  const text = await run("sfdisk", ["--json", join(dir, name)]);
  return (JSON.parse(text) as { partitiontable: Table }).partitiontable;
}

async function read(name: string): Promise<VolumeTable | null> {
  await using source = cachedSource(await openFileSource(join(dir, name)));
  return await openVolumes(source);
}

const WITH_512 = Object.entries(disks).filter(([, { sectorSize }]) => sectorSize === undefined);

test.each(WITH_512)("%s: is what sfdisk says", async (name) => {
  const table = await read(name);
  expect(shown(table)).toEqual(expected(await oracle(name)));
  expect(table?.warnings).toEqual([]);
});

test("sectors of 4096 bytes: is what libblkid says", async () => {
  const columns = "NR,START,SECTORS,TYPE,UUID,NAME";
  const pairs = await run("partx", ["-S", "4096", "-P", "-o", columns, join(dir, "gpt4k")]);
  const rows = pairs
    .trim()
    .split("\n")
    .map((line) => [...line.matchAll(/="([^"]*)"/g)].map(([, value]) => value));
  const table = await read("gpt4k");
  expect(table?.sectorSize).toBe(4096);
  expect(await run("fdisk", ["-b", "4096", "-l", join(dir, "gpt4k")])).toContain(table?.uuid?.toUpperCase());
  const volumes = (table?.volumes ?? []).map(({ number, start, size, type, uuid, name }) =>
    [number, start / 512, size / 512, type, uuid, name].map(String),
  );
  expect(volumes).toEqual(rows);
});

/** Extended partitions hold others and are none themselves. */
function expected(table: Table) {
  const gpt = table.label === "gpt";
  const id = gpt ? table.id.toLowerCase() : table.id.slice(2);
  const partitions = table.partitions ?? [];
  return {
    scheme: gpt ? "gpt" : "mbr",
    uuid: id,
    sectorSize: 512,
    volumes: partitions
      .filter(({ type }) => gpt || !["5", "f", "85"].includes(type))
      .map(({ node, start, size, type, uuid, name, attrs, bootable }) => {
        const number = Number(/\d+$/.exec(node)?.[0]);
        return {
          number,
          start: start * 512,
          size: size * 512,
          type: gpt ? type.toLowerCase() : `0x${type.padStart(2, "0")}`,
          name: gpt ? (name ?? "") : null,
          uuid: gpt ? uuid?.toLowerCase() : `${id}-${number.toString(16).padStart(2, "0")}`,
          bootable: gpt ? attrs === "LegacyBIOSBootable" : bootable === true,
        };
      }),
  };
}

function shown(table: VolumeTable | null) {
  if (!table) return null;
  const { scheme, uuid, sectorSize, volumes } = table;
  return { scheme, uuid, sectorSize, volumes: volumes.map(({ source: _, ...rest }) => rest) };
}

test("PARTUUIDs are those of blkid", async () => {
  for (const name of ["gpt", "mbrLogical"]) {
    const table = await read(name);
    for (const { start, uuid } of table?.volumes ?? []) {
      const lines = await run("partx", ["-g", "-b", "-o", "START,UUID", join(dir, name)]);
      expect(lines.split("\n").map((line) => line.trim().split(/\s+/).join(" "))).toContain(`${start / 512} ${uuid}`);
    }
  }
});

describe("a damaged primary GPT", () => {
  const damage: Readonly<Record<string, { from: string; offset: number; length: number; says: string }>> = {
    signature: { from: "gpt", offset: 512, length: 8, says: "signature is missing" },
    "header checksum": { from: "gpt", offset: 512 + 56, length: 1, says: "checksum of its header" },
    entries: { from: "gpt", offset: 1024 + 56, length: 4, says: "checksum of its entries" },
    "4k header": { from: "gpt4k", offset: 4096, length: 92, says: "signature is missing" },
    "4k entries": { from: "gpt4k", offset: 8192, length: 64, says: "checksum of its entries" },
    "whole head, as dd leaves it": { from: "gpt", offset: 0, length: 34 * 512, says: "signature is missing" },
  };
  test.each(Object.entries(damage))(
    "%s: the backup is used and said so",
    async (_name, { from, offset, length, says }) => {
      await copyFile(join(dir, from), join(dir, "damaged"));
      await wipe("damaged", offset, length);
      const [whole, mended] = [await read(from), await read("damaged")];
      expect(shown(mended)).toEqual(shown(whole));
      expect(mended?.warnings.join()).toContain("backup was used");
      expect(mended?.warnings.join()).toContain(says);
    },
  );

  test("the backup is found through the header when the disk has grown", async () => {
    await copyFile(join(dir, "gpt"), join(dir, "grown"));
    await truncate(join(dir, "grown"), 50 << 20);
    await wipe("grown", 1024, 4);
    expect(shown(await read("grown"))).toEqual(shown(await read("gpt")));
  });

  test("both damaged are refused, not taken for an MBR", async () => {
    await copyFile(join(dir, "gpt"), join(dir, "both"));
    await wipe("both", 512, 92);
    await wipe("both", (40 << 20) - 512, 92);
    await expect(read("both")).rejects.toMatchObject({ code: "E_GPT_DAMAGED", at: { offset: 512 } });
  });

  test("an image cut short keeps what is there, and says so", async () => {
    await copyFile(join(dir, "gpt"), join(dir, "cut"));
    await truncate(join(dir, "cut"), 12 << 20);
    const table = await read("cut");
    expect(table?.volumes.map(({ number, size }) => [number, size])).toEqual([
      [1, 1 << 20],
      [2, 2 << 20],
    ]);
    expect(table?.warnings.join()).toMatch(/Partition 2 is cut off.*Partition 3 .* is left out/);
  });
});

test("sgdisk's tables, with its own numbering and a hybrid MBR", async () => {
  await truncate(await touch("sgdisk"), 40 << 20);
  const script = `sgdisk -o -n 5:2048:+1M -t 5:8300 -c 5:five -n 2:10240:+2M -t 2:ef00 -h 5 "$0" >/dev/null && sgdisk -i 5 "$0"`;
  const said = await sh(script, join(dir, "sgdisk"));
  const table = await read("sgdisk");
  expect(table?.scheme).toBe("gpt");
  expect(table?.volumes.map(({ number, start, size, name }) => [number, start, size, name])).toEqual([
    [2, 10240 * 512, 2 << 20, ""],
    [5, 1 << 20, 1 << 20, "five"],
  ]);
  expect(said.toLowerCase()).toContain(table?.volumes[1]?.uuid ?? "none");
});

test.each([
  ["FAT16", "mkfs.vfat -F 16 -n BARE"],
  ["FAT32 with a boot sector of its own", "mkfs.vfat -F 32 --mbr=no"],
  ["ext4", "mkfs.ext4 -q -F"],
  ["swap", "mkswap"],
])("a bare file system has no table: %s", async (_name, mkfs) => {
  await truncate(await touch("bare"), 36 << 20);
  await sh(`${mkfs} "$0" >/dev/null 2>&1`, join(dir, "bare"));
  expect(await read("bare")).toBeNull();
});

test("a table left over below a file system does not count", async () => {
  await copyFile(join(dir, "gpt"), join(dir, "over"));
  await sh(`mkswap -f "$0" >/dev/null 2>&1`, join(dir, "over"));
  await wipe("over", 0, 1024);
  expect(await read("over")).toBeNull();
});

test("a chain of logical partitions that comes back to itself ends", async () => {
  await copyFile(join(dir, "mbrLogical"), join(dir, "loop"));
  const extended = (await oracle("mbrLogical")).partitions?.find(({ type }) => type === "5")?.start ?? 0;
  const handle = await open(join(dir, "loop"), "r+");
  await handle.write(Uint8Array.of(0, 0, 0, 0), 0, 4, extended * 512 + 446 + 16 + 8);
  await handle.close();
  const table = await read("loop");
  expect(table?.volumes.map(({ number }) => number)).toEqual([1, 2, 5]);
  expect(table?.warnings.join()).toContain("comes back to itself");
});

async function wipe(name: string, offset: number, length: number): Promise<void> {
  const handle = await open(join(dir, name), "r+");
  await handle.write(new Uint8Array(length), 0, length, offset);
  await handle.close();
}
