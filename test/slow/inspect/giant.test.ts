import { copyFile, readFile, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, it } from "vitest";
import type { Report } from "../../../core/inspect/index.ts";
import { GUESTKIT } from "../../support/cli.ts";
import { folder } from "../../support/disk.ts";
import { withMount } from "../../support/mounted.ts";
import { rpmHistories } from "../../support/package-roots/rpm-history.ts";
import { scratch } from "../../support/scratch.ts";
import { run } from "../../support/tool.ts";
import { blankExt4 } from "../../tools/cli/filled-image.ts";

const dir = await scratch("giant");
/** KiB: an ordinary system takes a third. */
const MOST = 256 << 10;
const PARAGRAPH = "Package: a\nStatus: install ok installed\nArchitecture: all\nVersion: 1\n\n";

/** The report of an image of such files, to which `fill` adds what is giant. */
async function inspect(name: string, release: string, files: Readonly<Record<string, string>>, fill: Fill) {
  const tree = await folder(dir, { "etc/os-release": release, "etc/hostname": "giant\n", "usr/bin/x": "", ...files });
  await fill(tree);
  const image = join(dir, `${name}.img`);
  await blankExt4(image, 1024, ["-d", tree]);
  return inspectImage(image);
}
type Fill = (tree: string) => Promise<unknown>;

/** With every group of facts, in no more memory than is allowed for. */
async function inspectImage(image: string): Promise<Report> {
  const [told, peak] = [join(dir, "told"), join(dir, "peak")];
  const command = `/usr/bin/time -f %M -o "$1" "$2" "$3" inspect --no-cache --facts all --json "$4" > "$5"`;
  await run("sh", ["-c", command, "sh", peak, ...GUESTKIT, image, told]);
  expect(Number(await readFile(peak, "utf8"))).toBeLessThan(MOST);
  return JSON.parse(await readFile(told, "utf8")) as Report;
}

const toldOf = (report: Report, part: string) => report.warnings.filter((each) => each.includes(` ${part} cannot be `));

describe("a guest with a giant list of packages gets its report, which says why those are not in it", () => {
  const status = "var/lib/dpkg/status";

  it.each([
    ["of dpkg's, larger than any", async (tree: string) => writeFile(join(tree, status), PARAGRAPH.repeat(3 << 20))],
    ["of dpkg's, eight GiB of them nothing", async (tree: string) => truncate(join(tree, status), 2 ** 33)],
  ])("%s", async (name, fill) => {
    const report = await inspect(name.replaceAll(/\W/g, "-"), "ID=debian\n", { [status]: PARAGRAPH }, fill);
    expect(report).toMatchObject({ distro: "debian", hostname: "giant", package_format: "deb", packages: null });
    expect(toldOf(report, "packages")).toHaveLength(1);
    expect(toldOf(report, "packages")[0]).toContain("/var/lib/dpkg/status");
  });

  it("of rpm's, of one package that fills it", async () => {
    const report = await inspect("one-package", "ID=fedora\n", { "var/lib/rpm/.rpm.lock": "" }, async (tree) => {
      using database = new DatabaseSync(join(tree, "var/lib/rpm/rpmdb.sqlite"));
      database.exec("CREATE TABLE Packages (hnum INTEGER PRIMARY KEY, blob BLOB NOT NULL)");
      database.exec("INSERT INTO Packages VALUES (1, zeroblob(500000000))");
    });
    expect(report).toMatchObject({ distro: "fedora", hostname: "giant", package_format: "rpm", packages: null });
    expect(toldOf(report, "packages")).toEqual([expect.stringContaining("/var/lib/rpm")]);
  });
});

it("a database of rpm's that goes on for GiBs of nothing is read as what stands in it", async () => {
  const history = (await rpmHistories()).find(({ name }) => name === "trixie-sqlite-rebuilt");
  if (!history) throw new Error("there is no such history");
  const report = await inspect("sparse", "ID=fedora\n", { "var/lib/rpm/.rpm.lock": "" }, async (tree) => {
    const file = join(tree, "var/lib/rpm/rpmdb.sqlite");
    await copyFile(join(history.folder, "rpmdb.sqlite"), file);
    await truncate(file, 2 ** 33);
  });
  expect(report.packages).toHaveLength(history.told.length);
  expect(report.warnings).toEqual([]);
});

/** So many names of one file in each of these folders, a file for as many as ext4 lets it have. */
const NAMES = `
import os, sys
top, count = sys.argv[1], int(sys.argv[2])
for folder in sys.argv[3:]:
    os.makedirs(f"{top}/{folder}", exist_ok=True)
    for number in range(count):
        if number % 60000 == 0:
            source = f"{top}/{folder}/{number}.service"
            open(source, "w").write("[Unit]\\n")
        else:
            os.link(source, f"{top}/{folder}/{number}.service")
`;

it("a guest with folders of more names than any has gets its report, which names the parts that they are of", async () => {
  const image = join(dir, "names.img");
  await blankExt4(image, 256, []);
  const folders = ["var/lib/pacman/local", "etc/systemd/system", "boot", "etc/cron.d"];
  await withMount(image, "rw", async (mounted) => {
    await run("python3", ["-c", NAMES, mounted, "200000", ...folders]);
    await run("sh", [
      "-ec",
      `cd "$1"; mkdir -p usr/bin; echo ID=arch >etc/os-release; echo giant >etc/hostname`,
      "sh",
      mounted,
    ]);
  });
  const report = await inspectImage(image);
  expect(report).toMatchObject({ distro: "arch", hostname: "giant", package_format: "pacman", packages: null });
  expect(report).toMatchObject({ units: null, kernels: null, boot: null, schedule: null });
  for (const part of ["packages", "units", "kernels", "boot", "schedule"]) {
    expect(toldOf(report, part), part).toEqual([expect.stringContaining("names in directories")]);
  }
});
