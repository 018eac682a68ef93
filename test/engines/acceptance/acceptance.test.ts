import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, it } from "vitest";
import { faceBelongsHere } from "../../support/slow.ts";
import { candidates } from "./engines.ts";
import { imageSubject, scenario } from "./scenario.ts";

describe.each(candidates.filter(({ name }) => faceBelongsHere(name)))(
  "one declaration through $name",
  ({ binary, open }) => {
    let folder: string;
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), "guestkit-acceptance-"));
      await chmod(folder, 0o755);
    });
    afterAll(() => rm(folder, { recursive: true, force: true }));

    it.skipIf(!binary)("is made, inspected, mended, grown, replaced, protected and removed", async () => {
      await scenario(await open(imageSubject, join(folder, "engine")), folder);
    });
  },
);
