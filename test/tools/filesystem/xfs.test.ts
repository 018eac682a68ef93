import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { differences, dumpedFacts, fileSystemFacts, hostFacts } from "../../support/compare-tree.ts";
import { withMount } from "../../support/mounted.ts";
import { run, scratch } from "../../support/run.ts";
import { share } from "../../support/slow.ts";
import { volumeImages } from "../../support/volume-images/index.ts";
import { withFileSystem, withoutStoredAcls } from "./xfs-facts.ts";
import { DIRTY, dirtyXfsImage, MOUNTED, xfsImage } from "./xfs-images.ts";
import { dirtyOldXfs } from "./xfs-old-image.ts";

const dir = await scratch("xfs");

/** Other sizes of the same. */
const MORE = ["1k", "1k-plain", "2k-large-directories", "16k", "scattered", "dirty-1k", "dirty-large-records"];
const here = <T>(recipes: Readonly<Record<string, T>>) =>
  share(Object.entries(recipes), ([each]) => MORE.includes(each));

describe("xfs as the kernel reads it", () => {
  for (const [name, recipe] of here(MOUNTED)) {
    it(name, async () => {
      const file = await xfsImage(name, recipe);
      const theirs = await withMount(file, "ro", hostFacts);
      await withFileSystem(file, async (fs) => {
        expect(differences(await fileSystemFacts(fs), withoutStoredAcls(theirs))).toEqual([]);
        expect(fs.label).toBe("label");
        expect(fs.warnings).toEqual([]);
      });
      expect(theirs.size).toBeGreaterThan(20);
    });
  }
});

describe("xfs of version 4 as the test machine's kernel reads it", () => {
  for (const name of ["xfs4", "xfs4-oldest"] as const) {
    it(name, async () => {
      const { disks, found } = await volumeImages();
      await withFileSystem(disks[name], async (fs) => {
        expect(differences(await fileSystemFacts(fs), dumpedFacts(found[name]))).toEqual([]);
        expect(fs.label).toBe(name === "xfs4" ? "four" : null);
      });
    });
  }
});

describe("xfs with a log that is to be replayed, as the kernel reads it after that", () => {
  for (const [name, recipe] of here(DIRTY)) {
    it(name, async () => {
      const file = await dirtyXfsImage(name, recipe);
      const copy = join(dir, name);
      await run("cp", ["--sparse=always", file, copy]);
      const theirs = await withMount(copy, "replay", hostFacts);
      await withFileSystem(file, async (fs) => {
        expect(differences(await fileSystemFacts(fs), withoutStoredAcls(theirs))).toEqual([]);
        expect(fs.warnings).toEqual([expect.stringMatching(/^log replayed: \d+ blocks$/)]);
      });
      expect(theirs.size).toBeGreaterThan(200);
    });
  }

  it("version 4, as the test machine's kernel reads it", async () => {
    const { file, found } = await dirtyOldXfs();
    await withFileSystem(file, async (fs) => {
      expect(differences(await fileSystemFacts(fs), dumpedFacts(found))).toEqual([]);
      expect(fs.warnings).toEqual([expect.stringMatching(/^log replayed: \d+ blocks$/)]);
    });
  });
});
