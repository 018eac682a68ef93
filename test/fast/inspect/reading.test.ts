import { rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, expect, it } from "vitest";
import { writeRecord } from "../../../core/engine/record.ts";
import { type Disk, reading } from "../../../core/inspect/index.ts";
import { redoPath } from "../../../core/redo/place.ts";
import { scratch } from "../../support/scratch.ts";

const folder = await scratch("reading");
const RECORD = { contract: "disk_image", origin: "created", owner: null, declared: {}, details: {} } as const;
const RAW = { format: "raw" };
let count = 0;
let image = "";

beforeEach(async () => {
  image = join(folder, `${count++}.img`);
  await writeFile(image, Buffer.alloc(4096, "old!"));
});

const head = async ({ image: content }: Disk) => Buffer.from(await content.read(0, 4)).toString();

/** Another file of that name, as whoever publishes one whole leaves it. */
async function replace(): Promise<void> {
  await writeFile(`${image}.next`, Buffer.alloc(4096, "new!"));
  await rename(`${image}.next`, image);
}

it.each([
  ["the image is replaced", replace],
  ["the image is written to", () => writeFile(image, Buffer.alloc(8192, "new!"))],
  ["a redo log comes", () => writeFile(redoPath(image), "")],
  ["its record is written", () => writeRecord(image, RECORD)],
])("opens anew and does it again where %s while it is read", async (_, change) => {
  const seen: string[] = [];
  const answer = await reading(image, RAW, async (disk) => {
    seen.push(await head(disk));
    if (seen.length === 1) await change();
    return seen.length;
  });
  expect(answer).toBe(2);
});

it("tells a failure over a change from one over what is there", async () => {
  let turns = 0;
  const answer = reading(image, RAW, async (disk) => {
    if (++turns === 1) await replace();
    if ((await head(disk)) === "old!") throw new Error("torn");
    return "whole";
  });
  expect(await answer).toBe("whole");
  await expect(reading(image, RAW, () => Promise.reject(new Error("damaged")))).rejects.toThrow("damaged");
});

it("says of an image that went meanwhile that it is not there", async () => {
  await expect(reading(image, RAW, () => rm(image))).rejects.toMatchObject({ code: "E_SOURCE_OPEN" });
});

it("gives up on one that is changed all the while", async () => {
  let turns = 0;
  const always = reading(image, RAW, async () => {
    turns++;
    await replace();
  });
  await expect(always).rejects.toMatchObject({ code: "E_IMAGE_CHANGING", at: { file: image } });
  expect(turns).toBeGreaterThan(2);
});

it("takes nothing back that has gone out, and lets nothing torn follow", async () => {
  const out: string[] = [];
  const torn = reading(image, RAW, async (disk, output) => {
    for (const last of [false, true]) {
      const bytes = await head(disk);
      output();
      out.push(bytes);
      if (!last) await replace();
    }
  });
  await expect(torn).rejects.toMatchObject({ code: "E_IMAGE_CHANGING" });
  expect(out).toEqual(["old!"]);
});
