import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { withMount } from "../../support/mounted.ts";
import { run, scratch } from "../../support/run.ts";

const dir = await scratch("mounted");

it("unmounts for good, whoever made a mount namespace meanwhile", async () => {
  const file = join(dir, "image");
  await run("truncate", ["-s", "16M", file]);
  await run("mke2fs", ["-q", "-F", "-t", "ext4", file]);
  const other = await withMount(file, "rw", async () => {
    const child = spawn("unshare", ["--mount", "--propagation", "private", "sh", "-c", "echo there; exec sleep 60"]);
    await once(child.stdout, "data");
    return child;
  });
  const inside = await readFile(`/proc/${other.pid}/mounts`, "utf8");
  expect(await run("losetup", ["--associated", file])).toBe("");
  other.kill("SIGKILL");
  expect(inside).not.toContain("/mnt ext4");
});
