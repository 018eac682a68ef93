import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ext4 } from "../../../core/filesystem/ext4/index.ts";
import { GuestkitError } from "../../../core/kit/errors.ts";
import { memorySource } from "../../../core/source/memory.ts";
import { differences, type Facts, fileSystemFacts } from "../../support/compare-tree.ts";
import { withMount } from "../../support/mounted.ts";
import { run, scratch } from "../../support/run.ts";
import { dirtyImage, fill } from "./ext4-images.ts";

const dir = await scratch("ext4-damage");
const ROUNDS = 150;
const SEED = 20261122;

/** A small image of mke2fs with these features, its bytes. */
async function smallImage(name: string, options: readonly string[]): Promise<Uint8Array> {
  const file = join(dir, name);
  const folder = join(dir, "folder");
  if (await mkdir(folder, { recursive: true })) await fill(folder, ["basic"]);
  await run("truncate", ["-s", "8M", file]);
  await run("mke2fs", ["-q", "-F", "-b", "1024", "-O", ["^has_journal", ...options].join(","), "-d", folder, file]);
  return readFile(file);
}

/** What can be told by metadata alone; the content of files carries no checksum. */
async function facts(image: Uint8Array): Promise<Facts> {
  await using fs = await ext4.open(memorySource(image));
  return fileSystemFacts(fs, ["sha256", "target"]);
}

function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** Places of bytes that say something: in pieces of 256 bytes that are not all zero. */
function livePieces(image: Uint8Array): number[] {
  const starts = Array.from({ length: image.length / 256 }, (_, index) => index * 256);
  return starts.filter((start) => image.subarray(start, start + 256).some((byte) => byte !== 0));
}

/** Reads the image with one bit flipped, again and again; the errors' codes and how many reads gave an answer. */
async function flipBits(image: Uint8Array, answer: (facts: Facts, where: number) => void): Promise<Set<string>> {
  const below = random(SEED);
  const pieces = livePieces(image);
  const codes = new Set<string>();
  for (let round = 0; round < ROUNDS; round++) {
    const where = (pieces[below(pieces.length)] as number) + below(256);
    const before = image[where] as number;
    image[where] = before ^ (1 << below(8));
    try {
      answer(await facts(image), where);
    } catch (error) {
      if (!(error instanceof GuestkitError)) throw error;
      expect(error.at?.offset, `${error.message} (bit at ${where}, seed ${SEED})`).toBeTypeOf("number");
      codes.add(error.code);
    }
    image[where] = before;
  }
  return codes;
}

describe("a flipped bit", () => {
  it("in checksummed metadata is refused or has no effect: there is no other answer", async () => {
    const image = await smallImage("checksums", ["metadata_csum", "64bit", "extents", "inline_data"]);
    const expected = await facts(image);
    expect(expected.size).toBeGreaterThan(20);
    const codes = await flipBits(image, (found, where) => {
      expect(differences(found, expected), `bit at ${where}, seed ${SEED}`).toEqual([]);
    });
    expect(codes).toContain("E_EXT4_CHECKSUM");
  });

  for (const [name, options] of Object.entries({
    "extents without checksums": ["extents", "^metadata_csum"],
    "indirect blocks": ["^extents", "^metadata_csum", "^64bit"],
  })) {
    it(`in ${name} ends in an answer or an error with its place`, async () => {
      const image = await smallImage(name.replaceAll(" ", "-"), options);
      await flipBits(image, () => {});
    });
  }
});

describe("a damaged journal", () => {
  it("is read as the kernel reads it, or refused where it does not mount", async () => {
    const make = ["-t", "ext4", "-b", "1024", "-J", "size=2"];
    const original = await dirtyImage("damaged", { make, size: 16, parts: [], last: ["churn"] });
    const bytes = await readFile(original);
    const blocks = controlBlocks(bytes);
    expect(blocks.length).toBeGreaterThan(5);
    const outcomes = new Set<boolean>();
    const places = blocks.slice(0, 8).flatMap((block) => [block + 8, block + 13]);
    for (const at of places) {
      const damaged = Uint8Array.from(bytes);
      damaged[at] = (damaged[at] as number) ^ 0x10;
      const file = join(dir, `damaged-${at}`);
      await writeFile(file, damaged);
      const mounts = await withMount(file, "replay", async () => true).catch(() => false);
      const opens = await ext4.open(memorySource(damaged)).then(() => true, isRefusal);
      expect(opens, `byte ${at}`).toBe(mounts);
      outcomes.add(mounts);
    }
    expect(outcomes.size).toBe(2);
  });
});

/** False for an error of ours; anything else is a fault. */
function isRefusal(error: unknown): false {
  if (error instanceof GuestkitError) return false;
  throw error;
}

/** Places of the journal's own blocks (descriptors, commits, revokes) in transactions that are to be replayed. */
function controlBlocks(image: Uint8Array): number[] {
  const view = new DataView(image.buffer, image.byteOffset, image.byteLength);
  const starts = Array.from({ length: image.length / 1024 }, (_, index) => index * 1024);
  const ours = starts.filter((at) => view.getUint32(at) === 0xc03b3998);
  const first = ours.filter((at) => view.getUint32(at + 4) === 4).map((at) => view.getUint32(at + 0x18))[0] ?? 0;
  return ours.filter((at) => [1, 2, 5].includes(view.getUint32(at + 4)) && view.getUint32(at + 8) >= first);
}
