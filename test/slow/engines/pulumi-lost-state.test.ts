import { stat } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { findEngine } from "../../support/engines.ts";
import { PulumiProject } from "../../support/pulumi.ts";
import { scratch } from "../../support/scratch.ts";

const pulumi = findEngine("pulumi");

describe.skipIf(!pulumi)("a stack that has lost its state", () => {
  it("is told at preview of what is there, even with overwrite, and has it back by an import", async () => {
    const folder = join(await scratch("lost-state"), "project");
    const stack = await PulumiProject.create(String(pulumi), folder);
    const image = (given: string, options = "{}") =>
      stack.write(`new guestkit.DiskImage("data", { path: "data.img", size: "1M"${given} }, ${options});`);
    const inode = async () => (await stat(join(folder, "data.img"))).ino;
    await image("");
    expect(await stack.up()).toMatchObject({ code: 0 });
    const made = await inode();
    await stack.pulumi("state", "delete", "--yes", "--all");

    for (const [given, code] of [
      ["", "E_IMAGE_EXISTS"] as const,
      [", overwrite: true", "E_OWNER_FORGOTTEN"] as const,
    ]) {
      await image(given);
      const { code: failed, text } = await stack.preview();
      expect([failed, text]).not.toEqual([0, text]);
      expect(text).toContain(code);
      expect(text).toContain("import");
    }
    expect(await stack.up()).not.toMatchObject({ code: 0 });
    expect(await inode()).toBe(made);

    await image("", '{ import: "data.img" }');
    expect(await stack.up()).toMatchObject({ code: 0 });
    await image("");
    expect(await stack.preview("--expect-no-changes")).toMatchObject({ code: 0 });
    expect(await inode()).toBe(made);
  });
});
