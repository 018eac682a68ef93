import { describe, expect, it } from "vitest";
import { makeIso } from "../../../core/build/iso9660/image.ts";
import { iso9660 } from "../../../core/filesystem/iso9660/index.ts";
import { jolietName, plainName, volumeLabel } from "../../../core/filesystem/iso9660/name.ts";
import { longTime, shortTime } from "../../../core/filesystem/iso9660/time.ts";
import { GuestkitError } from "../../../core/kit/errors.ts";
import { memorySource } from "../../../core/source/memory.ts";
import { fc } from "../../support/property.ts";
import { walkFileSystem } from "../../support/walk.ts";

const ascii = (text: string) => Uint8Array.from(text, (char) => char.charCodeAt(0));
const ucs2 = (text: string) => Uint8Array.from([...text].flatMap((char) => [0, char.charCodeAt(0)]));
const text = (raw: Uint8Array) => new TextDecoder().decode(raw);

const files = ["user-data", "meta-data", "network-config"].map((name) => ({ name, content: ascii(name.repeat(400)) }));
const whole = makeIso("cidata", files);
/** Sectors of the two root directories and of the continuation area, as the writer places them. */
const ROOT = 23 * 2048;
const EXTENSION = 25 * 2048;
/** Where sector 16's root record has the extent, and how the name of the first file is found. */
const ROOT_EXTENT = 16 * 2048 + 156 + 2;

async function walk(image: Uint8Array) {
  return walkFileSystem(await iso9660.open(memorySource(image)));
}

/** A copy with `bytes` written at `at`. */
function damaged(at: number, ...bytes: number[]): Uint8Array {
  const copy = whole.slice();
  copy.set(bytes, at);
  return copy;
}

/** Where the record of a Rock Ridge name starts in the root directory. */
function recordOf(name: string): number {
  const found = Buffer.from(whole).indexOf(name, ROOT);
  for (let at = ROOT; ; at += whole[at] as number) if (at + (whole[at] as number) > found) return at;
}

describe("damage", () => {
  it.each<[string, string, Uint8Array]>([
    ["a directory that is its own child", "CROSS_LINK", directoryAt("meta-data", ROOT / 2048)],
    ["a directory where there is nothing", "INODE", directoryAt("meta-data", 0)],
    ["a directory where there is a file", "RECORD", directoryAt("meta-data", 27)],
    ["a directory past the end", "RECORD", directoryAt("meta-data", 0xffffff)],
    ["a root past the end", "RECORD", damaged(ROOT_EXTENT, 0xff, 0xff, 0xff, 0x7f)],
    ["a root that is larger than the volume", "DIRECTORY", damaged(ROOT + 10, 0, 0, 0, 0x70)],
    ["a record that is cut short", "RECORD", damaged(recordOf("meta-data"), 20)],
    ["a record that ends past its sector", "RECORD", lastRecord(255)],
    ["a name that ends past its record", "RECORD", damaged(recordOf("meta-data") + 32, 255)],
    ["a name of a parent", "NAME", named("meta-data", "../../etc")],
    ["an entry without a length", "SUSP", damaged(useOf("meta-data") + 2, 3)],
    ["an entry that ends past its record", "SUSP", damaged(useOf("meta-data") + 2, 250)],
    ["a continuation without an end", "SUSP", endlessContinuation()],
    ["a continuation past the end", "SUSP", damaged(continuationOf() + 4, 0xff, 0xff, 0xff, 0x7f)],
    ["a file past the end", "EXTENT", damaged(recordOf("meta-data") + 2, 0xff, 0xff, 0xff, 0x7f)],
    ["a file whose next section is missing", "SECTIONS", damaged(recordOf("user-data") + 25, 0x80)],
    ["an interleaved file", "INTERLEAVED", damaged(recordOf("meta-data") + 26, 1)],
    ["blocks of 3 bytes", "DESCRIPTOR", damaged(16 * 2048 + 128, 3)],
    ["descriptors without an end", "DESCRIPTOR", whole.slice(0, 18 * 2048)],
    ["a file that is said to be a directory", "TYPE", damaged(modeOf("meta-data"), 0xed, 0x41)],
  ])("refuses %s", async (_, code, image) => {
    await expect(walk(image)).rejects.toMatchObject({ code: `E_ISO9660_${code}` });
  });

  it("of any kind ends in an answer or in an error with a place, and soon", async () => {
    const live = [16, 17, 18, 23, 24, 25].flatMap((sector) =>
      Array.from({ length: 600 }, (_, at) => sector * 2048 + at),
    );
    const change = fc.record({ at: fc.constantFrom(...live), value: fc.nat(255) });
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 4 }), fc.boolean(), async (changes, joliet) => {
        const image = whole.slice();
        // Without Rock Ridge the other tree is read.
        if (joliet) image[ROOT + 34] = 0;
        for (const { at, value } of changes) image[at] = value;
        await walk(image).catch((error) => {
          if (!(error instanceof GuestkitError)) throw error;
          expect(error.message).toMatch(/^Cannot /);
        });
      }),
      { numRuns: 1500 },
    );
  });

  it("of the length too", async () => {
    for (let length = 0; length < whole.length; length += 1000) {
      const image = whole.slice(0, length);
      if (!(await iso9660.probe(memorySource(image)))) continue;
      await walk(image).catch((error) => expect(error).toBeInstanceOf(GuestkitError));
    }
  });
});

