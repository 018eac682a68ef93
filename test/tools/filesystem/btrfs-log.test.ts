import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { differences, type Facts, fileSystemFacts, hostFacts } from "../../support/compare-tree.ts";
import { withMount } from "../../support/mounted.ts";
import { run, scratch } from "../../support/run.ts";
import { LOGGED, loggedImage, type Recipe } from "./btrfs-images.ts";
import { withFileSystem } from "./btrfs-read.ts";

const dir = await scratch("btrfs-log");
/** `GUESTKIT_BTRFS_SEEDS=200` catches more of them. */
const SEEDS = Number(process.env.GUESTKIT_BTRFS_SEEDS ?? 10);

/** Replaying, the kernel stamps what it unlinks and unlinks from with its own time: such stamps are left out. */
function withoutStamps(facts: Facts, kernel: Facts, since: bigint): Facts {
  const isStamp = (time: string | undefined) => BigInt(time ?? 0) >= since;
  return new Map(
    [...facts].map(([path, each]) => {
      const theirs = kernel.get(path);
      const mtime = isStamp(theirs?.mtime) ? "" : (each.mtime ?? "");
      return [path, { ...each, mtime, ctime: isStamp(theirs?.ctime) ? "" : (each.ctime ?? "") }];
    }),
  );
}

describe("a log that waits for replay is read as the kernel reads it after replay", () => {
  for (let seed = 1; seed <= SEEDS; seed++) {
    it(`work of seed ${seed}`, async () => {
      const file = await loggedImage(LOGGED[seed % LOGGED.length] as Recipe, seed);
      const copy = join(dir, `replayed-${seed}`);
      await run("cp", ["--sparse=always", file, copy]);
      // The kernel's clock for stamps lags by a tick.
      const since = BigInt(Date.now() - 20) * 1_000_000n;
      const kernel = await withMount(copy, "rw,noatime", hostFacts);
      await withFileSystem([file], async (fs) => {
        expect(fs.warnings).toEqual([expect.stringMatching(/^log replayed: of \d subvolumes?$/)]);
        const ours = await fileSystemFacts(fs);
        expect(differences(withoutStamps(ours, kernel, since), withoutStamps(kernel, kernel, since))).toEqual([]);
        expect(kernel.size).toBeGreaterThan(40);
      });
      await run("rm", [copy]);
    });
  }

  it("holds what a mount without replay does not", async () => {
    const file = await loggedImage(LOGGED[1] as Recipe, 1);
    const old = await withMount(file, "ro,rescue=nologreplay", hostFacts);
    await withFileSystem([file], async (fs) => {
      const ours = await fileSystemFacts(fs);
      expect(ours.has(Buffer.from("last").toString("hex"))).toBe(true);
      expect(old.has(Buffer.from("last").toString("hex"))).toBe(false);
    });
  });
});
