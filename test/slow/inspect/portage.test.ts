import { join } from "node:path";
import { expect, it } from "vitest";
import { inspectRoot } from "../../support/package-roots/inspect-root.ts";
import { portageRoot } from "../../support/package-roots/scripted.ts";
import { scratch } from "../../support/scratch.ts";

const dir = await scratch("portage");

it("packages of portage are those that it merged, and not what it took away again", async () => {
  const root = await portageRoot();
  const { format, packages } = await inspectRoot(join(dir, "portage"), root);
  expect(format).toBe("ebuild");
  const spelled = packages.map(({ name, version, release, size, license, arch, installed_at }) => {
    const full = `${name}-${version}${release === null ? "" : `-${release}`}`;
    return `${full} ${size}|${license}|${arch}-pc-linux-gnu|${Date.parse(installed_at ?? "") / 1000}|`;
  });
  expect(spelled.sort()).toEqual([...root.told].sort());
});
