import { existsSync } from "node:fs";
import { chmod, mkdir, readFile, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readVerdicts } from "../../../../core/disposable/clean/clamav.ts";
import { listFiles } from "../../../../core/disposable/clean/host-files.ts";
import { writeInputDisk } from "../../../../core/disposable/clean/input-disk.ts";
import { mat, take } from "../../../../core/disposable/clean/mat.ts";
import { besideOriginal, demandFree, extensionOf } from "../../../../core/disposable/clean/output.ts";
import { openResult } from "../../../../core/disposable/clean/result-disk.ts";
import { ageInDays, isOld, readSignatures } from "../../../../core/disposable/clean/signatures.ts";
import { type Entry, resultTar } from "../../../support/result-tar.ts";
import { scratch } from "../../../support/scratch.ts";

const folder = await scratch("clean");
const { signal } = new AbortController();
let count = 0;

async function resultOf(...entries: readonly Entry[]) {
  const path = join(folder, `disk-${count++}`);
  await writeFile(path, resultTar([...entries, { name: "end" }]));
  return await openResult(path, { files: 10, fileBytes: 1 << 20 });
}

async function original(name: string): Promise<string> {
  const path = join(folder, `${count++}-${name}`);
  await writeFile(path, "original", { mode: 0o640 });
  return path;
}

