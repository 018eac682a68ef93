import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { ordinaryUser } from "../../support/ordinary-user.ts";
import { belongsHere, isWhole } from "../../support/slow.ts";
import { ordinaryTerraform } from "./ordinary-terraform.ts";
import { onEveryEngine } from "./workspace.ts";

onEveryEngine(
  (engine) => {
    it("builds the Debian example as an ordinary user, finds it unchanged, and removes it without a trace", async () => {
      await using user = await ordinaryUser();
      const { project, terraform } = await ordinaryTerraform(engine, user, "debian-image");
      if (!isWhole) await withoutKernel(join(project, "main.tf"));
      await terraform("init", "-input=false");
      await terraform("apply", "-input=false", "-auto-approve");
      const image = join(project, "debian.qcow2");
      expect((await stat(image)).uid).toBe(user.uid);

      const { system } = JSON.parse(await terraform("output", "-json")) as {
        system: { value: Record<string, unknown> };
      };
      expect(system.value).toMatchObject({
        ...{ type: "linux", distro: "debian", version: "12", hostname: "web", arch: "x86_64" },
        name: "Debian GNU/Linux 12 (bookworm)",
      });
      expect(system.value.packages).toBeGreaterThan(100);

      expect(await terraform("plan", "-input=false", "-detailed-exitcode")).toContain("No changes");
      await terraform("destroy", "-input=false", "-auto-approve");
      const left = (await readdir(project)).filter((name) => name.includes("debian"));
      expect(left).toEqual([]);
    });
  },
  (name) => isWhole || belongsHere(name),
);

/** The longest part of a build is the kernel's: by default a build by guestkit itself has one, and the slow run all. */
async function withoutKernel(file: string): Promise<void> {
  const whole = await readFile(file, "utf8");
  const without = whole.replace("bootstrap = {", 'bootstrap = {\n    kernel   = "none"');
  expect(without).not.toBe(whole);
  await writeFile(file, without);
}
