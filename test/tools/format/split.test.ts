/** Raw disks in numbered files: read together where that is said, and never by themselves. */
import { copyFile, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { openImage } from "../../../core/format/index.ts";
import { openFileSource } from "../../../core/source/file.ts";
import { nodeHost } from "../../../core/source/node.ts";
import { guestkit } from "../../support/cli.ts";
import { run, scratch } from "../../support/run.ts";

const PART = 256 << 10;
let dir: string;
const at = (name: string) => join(dir, name);

beforeEach(async () => {
  dir = await scratch("split");
  await run("sh", ["-c", 'cd "$0" && truncate -s 1100K disk && mke2fs -q -t ext4 -L joined disk', dir]);
});

const openSplit = async (name: string) => openImage(await openFileSource(at(name)), nodeHost, { format: "split" });
const cut = (prefix: string, ...options: string[]) =>
  run("sh", ["-c", 'cd "$0" && split "$@"', dir, "-b", `${PART}`, ...options, "disk", prefix]);

test.each([
  ["disk.", "001", ["-a", "3", "--numeric-suffixes=1"]],
  ["disk.raw.", "000", ["-a", "3", "-d"]],
  ["disk.dd.", "00", ["-a", "2", "-d"]],
])("as split has cut it: %s%s", async (prefix, first, options) => {
  await cut(prefix, ...options);
  await using image = await openSplit(`${prefix}${first}`);
  const whole = await readFile(at("disk"));
  expect(image).toMatchObject({ format: "split", size: whole.length, details: { parts: 5, part_size: PART } });
  expect(image.files).toHaveLength(5);
  expect(Buffer.compare(await image.read(0, whole.length), whole)).toBe(0);
  expect(Buffer.compare(await image.read(PART - 3, 7), whole.subarray(PART - 3, PART + 4))).toBe(0);
});

test("a gap, odd lengths, a name without a number", async () => {
  await cut("disk.", "-a", "3", "--numeric-suffixes=1");
  await copyFile(at("disk.001"), at("disk.02"));
  await expect(openSplit("disk")).rejects.toMatchObject({ code: "E_SPLIT_NAME" });
  await expect(openSplit("disk.002")).rejects.toMatchObject({ code: "E_SPLIT_NAME" });
  await rename(at("disk.003"), at("kept"));
  const gap = { code: "E_SPLIT_PARTS", message: expect.stringContaining('no "disk.003"') };
  await expect(openSplit("disk.001")).rejects.toMatchObject(gap);
  await writeFile(at("disk.003"), "short");
  await expect(openSplit("disk.001")).rejects.toMatchObject({ code: "E_SPLIT_PARTS" });
  for (const name of ["disk.003", "disk.004", "disk.005"]) await rm(at(name));
  await using image = await openSplit("disk.001");
  expect(image.size).toBe(2 * PART);
});

test("through the command line: by that word alone, which is said where it may be meant", async () => {
  await cut("disk.", "-a", "3", "--numeric-suffixes=1");
  const info = async (...more: string[]) => {
    const { stdout } = await guestkit(["info", at("disk.001"), "--json", ...more]);
    return JSON.parse(stdout.toString());
  };
  const alone = await info();
  expect(alone).toMatchObject({ format: "raw", virtual_size: PART });
  expect(JSON.stringify(alone.warnings)).toContain("--image-format split");
  const whole = await info("--image-format", "split");
  expect(whole).toMatchObject({ format: "split", virtual_size: 1100 << 10 });
  expect(JSON.stringify(whole)).toContain("joined");
});
