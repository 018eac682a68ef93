import { mkdir, readdir, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { scan } from "../../../../core/disposable/clean/clamav.ts";
import { contextIn } from "../../../support/machine.ts";
import { scratch } from "../../../support/scratch.ts";

it("tells of a file that is too large without a copy of it and without a machine", async () => {
  const folder = await scratch("scan");
  await mkdir(join(folder, "signatures"));
  await writeFile(join(folder, "signatures/own.hdb"), "");
  await writeFile(join(folder, "film"), "");
  await truncate(join(folder, "film"), 2 << 20);
  const context = contextIn(folder);
  const limits = { most: 1 << 20, maxFiles: 10, fileTimeout: 1, timeout: 1 };
  const { verdicts } = await scan(
    "none",
    join(folder, "film"),
    { database: join(folder, "signatures"), ...limits },
    context,
  );
  expect(verdicts).toMatchObject([{ verdict: "skipped", message: "it is larger than 1048576 bytes", isContent: true }]);
  expect(String(verdicts[0]?.path)).toBe(join(folder, "film"));
  expect(await readdir(context.settings.cacheDir).catch(() => [])).toEqual([]);
});
