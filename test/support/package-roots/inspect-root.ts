import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import type { Package } from "../../../core/guest/packages/package.ts";
import { guestkitText } from "../cli.ts";
import { run } from "../tool.ts";
import type { PackageRoot } from "./index.ts";

/** A root as a disk, made beside `base`: what the command line says of its packages, without a warning. */
export async function inspectRoot(
  base: string,
  { root }: PackageRoot,
): Promise<{ readonly format: string; readonly packages: readonly Package[] }> {
  const [image, copy] = [`${base}.img`, `${base}.root`];
  await run("cp", ["-a", root, copy]);
  for (const folder of ["etc", "usr/bin"]) await mkdir(join(copy, folder), { recursive: true });
  await writeFile(join(copy, "etc/os-release"), "ID=test\n");
  await run("mke2fs", ["-q", "-t", "ext4", "-d", copy, image, "64M"]);
  const report = JSON.parse(await guestkitText(["inspect", image, "--json", "--no-cache"]));
  expect(report.warnings).toEqual([]);
  return { format: report.package_format, packages: report.packages };
}
