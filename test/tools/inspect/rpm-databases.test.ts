import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readPackages } from "../../../core/guest/packages/index.ts";
import { GuestkitError } from "../../../core/kit/errors.ts";
import { memoryTree } from "../../support/memory-filesystem.ts";
import { filesOf, type RpmHistory, rpmHistories } from "../../support/package-roots/rpm-history.ts";
import { spelled } from "../../support/package-roots/rpm-lines.ts";
import { Random } from "../../support/random.ts";
import { run, scratch } from "../../support/run.ts";

const dir = await scratch("rpm-databases");
const histories = await rpmHistories();

/** Of the files in a folder of rpm's those that hold its packages. */
const DATABASE = /\/(?:Packages|Packages\.db|rpmdb\.sqlite)$/;

const packagesIn = async (files: Record<string, Uint8Array>) =>
  spelled(await readPackages(await memoryTree(files), "rpm"));

describe("a database of rpm's", () => {
  it.each(histories)("$name has the packages that the rpm that wrote it lists", async (history) => {
    expect(await packagesIn(await filesOf(history))).toEqual(history.told);
  });
});

describe("a hash of Berkeley DB", () => {
  const written = histories.find(({ name }) => name === "bullseye-bdb-used") as RpmHistory;

  it.each([
    ["the smallest pages", "db_pagesize=512"],
    ["the largest pages, with values in them", "db_pagesize=65536"],
    ["the other order of bytes", "db_lorder=4321"],
  ])("with %s holds the same", async (_, line) => {
    const file = join(dir, line);
    const dump = await run("db5.3_dump", [join(written.folder, "Packages")]);
    await writeFile(`${file}.dump`, dump.replace(/^db_pagesize=.*$/m, line));
    await run("db5.3_load", ["-f", `${file}.dump`, file]);
    const [own, other] = [await filesOf(written), await run("db5.3_stat", ["-d", file])];
    expect(other).toMatch(line.startsWith("db_pagesize") ? (line.split("=")[1] as string) : "Big-endian");
    expect(await packagesIn({ ...own, "/var/lib/rpm/Packages": await readFile(file) })).toEqual(written.told);
  });
});

describe("of damaged bytes", () => {
  it.each(["bullseye-bdb-rebuilt", "trixie-sqlite-rebuilt", "trixie-ndb-rebuilt"])(
    "%s is refused or read, and ends",
    async (name) => {
      const history = histories.find((each) => each.name === name) as RpmHistory;
      const [[path, whole]] = Object.entries(await filesOf(history)).filter(([each]) => DATABASE.test(each)) as [
        [string, Uint8Array],
      ];
      const random = new Random(3);
      for (let seed = 0; seed < 60; seed++) {
        const bytes = Uint8Array.from(whole);
        // Most of what leads from place to place stands at pages' and values' starts.
        for (let count = 0; count < 400; count++)
          bytes[512 * random.below(bytes.length >> 9) + random.below(40)] = random.below(256);
        try {
          expect((await packagesIn({ [path]: bytes })).length).toBeLessThanOrEqual(2 * history.told.length);
        } catch (error) {
          expect(error).toBeInstanceOf(GuestkitError);
          expect((error as GuestkitError).code).toMatch(/^E_(?:RPM|SQLITE|NUMBER)/);
        }
      }
    },
  );

  it("a hash whose buckets come back to one page is refused", async () => {
    const { folder } = histories.find(({ name }) => name === "bullseye-bdb-rebuilt") as RpmHistory;
    const bytes = Uint8Array.from(await readFile(join(folder, "Packages")));
    for (let page = 1; page < bytes.length / 4096; page++) {
      const [HASH, KIND, NEXT] = [13, 25, 16];
      if (bytes[4096 * page + KIND] === HASH) new DataView(bytes.buffer).setUint32(4096 * page + NEXT, page, true);
    }
    await expect(packagesIn({ "/var/lib/rpm/Packages": bytes })).rejects.toMatchObject({ code: "E_RPM_BDB" });
  });
});
