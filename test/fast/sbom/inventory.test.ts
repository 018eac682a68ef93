import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { VERSION } from "../../../core/kit/version.ts";
import { declaredTime } from "../../../core/sbom/created.ts";
import { inventoryOf } from "../../../core/sbom/inventory.ts";
import { parseLicense } from "../../../core/sbom/license.ts";
import { uuidOf } from "../../../core/sbom/uuid.ts";
import { reportOf, systemOf } from "../../support/sbom-report.ts";

const SCOPE = { isChosen: false, hasLanguages: false, unmounted: [] };

describe("a list of software is refused", () => {
  const filesystem = {
    ...{ device: "/dev/sda3", type: "crypto_LUKS", uuid: null, label: null, size: 1, free: null },
    ...{ partition: 3, partition_uuid: null, partition_name: null, error: "E_LUKS_KEY: it is locked" },
  };

  it.each([
    ["E_SBOM_NO_SYSTEM", reportOf([]), "there is no system in it", "guestkit info"],
    [
      "E_SBOM_INCOMPLETE",
      reportOf([systemOf({ packages: null })]),
      "the packages of /dev/sda2 cannot be read",
      "guestkit inspect",
    ],
    [
      "E_SBOM_INCOMPLETE",
      reportOf([systemOf(), systemOf({ packages: null, root: "/dev/sdb1" })]),
      "/dev/sdb1",
      "guestkit inspect",
    ],
    ["E_SBOM_INCOMPLETE", reportOf([systemOf({ package_format: null })]), "no package manager", "guestkit inspect"],
    ["E_SBOM_INCOMPLETE", reportOf([systemOf({ packages: [] })]), "no package manager", "guestkit inspect"],
    ["E_SBOM_INCOMPLETE", reportOf([systemOf({ distro: null })]), "which distribution", "guestkit inspect"],
    [
      "E_SBOM_INCOMPLETE",
      reportOf([systemOf()], { filesystems: [filesystem] }),
      "it is locked",
      "--filesystem /dev/sda2",
    ],
  ])("%s: %#", (code, report, why, help) => {
    const refused = () => inventoryOf(report, "a.qcow2", SCOPE);
    expect(refused).toThrow(expect.objectContaining({ code, at: { file: "a.qcow2" } }));
    expect(refused).toThrow(expect.objectContaining({ message: expect.stringContaining(why) }));
    expect(refused).toThrow(expect.objectContaining({ help: expect.stringContaining(help) }));
  });

  it("where packages of languages were asked for and cannot be read", () => {
    const report = reportOf([systemOf({ languages: null })]);
    expect(() => inventoryOf(report, "a.qcow2", { ...SCOPE, hasLanguages: true })).toThrow(
      expect.objectContaining({ code: "E_SBOM_INCOMPLETE", message: expect.stringContaining("packages of languages") }),
    );
  });

  it("but for what is beside the system that the caller names", () => {
    const report = reportOf([systemOf()], { filesystems: [filesystem] });
    expect(inventoryOf(report, "a.qcow2", { ...SCOPE, isChosen: true }).systems).toHaveLength(1);
  });
});

it("gives each part a name of its own, of which none is the document's", () => {
  const plain = { epoch: null, version: "", release: null, arch: null, status: "installed", source: null, size: null };
  const untold = { vendor: null, license: null, installed_at: null, purl: null };
  const called = ["DOCUMENT", "image", "a_b", "a-b", "a-b-2", "os-debian-12"];
  const packages = called.map((name) => ({ ...plain, ...untold, name }));
  const { systems } = inventoryOf(reportOf([systemOf({ packages })]), "a.qcow2", SCOPE);
  const refs = systems.flatMap(({ ref, parts }) => [ref, ...parts.map((each) => each.ref)]);
  expect(refs.slice(1)).toEqual(["DOCUMENT-2", "image-2", "a-b", "a-b-2", "a-b-2-2", "os-debian-12-2"]);
  expect(new Set(refs).size).toBe(refs.length);
});

describe("a licence", () => {
  it.each([
    ["MIT", "MIT"],
    ["mit", "MIT"],
    ["GPL-2.0+", "GPL-2.0+"],
  ])("%s is one of the list", (text, id) => expect(parseLicense(text)).toEqual({ kind: "id", id }));

  it.each([
    ["MIT AND Apache-2.0", "MIT AND Apache-2.0", []],
    [
      "( gpl-2.0-or-later WITH Classpath-exception-2.0 )OR  BSD-3-Clause",
      "(GPL-2.0-or-later WITH Classpath-exception-2.0) OR BSD-3-Clause",
      [],
    ],
    [
      "LicenseRef-Fedora-Public-Domain AND MIT",
      "LicenseRef-Fedora-Public-Domain AND MIT",
      ["LicenseRef-Fedora-Public-Domain"],
    ],
    ["LicenseRef-a", "LicenseRef-a", ["LicenseRef-a"]],
    ["((MIT))", "((MIT))", []],
  ])("%s is an expression", (text, expression, references) => {
    expect(parseLicense(text)).toEqual({ kind: "expression", text: expression, references });
  });

  it.each([
    "GPLv2+ and MIT",
    "MIT and Zlib",
    "MIT BSD-3-Clause",
    "MIT AND",
    "Apache-2.0+",
    "GPL-2.0-with-classpath-exception",
    "MIT WITH GPL-2.0-with-classpath-exception",
    "AND",
    "WITH",
    "(MIT",
    "MIT)",
    "()",
    "MIT WITH Zlib",
    "(MIT) WITH Classpath-exception-2.0",
    "Classpath-exception-2.0",
    "Classpath-exception-2.0 AND MIT",
    "|| ( MIT BSD )",
    "LicenseRef-a_b",
    "DocumentRef-a:LicenseRef-b",
    "custom",
    "constructor",
    "__proto__",
  ])("%s is a name", (name) => expect(parseLicense(` ${name}\n`)).toEqual({ kind: "name", name }));

  it("of blanks is none", () => expect(parseLicense(" \n")).toBeNull());
});

describe("SOURCE_DATE_EPOCH", () => {
  it("gives the time", () => {
    expect(declaredTime({ SOURCE_DATE_EPOCH: "1700000000" })?.toISOString()).toBe("2023-11-14T22:13:20.000Z");
    expect(declaredTime({ SOURCE_DATE_EPOCH: "0" })?.getTime()).toBe(0);
    expect([declaredTime({}), declaredTime({ SOURCE_DATE_EPOCH: "" })]).toEqual([null, null]);
  });

  it.each(["now", "-1", "1.5", "1e9", "999999999999", " 1"])("%j is refused", (text) => {
    expect(() => declaredTime({ SOURCE_DATE_EPOCH: text })).toThrow(expect.objectContaining({ code: "E_SBOM_TIME" }));
  });
});

it("makes UUIDs as uuid.uuid5 of Python does", () => {
  expect(uuidOf("guestkit")).toBe("449ac56b-5d32-585c-a1e1-bd0da8d48659");
});

it("knows the version of the packages", async () => {
  for (const folder of ["", "core", "cli", "provider", "pulumi"]) {
    const text = await readFile(join(import.meta.dirname, "../../..", folder, "package.json"), "utf8");
    expect(JSON.parse(text).version).toBe(VERSION);
  }
});
