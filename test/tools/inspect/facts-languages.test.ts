import { copyFile, cp, mkdir, realpath } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect, it } from "vitest";
import type { LanguagePackage } from "../../../core/guest/facts/languages/index.ts";
import { findTool } from "../../../core/host/program/process.ts";
import { guestkitText } from "../../support/cli.ts";
import { folder } from "../../support/disk.ts";
import { run, scratch } from "../../support/run.ts";

const dir = await scratch("facts-languages");

interface Tree {
  readonly name: string;
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, Tree>>;
}

/** Each package of `npm ls --json`, once. */
function flat({ name, version, dependencies = {} }: Tree): readonly string[] {
  return [`${name} ${version}`, ...Object.entries(dependencies).flatMap(([name, each]) => flat({ ...each, name }))];
}

/** As `pip list` goes about it. */
const DISTRIBUTIONS = `import importlib.metadata, sys
for each in importlib.metadata.distributions(path=[sys.argv[1]]): print(each.metadata["Name"], each.version)`;

it("--facts languages tells what Python, npm and a program of Go say themselves", async () => {
  const root = await folder(dir, { "etc/os-release": "ID=debian\n", "etc/passwd": "root:x:0:0::/root:/bin/sh\n" });
  const [npm, python] = [join(root, "usr/lib/node_modules/npm"), join(root, "usr/lib/python3/dist-packages")];
  for (const each of ["usr/bin", "usr/lib/node_modules", "usr/lib/python3/dist-packages"])
    await mkdir(join(root, each), { recursive: true });
  await cp(dirname(dirname(await realpath(findTool("npm")))), npm, { recursive: true });
  await run("sh", ["-c", 'cp -a /usr/lib/python3/dist-packages/*-info "$1"', "sh", python]);
  await copyFile(findTool("podman"), join(root, "usr/bin/podman"));
  const image = join(dir, "languages.img");
  await run("mke2fs", ["-q", "-t", "ext4", "-d", root, image, "256M"]);
  const report = JSON.parse(await guestkitText(["inspect", image, "--json", "--facts", "languages"]));
  const found: readonly LanguagePackage[] = report.languages;
  const told = (kind: string) => [
    ...new Set(found.filter((each) => each.ecosystem === kind).map(({ name, version }) => `${name} ${version}`)),
  ];
  expect(report.warnings).toEqual([]);
  const distributions = (await run("/usr/bin/python3", ["-c", DISTRIBUTIONS, python])).trim().split("\n");
  expect(told("pypi").sort()).toEqual([...new Set(distributions)].sort());
  const tree: Tree = JSON.parse(await run("npm", ["ls", "--global", "--all", "--json", "--prefix", join(root, "usr")]));
  expect(told("npm").sort()).toEqual(
    [...new Set(Object.entries(tree.dependencies ?? {}).flatMap(([name, each]) => flat({ ...each, name })))].sort(),
  );
  const go = (await run("podman", ["version", "--format", "{{.Client.GoVersion}}"])).trim();
  expect(told("golang")).toContain(`stdlib ${go.replace(/^go/, "")}`);
});
