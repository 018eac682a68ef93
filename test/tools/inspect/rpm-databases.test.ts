import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readPackages } from "../../../core/guest/packages/index.ts";
import { memoryTree } from "../../support/memory-filesystem.ts";
import { filesOf, type RpmHistory, rpmHistories } from "../../support/package-roots/rpm-history.ts";
import { spelled } from "../../support/package-roots/rpm-lines.ts";
import { run, scratch } from "../../support/run.ts";

const dir = await scratch("rpm-databases");
const histories = await rpmHistories();

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
