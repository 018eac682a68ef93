import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { checkDrift } from "../../../core/resource/disk-image/checks.ts";
import type { Memory } from "../../../core/resource/disk-image/memory.ts";
import { scratch } from "../../support/scratch.ts";

const dir = await scratch("check-drift");
const file = join(dir, "rules.yaml");
const EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

const memory = (declared: object, verdict: object | null, further: object = {}): Memory =>
  ({
    ...{ contract: "disk_image", origin: "created", owner: null },
    ...{ declared: { checks: declared }, details: { checks: verdict, ...further } },
  }) as unknown as Memory;
const failed = [{ check: "keys", severity: "high" }];

it.each<[object, object | null, string | null]>([
  [{}, null, "was not told yet"],
  [{}, { failed: [] }, null],
  [{ on_failure: "fail" }, { failed }, "checks do not hold: keys"],
  [{ on_failure: "keep" }, { failed }, null],
  [{}, { failed: [], until: "2027-01-31" }, null],
  [{}, { failed: [], until: "2027-01-30" }, "ended on 2027-01-30"],
  [{ file }, { failed: [], file_sha256: EMPTY }, null],
  [{ file }, { failed: [], file_sha256: "00" }, "changed"],
  [{ file: join(dir, "gone") }, { failed: [], file_sha256: "00" }, null],
])("%j with the verdict %j", async (declared, verdict, told) => {
  await writeFile(file, "");
  const found = await checkDrift(memory(declared, verdict), {}, "2027-01-31");
  expect(found).toEqual(
    told === null ? [] : [{ path: "checks", why: expect.stringContaining(told), action: "update" }],
  );
});

it("makes anew what was made and never accepted, once it is known that it does not keep its rules", async () => {
  const never = { accepted: false };
  const drift = (verdict: object | null) =>
    checkDrift(memory({ on_failure: "fail" }, verdict, never), {}, "2027-01-31");
  expect(await drift({ failed, until: "2027-01-30" })).toEqual([
    { path: "checks", why: "it was made, and its checks do not hold: keys", action: "replace" },
  ]);
  // Killed before it was judged.
  expect(await drift(null)).toMatchObject([{ action: "update" }]);
});
