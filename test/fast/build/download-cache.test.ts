import { chmod, mkdir, open, readFile, rename, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import {
  beginPart,
  type Entry,
  entryOf,
  nameByContent,
  noteOfWhole,
  openPart,
  openWhole,
} from "../../../core/build/download-cache.ts";
import { scratch } from "../../support/scratch.ts";

const URL = "https://example.org/image";
const SHA256 = "a".repeat(64);
const ANSWER = { url: URL, etag: '"1"', modified: null, isPlain: true };

/** An entry with a whole file of these bytes. */
async function kept(bytes: string): Promise<Entry> {
  const cacheDir = await scratch("download-cache");
  const entry = entryOf(URL, null, { cacheDir, dataDir: cacheDir, runtimeDir: cacheDir, mirror: null });
  await using part = await beginPart(entry, ANSWER);
  await part.writeFile(bytes);
  await nameByContent(entry, part, SHA256, ANSWER);
  return entry;
}

async function textOf(entry: Entry): Promise<string | null> {
  await using file = await openWhole(entry, URL);
  return file && (await file.readFile()).toString();
}

test("what is open stays what it is when another answer comes", async () => {
  const entry = await kept("first");
  await using first = await openWhole(entry, URL);
  await using part = await beginPart(entry, ANSWER);
  await part.writeFile("second");
  expect(await textOf(entry)).toBe("first");
  await nameByContent(entry, part, "b".repeat(64), ANSWER);
  expect((await first?.readFile())?.toString()).toBe("first");
  expect(await textOf(entry)).toBe("second");
});

test("a file that is not as it was verified, a link or a name outside counts for nothing", async () => {
  const entry = await kept("verified");
  const [whole, beside] = [join(entry.folder, SHA256), join(entry.folder, "beside")];
  expect(await textOf(entry)).toBe("verified");
  await rename(whole, beside);
  await symlink(beside, whole);
  expect(await textOf(entry)).toBeNull();
  const note = JSON.parse(await readFile(entry.note, "utf8"));
  await writeFile(entry.note, JSON.stringify({ ...note, sha256: "../../etc/passwd" }));
  expect(await textOf(entry)).toBeNull();
  await writeFile(entry.note, JSON.stringify(note));
  await rename(beside, whole);
  expect(await textOf(entry)).toBe("verified");
  expect(await noteOfWhole(entry, "https://example.org/other")).toBeNull();
});

test("what others may write counts for nothing: the file, its note, a part", async () => {
  for (const name of ["note.json", SHA256]) {
    const entry = await kept("mine");
    await chmod(join(entry.folder, name), 0o666);
    expect(await textOf(entry)).toBeNull();
  }
  const entry = await kept("mine");
  await using part = await beginPart(entry, ANSWER);
  await part.writeFile("begun");
  await using begun = (await openPart(entry, URL))?.file ?? null;
  expect(begun).not.toBeNull();
  await chmod(entry.part, 0o666);
  expect(await openPart(entry, URL)).toBeNull();
});

test("a part is begun over nothing that lies there", async () => {
  const entry = await kept("whole");
  const other = join(entry.folder, "other");
  await writeFile(other, "precious");
  await mkdir(entry.folder, { recursive: true });
  await symlink(other, entry.part);
  await using part = await beginPart(entry, ANSWER);
  await part.writeFile("new");
  expect(await readFile(other, "utf8")).toBe("precious");
  expect((await stat(entry.part)).mode & 0o777).toBe(0o600);
  await using again = await open(entry.part);
  expect((await again.readFile()).toString()).toBe("new");
});