describe("names", () => {
  it("are read from Joliet's tree where there is no Rock Ridge, and plain where there is neither", async () => {
    const joliet = damaged(ROOT + 34, 0);
    expect(Object.keys(await walk(joliet)).sort()).toEqual(["meta-data", "network-config", "user-data"]);
    joliet[17 * 2048 + 88] = 0;
    expect(Object.keys(await walk(joliet))).toEqual(["meta_data", "network_config", "user_data"]);
  });

  it("are found in Joliet's tree whatever their case, and as they are elsewhere", async () => {
    const find = async (image: Uint8Array, name: string) => {
      const fs = await iso9660.open(memorySource(image));
      return (await fs.lookup(fs.root, ascii(name))) !== null;
    };
    expect(await find(damaged(ROOT + 34, 0), "USER-data")).toBe(true);
    expect(await find(whole, "USER-data")).toBe(false);
    expect(await find(whole, "user-data")).toBe(true);
  });

  it.each([
    ["README.TXT;1", "readme.txt"],
    ["README.;1", "readme"],
    ["A;1", "a"],
    ["A.B;2", "a.b.2"],
    ["A/B", "a.b"],
    ["_X.", "_x."],
  ])("%s is shown as %s, as the kernel does", (raw, shown) => {
    expect(text(plainName(ascii(raw)))).toBe(shown);
  });

  it.each([
    ["Read me.txt;1", "Read me.txt"],
    ["dots...;1", "dots"],
    [".;1", "."],
    ["a;2", "a;2"],
  ])("Joliet's %s is shown as %s", (raw, shown) => {
    expect(text(jolietName(ucs2(raw)))).toBe(shown);
  });

  it("keeps a label's spelling where Joliet has it", () => {
    const padded = (label: string) => ascii(label.padEnd(32));
    expect(volumeLabel(padded("CIDATA"), ucs2("cidata".padEnd(16)))).toBe("cidata");
    expect(volumeLabel(padded("DEBIAN 12 AMD64 N 1"), ucs2("Debian 12 amd64 "))).toBe("Debian 12 amd64 N 1");
    expect(volumeLabel(padded("ONE"), ucs2("other".padEnd(16)))).toBe("ONE");
    expect(volumeLabel(padded(""), null)).toBeNull();
  });
});

describe("times", () => {
  it("count from their own zone", () => {
    expect(shortTime(Uint8Array.of(120, 1, 1, 2, 0, 0, 8))).toEqual({ seconds: 1577836800, nanoseconds: 0 });
    expect(longTime(Uint8Array.from([...ascii("2020010100000050"), 0xfc]))).toEqual({
      seconds: 1577840400,
      nanoseconds: 500_000_000,
    });
  });

  it("are none where nothing is written", () => {
    expect(shortTime(new Uint8Array(7)).seconds).toBe(0);
    expect(longTime(ascii(`${"0".repeat(16)}\0`)).seconds).toBe(0);
    expect(longTime(ascii("no time at all !!")).seconds).toBe(0);
  });
});

it("puts the sections of a file together", async () => {
  // Two files become sections of one: the same plain name, and the first says that it goes on.
  const moved = makeIso("cidata", [
    { name: "meta-datax", content: ascii("1".repeat(2048)) },
    { name: "meta-datay", content: ascii("2".repeat(100)) },
  ]);
  const at = Buffer.from(moved).indexOf("META_DATAY.;1", ROOT);
  moved[at + 9] = "X".charCodeAt(0);
  moved[Buffer.from(moved).indexOf("META_DATAX.;1", ROOT) - 33 + 25] = 0x80;
  const fs = await iso9660.open(memorySource(moved));
  const found = await walkFileSystem(fs);
  expect(Object.entries(found).map(([path, { size }]) => [path, size])).toEqual([["meta-datax", 2148]]);
  const inode = (await fs.lookup(fs.root, ascii("meta-datax"))) as number;
  const source = await fs.open(inode);
  expect(text(await source.read(2040, 20))).toBe("1".repeat(8) + "2".repeat(12));
});

/** The file's record made a directory's that starts at `sector`. */
function directoryAt(name: string, sector: number): Uint8Array {
  const at = recordOf(name);
  const image = damaged(at + 25, 2);
  new DataView(image.buffer).setUint32(at + 2, sector, true);
  const mode = modeOf(name);
  image.set([0x6d, 0x41], mode);
  return image;
}

function entryOf(name: string, signature: string): number {
  return Buffer.from(whole).indexOf(signature, recordOf(name) + 33);
}

function useOf(name: string): number {
  return entryOf(name, "NM");
}

function modeOf(name: string): number {
  return entryOf(name, "PX") + 4;
}

function continuationOf(): number {
  return Buffer.from(whole).indexOf("CE", ROOT);
}

function named(name: string, other: string): Uint8Array {
  return damaged(useOf(name) + 5, ...ascii(other));
}

/** The continuation area goes on in itself. */
function endlessContinuation(): Uint8Array {
  const entry = whole.slice(continuationOf(), continuationOf() + 28);
  return damaged(EXTENSION, ...entry);
}

/** The last record of the root directory said to be longer than it is. */
function lastRecord(length: number): Uint8Array {
  const image = whole.slice();
  const last = recordOf("user-data");
  const room = ROOT + 2048 - last;
  image.copyWithin(ROOT + 2048 - 100, last, last + 100);
  image.fill(1, last, ROOT + 2048 - 100);
  image[last] = Math.min(room, length);
  return image;
}
