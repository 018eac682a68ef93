import { join } from "node:path";
import { it } from "vitest";
import { makePackages, pairIsTold, type Type } from "../../support/diff-pairs/index.ts";
import { scratch } from "../../support/scratch.ts";

const dir = await scratch("diff-pairs");
const packages = await makePackages(join(dir, "packages"));

/** Twenty of ext4, as most guests are. */
const typeOf = (seed: number): Type => (seed % 6 === 4 ? "xfs" : seed % 6 === 5 ? "btrfs" : "ext4");
const PAIRS = Array.from({ length: 30 }, (_, at) => [typeOf(at), 3 + at] as const);

it.each(PAIRS)(
  "what differs after random changes is what diff(1), the kernel, dpkg and rpm say: %s, %i",
  (type, seed) => pairIsTold(dir, packages, type, seed),
);