describe("mat", () => {
  const placeOf = (path: string) => ({ original: path, target: besideOriginal(path), overwrite: false });

  it("writes the clean files by our names, with the original's mode, and tells of the others", async () => {
    const [photo, odd] = [await original("a.jpg"), await original("b.xyz")];
    await chmod(photo, 0o600);
    const status = { name: "status", content: "0 cleaned\n1 unsupported chemical/x-xyz\n" };
    await using result = await resultOf(status, { name: "0", content: "clean" });
    const told = await take(result, [photo, odd].map(placeOf));
    expect(told).toEqual([
      { path: photo, status: "cleaned", writtenTo: besideOriginal(photo), message: null },
      { path: odd, status: "unsupported", writtenTo: null, message: expect.stringContaining("chemical/x-xyz") },
    ]);
    expect(await readFile(besideOriginal(photo), "utf8")).toBe("clean");
    expect((await stat(besideOriginal(photo))).mode & 0o777).toBe(0o600);
    expect(await readFile(photo, "utf8")).toBe("original");
  });

  it("refuses to put a clean file in the place of another original", async () => {
    const [photo, other] = [join(folder, "x.jpg"), join(folder, "x.cleaned.jpg")];
    const options = { lightweight: false, output: null, overwrite: true, most: 1, timeout: 1 };
    const settings = { dataDir: folder, cacheDir: folder, runtimeDir: folder, mirror: null };
    const done = mat("base", [photo, other], options, { signal, settings, progress: () => {} });
    await expect(done).rejects.toMatchObject({ code: "E_CLEAN_INPUT", message: expect.stringContaining(other) });
  });

  const CLEANED = { name: "status", content: "0 cleaned\n" };
  it.each<[string, readonly Entry[], RegExp]>([
    ["a file that was not asked for", [CLEANED, { name: "1", content: "x" }], /"1" was not asked for/],
    ["the same file by two names", [CLEANED, { name: "0" }, { name: "00" }], /"00" was not asked for/],
    ["a file that is missing", [CLEANED], /is missing/],
    ["a file that it says it has not cleaned", [{ name: "status", content: "0 failed\n" }, { name: "0" }], /not asked/],
    ["no status", [{ name: "0" }], /does not say/],
    ["a status of others", [{ name: "status", content: "0 cleaned\n1 cleaned\n" }], /2 files in place of 1/],
    ["a status of another", [{ name: "status", content: "5 cleaned\n" }], /cannot be read/],
    ["other words", [{ name: "status", content: "0 owned\n" }], /cannot be read/],
  ])("refuses %s, and writes nothing", async (_, entries, why) => {
    const path = await original("a.jpg");
    await using result = await resultOf(...entries);
    await expect(take(result, [placeOf(path)])).rejects.toThrow(why);
    expect(existsSync(besideOriginal(path))).toBe(false);
  });

  it("shows nothing of the guest's that a terminal would obey", async () => {
    const path = await original("a.jpg");
    await using result = await resultOf({ name: "status", content: `0 failed \x1b[2J${"x".repeat(9000)}\n` });
    const [told] = await take(result, [placeOf(path)]);
    expect(told?.message).toMatch(/^\\x1b\[2Jx+$/);
    expect(told?.message?.length).toBeLessThan(400);
  });
});

describe("clamav", () => {
  const head = "engine 1.4.6 12\n";
  const verdicts = (text: string): Entry => ({ name: "verdicts", content: text });

  it("takes verdicts by the index", async () => {
    await using result = await resultOf(verdicts(`${head}0 clean\n1 infected Eicar\x1b\n2 error Can't open\n`));
    const { version, loaded, told } = await readVerdicts(result, 3);
    expect([version, loaded]).toEqual(["1.4.6", 12]);
    expect(told).toEqual([
      { verdict: "clean", text: "" },
      { verdict: "infected", text: "Eicar\\x1b" },
      { verdict: "error", text: "Can't open" },
    ]);
  });

  it.each<[string, readonly Entry[], RegExp]>([
    ["a verdict too few", [verdicts(`${head}0 clean\n`)], /1 verdicts for 2 files/],
    ["a verdict too many", [verdicts(`${head}0 clean\n1 clean\n2 clean\n`)], /3 verdicts for 2 files/],
    ["another order", [verdicts(`${head}1 clean\n0 clean\n`)], /not in the order/],
    ["the same twice", [verdicts(`${head}0 clean\n0 clean\n`)], /not in the order/],
    ["another word", [verdicts(`${head}0 clean\n1 fine\n`)], /not in the order/],
    ["no engine", [verdicts("0 clean\n1 clean\n")], /what scanned/],
    ["further files", [verdicts(`${head}0 clean\n1 clean\n`), { name: "more" }], /something else/],
    ["too much", [verdicts(`${head}${"x".repeat(5000)}`)], /more than/],
  ])("refuses %s", async (_, entries, why) => {
    await using result = await resultOf(...entries);
    await expect(readVerdicts(result, 2)).rejects.toThrow(why);
  });

  it("lists files in the order of their bytes, and follows no links", async () => {
    const top = join(folder, "tree");
    await mkdir(join(top, "sub"), { recursive: true });
    await writeFile(join(top, "b\nc"), "12");
    await writeFile(Buffer.concat([Buffer.from(`${top}/`), Buffer.of(0xff)]), "");
    await writeFile(join(top, "sub/x"), "");
    await symlink("/etc", join(top, "etc"));
    const { files, left } = await listFiles(top, 10, signal);
    expect(files.map(({ path, size }) => [path.toString("latin1"), size])).toEqual([
      ["b\nc", 2],
      ["sub/x", 0],
      ["\xff", 0],
    ]);
    expect(left.map(String)).toEqual(["etc"]);
    await expect(listFiles(top, 3, signal)).rejects.toThrow(/more than 3 files/);
  });

  it("knows how old signatures are", async () => {
    const database = join(folder, "db");
    await mkdir(database);
    await expect(readSignatures(database)).rejects.toMatchObject({ code: "E_CLAMAV_DATABASE" });
    const day = new Date(Date.now() - 30.5 * 86_400_000).toUTCString().split(" ").slice(1, 4).join(" ");
    await writeFile(join(database, "main.cvd"), `ClamAV-VDB:${day} 00-00 +0000:62:1:90:x`.padEnd(512));
    expect(ageInDays(await readSignatures(database))).toBeGreaterThanOrEqual(30);
    expect(isOld(ageInDays(await readSignatures(database)))).toBe(true);
    await writeFile(join(database, "own.hdb"), "00:1:X");
    expect(ageInDays(await readSignatures(database))).toBe(0);
    await expect(readSignatures(join(folder, "none"))).rejects.toThrow(/none/);
  });
});

describe("places", () => {
  it("names the clean file beside the original", () => {
    expect(besideOriginal("/a/photo.jpg")).toBe("/a/photo.cleaned.jpg");
    expect(besideOriginal("all.tar.gz")).toBe("all.cleaned.tar.gz");
    expect(besideOriginal("none")).toBe("none.cleaned");
    expect(besideOriginal(".hidden")).toBe(".hidden.cleaned");
    expect(["x.sh;rm -rf", "x.$(id)", "a.b/c"].map(extensionOf)).toEqual(["", "", ""]);
  });

  it("leaves the original, and what is there", async () => {
    const path = await original("a.jpg");
    const other = await original("b.jpg");
    await symlink(path, `${path}.link`);
    const refused = (target: string, overwrite: boolean) => demandFree({ original: path, target, overwrite });
    await expect(refused(path, true)).rejects.toMatchObject({ code: "E_CLEAN_ORIGINAL" });
    await expect(refused(`${path}.link`, true)).rejects.toMatchObject({ code: "E_CLEAN_ORIGINAL" });
    await expect(refused(other, false)).rejects.toMatchObject({ code: "E_CLEAN_EXISTS" });
    await expect(refused(folder, true)).rejects.toMatchObject({ code: "E_CLEAN_EXISTS" });
    await expect(refused(other, true)).resolves.toBeUndefined();
  });
});

describe("the input disk", () => {
  it("refuses what is no file, is too large, or is not there", async () => {
    const write = (path: string) =>
      writeInputDisk(join(folder, `in-${count++}`), [{ name: "0", content: { path } }], { most: 4, signal });
    await expect(write(folder)).rejects.toThrow(/no regular file/);
    await expect(write(await original("x"))).rejects.toThrow(/8 bytes, more than 4/);
    await expect(write(join(folder, "gone"))).rejects.toThrow(/there is no such file/);
  });
});
