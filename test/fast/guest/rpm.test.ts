import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, it } from "vitest";
import { readPackageFormat, readPackages } from "../../../core/guest/packages/index.ts";
import { GuestkitError } from "../../../core/kit/errors.ts";
import { memoryTree } from "../../support/memory-filesystem.ts";
import { Random } from "../../support/random.ts";
import { makeHeader, makeNdb } from "../../support/rpm-databases.ts";
import { scratch } from "../../support/scratch.ts";

const bash = makeHeader({
  1000: "bash",
  1001: "5.2.26",
  1002: "3.fc40",
  1003: 1,
  1008: 1_700_000_000,
  1009: 8_000_000,
  1011: "Fedora Project",
  1014: "GPL-3.0-or-later",
  1022: "x86_64",
  1044: "bash-5.2.26-3.fc40.src.rpm",
});
const key = makeHeader({ 1000: "gpg-pubkey", 1001: "a15b79cc", 1002: "63d04c2c", 1004: "x".repeat(5000) });
const many = Array.from({ length: 60 }, (_, at) =>
  makeHeader({ 1000: `p${at}`, 1001: `${at}`, 1005: "t".repeat(at * 70) }),
);

const expected = [
  {
    ...{ name: "bash", epoch: 1, version: "5.2.26", release: "3.fc40", arch: "x86_64", status: "installed" },
    ...{ source: "bash", size: 8_000_000, vendor: "Fedora Project", license: "GPL-3.0-or-later" },
    installed_at: "2023-11-14T22:13:20.000Z",
    purl: null,
  },
  {
    ...{ name: "gpg-pubkey", epoch: null, version: "a15b79cc", release: "63d04c2c", arch: null, status: "installed" },
    ...{ source: null, size: null, vendor: null, license: null, installed_at: null, purl: null },
  },
];

const read = async (path: string, file: Uint8Array) => {
  const tree = await memoryTree({ [path]: file });
  expect(await readPackageFormat(tree, null)).toBe("rpm");
  return readPackages(tree, "rpm");
};

describe("rpm's own database", () => {
  it.each(["/usr/lib/sysimage/rpm", "/var/lib/rpm", "/usr/share/rpm"])("is read in %s", async (folder) => {
    expect(await read(`${folder}/Packages.db`, makeNdb([bash, key]))).toEqual(expected);
  });

  it("has as many packages as its slots say", async () => {
    const found = await read("/var/lib/rpm/Packages.db", makeNdb(many));
    expect(found?.map(({ name }) => name).toSorted()).toEqual(many.map((_, at) => `p${at}`).toSorted());
  });

  it("tells each value as it stands, in whatever order, however long, and of any script", async () => {
    const random = new Random(7);
    const texts = [
      "",
      "é",
      "\u{feff}marked",
      "日本語",
      "n".repeat(63),
      "n".repeat(64),
      "l".repeat(5000),
      "m".repeat(70_000),
    ];
    const all = Array.from({ length: 150 }, (_, at) => {
      const text = () => texts[random.below(texts.length)] as string;
      const own = { version: text(), release: text(), vendor: text(), license: text(), size: random.below(2 ** 31) };
      const before = "d".repeat(random.below(9000));
      const values = { 1000: `p${String(at).padStart(3, "0")}`, 1001: own.version, 1002: own.release, 1005: before };
      const pairs = [...Object.entries({ ...values, 1009: own.size, 1011: own.vendor, 1014: own.license })];
      return {
        own,
        header: makeHeader(
          Object.fromEntries(pairs),
          pairs.map(([tag]) => Number(tag)).sort(() => random.below(3) - 1),
        ),
      };
    });
    const found = await read("/var/lib/rpm/Packages.db", makeNdb(all.map(({ header }) => header)));
    const told = found.map(({ version, release, vendor, license, size }) => ({
      version,
      release,
      vendor,
      license,
      size,
    }));
    expect(told).toEqual(all.map(({ own }) => own));
  });

  it("whose slots share one package is refused: it would cost many times what it takes", async () => {
    const bytes = makeNdb(Array.from({ length: 20 }, () => key));
    for (let slot = 1; slot < 21; slot++) bytes.copy(bytes, 32 + 16 * slot, 32, 48);
    await expect(read("/var/lib/rpm/Packages.db", bytes)).rejects.toMatchObject({ code: "E_RPM_NDB" });
  });

  it("tells no more than its share of text", async () => {
    const tree = await memoryTree({
      "/var/lib/rpm/Packages.db": makeNdb(many.map(() => makeHeader({ 1000: "n".repeat(1000), 1001: "1" }))),
    });
    const told = (bytes: number) => tree.budget.part("packages", () => readPackages(tree, "rpm"), { bytes });
    await expect(told(10_000)).rejects.toMatchObject({ code: "E_BUDGET_BYTES" });
    expect(await told(100_000)).toHaveLength(many.length);
  });

  it("of damaged bytes is refused or read, and ends", async () => {
    const whole = makeNdb([bash, key, ...many]);
    const random = new Random(5);
    for (let seed = 0; seed < 300; seed++) {
      const bytes = Uint8Array.from(whole);
      for (let count = 0; count < 3; count++) bytes[random.below(count < 2 ? 6000 : bytes.length)] = random.below(256);
      try {
        expect((await read("/var/lib/rpm/Packages.db", bytes)).length).toBeLessThanOrEqual(many.length + 2);
      } catch (error) {
        expect(error).toBeInstanceOf(GuestkitError);
        expect((error as GuestkitError).code).toMatch(/^E_RPM/);
      }
    }
  });
});

/** A database of SQLite's own making, of which each row is longer than one page. */
async function sqliteOf(headers: readonly Buffer[]): Promise<Buffer> {
  const path = join(await scratch("rpm-sqlite"), "rpmdb.sqlite");
  const database = new DatabaseSync(path);
  database.exec("CREATE TABLE Packages (hnum INTEGER PRIMARY KEY, blob BLOB)");
  const insert = database.prepare("INSERT INTO Packages (blob) VALUES (?)");
  for (const header of headers) insert.run(header);
  database.close();
  return await readFile(path);
}

it("a value is read wherever it lies in its row, long ones before short ones", async () => {
  const license = "GPL-2.0-or-later AND LGPL-2.1-or-later AND BSD-3-Clause AND MIT AND Apache-2.0 AND GFDL-1.3";
  const first = { 1000: "libfoo", 1001: "1.2", 1002: "3.fc40" };
  const headers: Buffer[] = [];
  for (let text = 0; text <= 1200; text += 300) {
    for (let files = 200; files <= 2000; files += 150) {
      for (let last = 0; last <= 4000; last += 500) {
        const middle = { 1005: "d".repeat(text), 1008: 1_700_000_000, 1009: 77, 1014: license, 1022: "x86_64" };
        const end = { 1027: "f".repeat(files), 1044: "foo-1.2-3.fc40.src.rpm", 1047: "p".repeat(9000 + last) };
        headers.push(makeHeader({ ...first, ...middle, ...end }));
      }
    }
  }
  const found = await read("/usr/lib/sysimage/rpm/rpmdb.sqlite", await sqliteOf(headers));
  expect(found).toHaveLength(headers.length);
  const whole = { name: "libfoo", size: 77, license, arch: "x86_64", source: "foo" };
  for (const each of found ?? []) expect(each).toMatchObject(whole);
});
