import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { openImage } from "../../../core/format/index.ts";
import { GuestkitError } from "../../../core/kit/errors.ts";
import { openFileSource } from "../../../core/source/file.ts";
import { nodeHost } from "../../../core/source/node.ts";
import { scratch } from "../../support/run.ts";
import { type Tools, toolsIn } from "./images.ts";

const CASES = 40;
const IMAGES = ["plain", "packed", "old", "subclusters"] as const;
let tools: Tools;

beforeAll(async () => {
  tools = toolsIn(await scratch("damage"));
  const { img, io, dir } = tools;
  await writeFile(join(dir, "base.raw"), Buffer.alloc(1 << 20, "all that was written "));
  const convert = (name: string, ...options: string[]) => img("convert", "-O", "qcow2", ...options, "base.raw", name);
  await convert("plain", "-o", "cluster_size=4k");
  await convert("packed", "-c", "-o", "cluster_size=4k");
  await convert("old", "-o", "cluster_size=512,compat=0.10");
  await img(
    "create",
    "-q",
    "-f",
    "qcow2",
    "-o",
    "extended_l2=on,cluster_size=16k",
    "-b",
    "base.raw",
    "-F",
    "raw",
    "subclusters",
  );
  await io("subclusters", "write -P 1 1000 5000", "write -z 300k 40k", "write -P 4 600k 33k");
});

test.each(IMAGES)("what a damaged image answers is what QEMU answers, or an error with a place: %s", async (name) => {
  const whole = await readFile(join(tools.dir, name));
  const next = random(IMAGES.indexOf(name) + 1);
  for (let index = 0; index < CASES; index++) {
    const { bytes, changes } = mutate(whole, next);
    await writeFile(join(tools.dir, "damaged"), bytes);
    const ours = await readAll(join(tools.dir, "damaged"));
    if (ours instanceof Error) {
      expect(ours, changes).toBeInstanceOf(GuestkitError);
      expect((ours as GuestkitError).at?.file, changes).toBeDefined();
      continue;
    }
    const theirs = await convertByQemu();
    if (theirs) expect(Buffer.compare(ours, theirs), `case ${index} of ${name}: ${changes}`).toBe(0);
  }
});

/** Changes one to three bytes of the header, the L1 table or an L2 table. */
function mutate(whole: Buffer, next: (below: number) => number): { bytes: Buffer; changes: string } {
  const bytes = Buffer.from(whole);
  const l1 = Number(bytes.readBigUInt64BE(40));
  const entries = bytes.readUInt32BE(36);
  const l2 = Number(bytes.readBigUInt64BE(l1 + 8 * next(entries)) & 0xfffffffffffe00n);
  const places = [() => next(112), () => l1 + next(entries * 8), () => l2 + next(512)];
  const changes = Array.from({ length: 1 + next(3) }, () => {
    const at = places[next(4)]?.() ?? l2 + next(512);
    const byte = next(2) ? next(256) : (bytes[at] ?? 0) ^ (1 << next(8));
    bytes[at] = byte;
    return `${at}=${byte}`;
  });
  return { bytes, changes: changes.join(" ") };
}

/** A linear congruential generator: the same cases in every run. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1103515245 + 12345) % 2 ** 31;
    return Math.floor((state / 2 ** 31) * below);
  };
}

async function readAll(path: string): Promise<Uint8Array | Error> {
  try {
    await using image = await openImage(await openFileSource(path), nodeHost);
    return await image.read(0, Math.min(image.size, 8 << 20));
  } catch (error) {
    if (error instanceof Error) return error;
    throw error;
  }
}

/** Null where QEMU refuses: it checks what is needed for writing as well. */
async function convertByQemu(): Promise<Buffer | null> {
  await rm(join(tools.dir, "converted"), { force: true });
  const said = await tools.img("convert", "-O", "raw", "damaged", "converted").catch(() => null);
  return said === null ? null : (await readFile(join(tools.dir, "converted"))).subarray(0, 8 << 20);
}
