import { stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { guestkitText } from "../../support/cli.ts";
import { belongsHere } from "../../support/slow.ts";
import { onEveryEngine, type Workspace, workspace } from "./workspace.ts";

const image = 'resource "guestkit_disk_image" "data" {\n  path = "data.img"\n  size = "1M"\n}\n';

/** By its birth: the number of what was removed may be given again. */
const birth = async (work: Workspace) => (await stat(join(work.dir, "data.img"), { bigint: true })).birthtimeNs;

onEveryEngine((engine) => {
  it("a tainted thing is replaced, and destroyed, without a refresh: the state tells that it is its own", async () => {
    const work = await workspace(engine, image);
    await work.apply();
    const made = await birth(work);
    await work.succeed("taint", "guestkit_disk_image.data");
    expect((await work.plan("-refresh=false")).code).toBe(2);
    await work.apply("-refresh=false");
    expect(await birth(work)).not.toBe(made);
    expect((await work.plan()).code).toBe(0);
    await work.succeed("taint", "guestkit_disk_image.data");
    await work.succeed("destroy", "-refresh=false", "-auto-approve");
    await expect(birth(work)).rejects.toThrow("ENOENT");
  });

  it("another one's stays another one's, however it is tainted", async () => {
    const work = await workspace(engine, image);
    await work.apply();
    const made = await birth(work);
    await writeFile(
      join(work.dir, "guestkit.yaml"),
      "version: 1\nresources:\n  disk_image:\n    data: { path: data.img, size: 1M }\n",
    );
    await guestkitText(["import", "disk_image.data", "data.img"], { cwd: work.dir });
    await work.succeed("taint", "guestkit_disk_image.data");
    for (const command of [["apply"], ["destroy"]]) {
      const { code, stderr } = await work.run(...command, "-refresh=false", "-auto-approve");
      expect([code, stderr]).toEqual([1, expect.stringContaining("E_OWNER")]);
    }
    expect(await birth(work)).toBe(made);
  });
}, belongsHere);
