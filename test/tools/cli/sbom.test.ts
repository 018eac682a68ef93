import { copyFile, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { guestkit } from "../../support/cli.ts";
import { cyclonedxFaults } from "../../support/cyclonedx-schema.ts";
import { folder, partitionedDisk } from "../../support/disk.ts";
import { lock } from "../../support/locked-volumes.ts";
import { pacmanRoot, rpmRoot } from "../../support/package-roots/index.ts";
import { scratch } from "../../support/scratch.ts";
import { spdxTools } from "../../support/spdx-tools.ts";
import { run } from "../../support/tool.ts";

const dir = await scratch("sbom");
const LINUX = "0FC63DAF-8483-4772-8E79-3D69D8477DE4";

/** A folder as an image, with the os-release of that distribution. */
async function imageOf(name: string, root: string, release: string): Promise<string> {
  const [image, copy] = [join(dir, `${name}.img`), join(dir, name)];
  await run("cp", ["-a", root, copy]);
  for (const each of ["etc", "usr/bin"]) await mkdir(join(copy, each), { recursive: true });
  await writeFile(join(copy, "etc/os-release"), release);
  await run("mke2fs", ["-q", "-t", "ext4", "-d", copy, image, "64M"]);
  return image;
}

const status = (...names: readonly string[]) =>
  names
    .map((each) => `Package: ${each}\nStatus: install ok installed\nVersion: 1:2-3\nArchitecture: all\nSource: src\n`)
    .join("\n");

const debian = (text: string) =>
  folder(dir, {
    "etc/os-release": 'ID=debian\nVERSION_ID=12\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n',
    "usr/bin/true": "",
    "var/lib/dpkg/status": text,
  });

async function sbomOf(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<string> {
  const { stdout, stderr, exitCode } = await guestkit(["sbom", ...args], { env });
  expect(stderr).toBe("");
  expect(exitCode).toBe(0);
  return stdout.toString();
}

async function refusalOf(args: readonly string[]): Promise<string> {
  const { stdout, stderr, exitCode } = await guestkit(["sbom", ...args]);
  expect(stdout.toString()).toBe("");
  expect(exitCode).toBe(1);
  return stderr;
}

const rpm = await imageOf("rpm", (await rpmRoot()).root, "ID=fedora\nVERSION_ID=41\n");
const pacman = await imageOf("pacman", (await pacmanRoot()).root, "ID=arch\n");
const dpkg = await imageOf("dpkg", await debian(status("b", "a")), "ID=debian\nVERSION_ID=12\n");
// A system each on two partitions.
const both = join(dir, "both.img");
await partitionedDisk(both, "gpt", [
  { size: 16, type: LINUX, script: `mke2fs -q -F -t ext4 -d '${await debian(status("a"))}' "$1"` },
  { size: 16, type: LINUX, script: `mke2fs -q -F -t ext4 -d '${await debian(status("a", "b"))}' "$1"` },
]);

interface Component {
  readonly name: string;
  readonly version: string;
  readonly supplier?: { readonly name: string };
  readonly licenses: readonly {
    readonly expression?: string;
    readonly license?: { readonly id?: string; readonly name?: string };
  }[];
}

describe("guestkit sbom", () => {
  it("writes what CycloneDX's schema and spdx-tools have nothing against", async () => {
    const faultsOf = await cyclonedxFaults();
    const files: string[] = [];
    for (const image of [rpm, pacman, dpkg, both]) {
      expect(faultsOf(JSON.parse(await sbomOf([image])))).toEqual([]);
      files.push(`${image}.spdx.json`);
      await sbomOf([image, "--format", "spdx", "--output", `${image}.spdx.json`]);
    }
    const check = await spdxTools();
    expect(await check(...files)).toEqual([]);
    // It does see what is wrong.
    const [first = ""] = files;
    await writeFile(first, (await readFile(first, "utf8")).replaceAll("SPDXRef-base", "SPDXRef_base"));
    expect((await check(first)).length).toBeGreaterThan(0);
  });

  it("lists what rpm lists, with vendor, licence and URL", async () => {
    const { components, metadata } = JSON.parse(await sbomOf([rpm]));
    expect(metadata.component).toMatchObject({ type: "operating-system", name: "fedora", version: "41" });
    const spelled = components.map(({ name, version, supplier, licenses: [found] }: Component) =>
      [name, version, supplier?.name ?? "(none)", found?.expression ?? found?.license?.id ?? found?.license?.name].join(
        "|",
      ),
    );
    const told = (await rpmRoot()).told.map((line) => {
      const [name, epoch, version, release, , , vendor, license] = line.split("|");
      return [name, `${epoch === "(none)" ? "" : `${epoch}:`}${version}-${release}`, vendor, license].join("|");
    });
    expect(spelled.toSorted()).toEqual(told.toSorted());
    const [base] = components.filter(({ name }: { name: string }) => name === "base");
    expect(base.purl).toBe("pkg:rpm/fedora/base@1.0~rc1-1?arch=noarch&distro=fedora-41&epoch=3");
  });

  it("lists packages of languages where they are asked for, each once", async () => {
    const metadata = "Name: Some_Thing\nVersion: 1.0\n\n";
    const root = await folder(dir, {
      "var/lib/dpkg/status": status("a"),
      "usr/lib/python3/dist-packages/x-1.0.dist-info/METADATA": metadata,
      "opt/app/x-1.0.dist-info/METADATA": metadata,
      "srv/node_modules/left/package.json": '{"name":"@pad/left"}',
    });
    const image = await imageOf("languages", root, "ID=debian\nVERSION_ID=12\n");
    const purls = (text: string) => JSON.parse(text).components.map(({ purl }: { purl: string }) => purl);
    const listed = await sbomOf([image, "--languages"]);
    expect(purls(await sbomOf([image]))).toHaveLength(1);
    expect(purls(listed).slice(1)).toEqual(["pkg:npm/%40pad/left", "pkg:pypi/some-thing@1.0"]);
    expect((await cyclonedxFaults())(JSON.parse(listed))).toEqual([]);
    const spdx = `${image}.spdx.json`;
    await sbomOf([image, "--languages", "--format", "spdx", "--output", spdx]);
    expect(await (await spdxTools())(spdx)).toEqual([]);
  });

  it("is refused where languages are asked for and a part of the tree is on no disk, until the system is named", async () => {
    const mounted = { "etc/fstab": "LABEL=gone /srv ext4 defaults 0 2\nLABEL=gone /asked ext4 noauto 0 0\n" };
    const root = await folder(dir, { "var/lib/dpkg/status": status("a"), ...mounted });
    const image = await imageOf("elsewhere", root, "ID=debian\nVERSION_ID=12\n");
    const said = await refusalOf([image, "--languages"]);
    expect(said).toContain("/srv of /dev/sda is mounted from what is not on these disks");
    const { stdout, exitCode } = await guestkit(["sbom", image, "--languages", "--filesystem", "/dev/sda"]);
    expect([exitCode, JSON.parse(stdout.toString()).components.length]).toEqual([0, 1]);
    expect((await guestkit(["sbom", image])).exitCode).toBe(0);
  });

  it("is the same for the same image, whatever it is called, and has the declared time alone", async () => {
    const copy = join(dir, "copy.img");
    await copyFile(dpkg, copy);
    for (const format of ["cyclonedx", "spdx"]) {
      const text = await sbomOf([dpkg, "--format", format]);
      expect(await sbomOf([copy, "--format", format])).toBe(text);
      const timed = await sbomOf([dpkg, "--format", format], { SOURCE_DATE_EPOCH: "1700000000" });
      expect(timed).toMatch(/"(?:timestamp|created)": "2023-11-14T22:13:20(?:\.000)?Z"/);
      expect(text).not.toContain("2023-");
    }
    expect((await guestkit(["sbom", dpkg], { env: { SOURCE_DATE_EPOCH: "now" } })).stderr).toContain(
      "SOURCE_DATE_EPOCH",
    );
  });

  it("writes to a file, and over none that is there", async () => {
    const output = join(await folder(dir, {}), "list.json");
    const told = JSON.parse(await sbomOf([dpkg, "-o", output, "--json"]));
    const text = await sbomOf([dpkg, "-o", "-"]);
    expect(await readFile(output, "utf8")).toBe(text);
    expect(told).toEqual({
      output,
      format: "cyclonedx",
      serial_number: JSON.parse(text).serialNumber,
      total: 2,
      warnings: [],
    });
    expect(JSON.parse(await sbomOf([dpkg, "--json"])).content).toBe(text);
    expect(await refusalOf([rpm, "-o", output])).toContain("--overwrite");
    expect(await readFile(output, "utf8")).toBe(text);
    await sbomOf([rpm, "-o", output, "--overwrite"]);
    expect(await readFile(output, "utf8")).toBe(await sbomOf([rpm]));
    expect(await readdir(join(output, ".."))).toEqual(["list.json"]);
  });

  it("has each of several systems, and the one that is named alone", async () => {
    const { components } = JSON.parse(await sbomOf([both]));
    type System = { readonly type: string; readonly components: readonly { readonly name: string }[] };
    const systems = components.map(({ components: parts }: System) => parts.map(({ name }) => name));
    expect(systems).toEqual([["a"], ["a", "b"]]);
    const one = JSON.parse(await sbomOf([both, "--filesystem", "/dev/sda2"]));
    expect(one.components.map(({ name }: { name: string }) => name)).toEqual(["a", "b"]);
  });

  it("is refused where packages cannot be read, or there is no system", async () => {
    const broken = await imageOf("broken", await debian(`${status("a")}\nVersion: 1\n`), "ID=debian\n");
    const said = await refusalOf([broken]);
    expect(said).toContain("the packages of /dev/sda cannot be read");
    expect(said).toContain("guestkit inspect");
    const data = join(dir, "data.img");
    await run("mke2fs", ["-q", "-t", "ext4", data, "16M"]);
    expect(await refusalOf([data])).toContain("there is no system in it");
    expect(await refusalOf([data, "--filesystem", "/dev/sda"])).toContain("there is no system in it");
  });

  it("is refused where something beside the system is locked, until that is opened or the system is named", async () => {
    const [locked, key] = [join(dir, "locked.img"), join(dir, "key")];
    await writeFile(key, "secret", { mode: 0o600 });
    await run("mke2fs", ["-q", "-t", "ext4", "-d", await debian(status("hidden")), join(dir, "hidden"), "16M"]);
    await lock(join(dir, "hidden"), key);
    await partitionedDisk(locked, "gpt", [
      { size: 16, type: LINUX, script: `mke2fs -q -F -t ext4 -d '${await debian(status("a"))}' "$1"` },
      { size: 48, type: LINUX, script: `cp --sparse=always '${join(dir, "hidden")}' "$1"` },
    ]);
    const said = await refusalOf([locked]);
    expect(said).toContain("a part of it is not read: E_LUKS_KEY_MISSING");
    expect(said).toContain("--filesystem /dev/sda1");
    expect(JSON.parse(await sbomOf([locked, "--filesystem", "/dev/sda1"])).components).toHaveLength(1);
    const whole = await sbomOf([locked, "--key", `*:file:${key}`]);
    expect(whole).toContain('"name": "hidden"');
  });
});
