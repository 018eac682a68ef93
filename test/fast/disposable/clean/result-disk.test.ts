import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { openResult, type ResultLimits } from "../../../../core/disposable/clean/result-disk.ts";
import { type Entry, resultTar } from "../../../support/result-tar.ts";
import { scratch } from "../../../support/scratch.ts";

const folder = await scratch("result");
const LIMITS: ResultLimits = { files: 3, fileBytes: 1000 };
const END: Entry = { name: "end" };
let count = 0;

async function read(bytes: Uint8Array, limits = LIMITS): Promise<Record<string, string>> {
  const path = join(folder, `disk-${count++}`);
  await writeFile(path, bytes);
  await using result = await openResult(path, limits);
  const found: Record<string, string> = {};
  for await (const file of result.files()) {
    const pieces = await Array.fromAsync(file.stream());
    found[file.name] = Buffer.concat(pieces).toString();
  }
  return found;
}

const disk = (...entries: readonly Entry[]) => resultTar(entries);

it("gives regular files, with empty blocks between archives and rubbish behind the end", async () => {
  const whole = Buffer.concat([
    disk({ name: "1", content: "one" }),
    Buffer.alloc(20 * 512),
    disk({ name: "2", content: "x".repeat(600), flag: "\0" }, { name: "3" }, END),
    Buffer.alloc(512, 7),
  ]);
  expect(await read(whole)).toEqual({ 1: "one", 2: "x".repeat(600), 3: "" });
});

const FILE: Entry = { name: "1", content: "one" };

it.each<[string, Uint8Array, RegExp]>([
  ["a symbolic link", disk({ name: "1", flag: "2" }, END), /"1" is no regular file/],
  ["a hard link", disk({ name: "1", flag: "1" }, END), /no regular file/],
  ["a folder", disk({ name: "1", flag: "5" }, END), /no regular file/],
  ["a device", disk({ name: "1", flag: "3" }, END), /no regular file/],
  ["an extended header", disk({ name: "1", flag: "x", content: "20 path=../../evil\n" }, END), /no regular file/],
  ["a name with ..", disk({ name: "../../etc/passwd" }, END), /not one that was asked for/],
  ["an absolute name", disk({ name: "/etc/passwd" }, END), /not one that was asked for/],
  ["a name like an option", disk({ name: "-rf" }, END), /not one that was asked for/],
  ["a name with an escape", disk({ name: "a\x1b[2J" }, END), /not one that was asked for/],
  ["a name without a name", disk({ name: "", content: "x" }, END), /not one that was asked for/],
  ["a name in two parts", disk({ name: "1", prefix: "../.." }, END), /not one that was asked for/],
  ["one twice", disk(FILE, FILE, END), /"1" is there twice/],
  ["too many", disk({ name: "1" }, { name: "2" }, { name: "3" }, { name: "4" }, END), /more than 3 files/],
  ["one too large", disk({ name: "1", content: "x".repeat(1001) }, END), /1001 bytes, more than 1000/],
  ["one past the disk's end", disk({ name: "1", size: 900 }), /ends past the disk's end/],
  ["a size in base 256", disk({ name: "1", size: "\x80\0\0\0\0\0\0\0\0\0\x10\0" }, END), /size of "1" is no number/],
  ["a negative size", disk({ name: "1", size: "-0000000001" }, END), /size of "1" is no number/],
  ["a wrong checksum", disk({ ...FILE, checksum: "000001\0 " }, END), /no archive/],
  ["no end", disk(FILE), /stops before its end/],
  ["no end but emptiness", Buffer.concat([disk(FILE), Buffer.alloc(100 * 512)]), /stops before its end/],
  ["nothing", Buffer.alloc(4096), /stops before its end/],
  ["no bytes at all", Buffer.alloc(0), /stops before its end/],
  ["something else", Buffer.alloc(4096, "rubbish "), /no archive/],
])("refuses %s", async (_, bytes, why) => {
  await expect(read(bytes)).rejects.toThrow(why);
  await expect(read(bytes)).rejects.toMatchObject({ code: "E_CLEAN_RESULT" });
});
