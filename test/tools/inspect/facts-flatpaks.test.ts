import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { Flatpak } from "../../../core/guest/facts/flatpaks/index.ts";
import { guestkitText } from "../../support/cli.ts";
import { flatpakRoot } from "../../support/package-roots/scripted.ts";
import { scratch } from "../../support/scratch.ts";
import { run } from "../../support/tool.ts";

const dir = await scratch("facts-flatpaks");

it("--facts flatpaks tells what flatpak does, of the system and of a user", async () => {
  const { root, told } = await flatpakRoot();
  const [copy, image] = [join(dir, "root"), join(dir, "flatpaks.img")];
  await run("cp", ["-a", root, copy]);
  await mkdir(join(copy, "etc"));
  await mkdir(join(copy, "usr"));
  await writeFile(
    join(copy, "etc/passwd"),
    "anna:x:1000:1000::/home/anna:/bin/sh\nberta:x:1001:1001::/home/anna:/bin/sh\n",
  );
  await run("mke2fs", ["-q", "-t", "ext4", "-d", copy, image, "32M"]);
  const report = JSON.parse(await guestkitText(["inspect", image, "--json", "--facts", "flatpaks"]));
  expect(report.warnings).toEqual([]);
  const flatpaks: readonly Flatpak[] = report.flatpaks;
  const spelled = flatpaks.map(({ user, kind, name, arch, branch, origin, commit, size, version }) =>
    [user ? "user" : "system", `${kind}/${name}/${arch}/${branch}`, origin, commit, size, version ?? "-"].join(" "),
  );
  expect(spelled.sort()).toEqual([...told].sort());
  expect(flatpaks.find(({ name }) => name === "org.test.Other")).toMatchObject({
    ...{ user: "anna", license: "MIT AND GPL-3.0-or-later", runtime: "org.test.Platform/x86_64/23.08" },
  });
});
