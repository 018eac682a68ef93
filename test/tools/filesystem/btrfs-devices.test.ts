import { open, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { FileSystem } from "../../../core/filesystem/filesystem.ts";
import { GuestkitError } from "../../../core/kit/errors.ts";
import { differences, type Facts, fileSystemFacts, hostFacts } from "../../support/compare-tree.ts";
import { withMount } from "../../support/mounted.ts";
import { run, scratch } from "../../support/run.ts";
import { share } from "../../support/slow.ts";
import { images, PARITY, type Recipe, SEVERAL, SINGLE } from "./btrfs-images.ts";
import { expectSame, withFileSystem } from "./btrfs-read.ts";

const dir = await scratch("btrfs-devices");

/** Ways to leave out one to `spare` of the devices, the survivors in each order that begins with another one. */
function losses(files: readonly string[], spare: number): (readonly string[])[] {
  const one = files.map((left) => files.filter((file) => file !== left));
  const most = files.map((_, at) =>
    Array.from({ length: files.length - spare }, (_, n) => files[(at + n) % files.length] as string),
  );
  return spare === 0 ? [] : [...one, ...(spare > 1 ? most : [])];
}

describe("btrfs over several devices reads as the kernel reads it", () => {
  for (const [name, recipe] of share(Object.entries(SEVERAL), ([each]) => /^raid1c/.test(each))) {
    it(`${name}, and with as many devices missing as it bears`, async () => {
      const files = await images(`several-${name}`, recipe);
      const expected = await withMount(files, "ro", hostFacts);
      expect(expected.size).toBeGreaterThan(40);
      await withFileSystem(files, async (fs) => {
        await expectSame(fs, expected);
        expect(fs.warnings).toEqual([]);
      });
      await withFileSystem(files.toReversed(), (fs) => expectSame(fs, expected));
      for (const left of losses(files, recipe.spare)) {
        await withFileSystem(left, async (fs) => {
          await expectSame(fs, expected);
          expect(fs.warnings.length).toBe(files.length - left.length);
          for (const text of fs.warnings) expect(text).toMatch(/^device \d \([0-9a-f]{32}\) is missing: /);
        });
      }
    });
  }
});

describe("what no device at hand has", () => {
  for (const name of ["raid0", "single"]) {
    it(`is refused by its place, the rest is read: ${name}`, async () => {
      const recipe = SEVERAL[name] as Recipe;
      const files = await images(`several-${name}`, recipe);
      const whole = await withMount(files, "ro", hostFacts);
      const messages: string[] = [];
      let whatIsLeft = 0;
      for (const left of files.map((lost) => files.filter((file) => file !== lost))) {
        await withFileSystem(left, async (fs) => {
          const { refused, read } = await contents(fs, whole);
          whatIsLeft += read;
          for (const { code, message } of refused) messages.push(`${code}: ${message}`);
        });
      }
      expect(messages.length).toBeGreaterThan(0);
      expect(whatIsLeft).toBeGreaterThan(0);
      for (const message of messages) expect(message).toMatch(MISSING);
    });
  }
});

describe("data on parity", () => {
  it.each(Object.entries(PARITY))(
    "is refused by its profile, never read as what it is not: %s",
    async (name, recipe) => {
      const files = await images(`parity-${name}`, recipe);
      const whole = await withMount(files, "ro", hostFacts);
      await withFileSystem(files, async (fs) => {
        const { refused } = await contents(fs, whole);
        expect(refused.length).toBeGreaterThan(0);
        for (const { code, message } of refused) {
          expect([code, message]).toEqual(["E_BTRFS_PROFILE", expect.stringContaining(`it lies on ${name}, which`)]);
        }
      });
    },
  );
});

const MISSING = /^E_BTRFS_DEVICE: Cannot read address \d+ of the file system: device \d \([0-9a-f]{32}\) is missing$/;

/** Reads every file below /spread; each is what it was, or refused. */
async function contents(fs: FileSystem, whole: Facts): Promise<{ refused: GuestkitError[]; read: number }> {
  const refused: GuestkitError[] = [];
  let read = 0;
  const folder = (await fs.lookup(fs.root, Buffer.from("spread"))) as number;
  for await (const batch of fs.entries(folder)) {
    for (const { name, inode } of batch) {
      try {
        const file = { ...fs, root: inode, stat: fs.stat.bind(fs), open: fs.open.bind(fs), xattrs: fs.xattrs.bind(fs) };
        const path = Buffer.from(`spread/${Buffer.from(name)}`).toString("hex");
        const facts = await fileSystemFacts(file as unknown as FileSystem);
        expect(
          differences(new Map([["", { ...facts.get(""), path }]]), new Map([["", whole.get(path) ?? {}]])),
        ).toEqual([]);
        read++;
      } catch (error) {
        if (!(error instanceof GuestkitError)) throw error;
        refused.push(error);
      }
    }
  }
  return { refused, read };
}

describe("damage of one copy", () => {
  it("of data and metadata is passed over for the good one, and said", async () => {
    const files = await images("several-raid1", SEVERAL.raid1 as Recipe);
    const expected = await withMount(files, "ro", hostFacts);
    const warnings: string[] = [];
    for (const hurt of [0, 1]) {
      const copies = await Promise.all(files.map((file, at) => copy(file, `raid1-${hurt}-${at}`)));
      await noise(copies[hurt] as string, 1 << 20, 63 << 20);
      await noise(copies[hurt] as string, 65 << 20, 192 << 20);
      await withFileSystem(copies, async (fs) => {
        await expectSame(fs, expected);
        warnings.push(...fs.warnings);
      });
    }
    expect(warnings.length).toBeGreaterThan(0);
    const said = /^\d+ blocks were read from another copy, the first of them being damaged \(.*crc32c checksum/;
    for (const text of warnings) expect(text).toMatch(said);
  });

  it("is refused by its place where there is no other", async () => {
    const [file = ""] = await images("default", SINGLE.default as Recipe);
    const hurt = await copy(file, "no-other");
    const bytes = await readFile(hurt);
    const start = bytes.indexOf(Buffer.from("line 3000 of a text that repeats itself"));
    expect(start).toBeGreaterThan(0);
    const handle = await open(hurt, "r+");
    for (let at = start; at >= 0; at = bytes.indexOf("line 3000 of a text that repeats itself", at + 1)) {
      await handle.write(Buffer.from("LINE"), 0, 4, at);
    }
    await handle.close();
    await withFileSystem([hurt], async (fs) => {
      const folder = (await fs.lookup(fs.root, Buffer.from("packable"))) as number;
      const inode = (await fs.lookup(folder, Buffer.from("text-131073"))) as number;
      const content = await fs.open(inode);
      expect(Buffer.from(await content.read(0, 6)).toString()).toBe("line 0");
      await expect(content.read(0, 131073)).rejects.toMatchObject({
        code: "E_BTRFS_CHECKSUM",
        message: expect.stringMatching(
          /^Cannot read data at address \d+: its crc32c checksum is not that of its content$/,
        ),
        at: { file: hurt },
      });
      const refused = await content.read(0, 131073).catch((error: GuestkitError) => error.at?.offset);
      expect(bytes.subarray(refused as number).indexOf("line 3000 of")).toBeLessThan(4096);
    });
  });
});

async function copy(file: string, name: string): Promise<string> {
  const to = join(dir, name);
  await run("cp", ["--sparse=always", file, to]);
  return to;
}

const ZEROS = Buffer.alloc(4096);

/** Turns bits over wherever something stands in `[start, end)`; zeros stay, so that the file stays sparse. */
async function noise(file: string, start: number, end: number): Promise<void> {
  const bytes = await readFile(file);
  const handle = await open(file, "r+");
  for (let at = start; at < Math.min(end, bytes.length); at += 4096) {
    const block = bytes.subarray(at, at + 4096);
    if (!block.equals(ZEROS)) await handle.write(Buffer.from(block.map((byte) => byte ^ 0x55)), 0, block.length, at);
  }
  await handle.close();
}
