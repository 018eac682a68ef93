import { describe, expect, it } from "vitest";
import { type PackageFormat, readPackages } from "../../../core/guest/packages/index.ts";
import type { SystemReport } from "../../../core/inspect/index.ts";
import { cyclonedxOf } from "../../../core/sbom/cyclonedx.ts";
import { inventoryOf } from "../../../core/sbom/inventory.ts";
import { spdxOf } from "../../../core/sbom/spdx.ts";
import { cyclonedxFaults } from "../../support/cyclonedx-schema.ts";
import { memoryTree } from "../../support/memory-filesystem.ts";
import { fc } from "../../support/property.ts";
import { packageOf, reportOf, systemOf } from "../../support/sbom-report.ts";

const faultsOf = await cyclonedxFaults();
const inventory = (...systems: readonly SystemReport[]) =>
  inventoryOf(reportOf(systems), "a.qcow2", { isChosen: false, hasLanguages: false, unmounted: [] });

/** Both documents of some systems, the one by its own schema. */
function documents(...systems: readonly SystemReport[]) {
  const [cyclonedx, spdx] = [cyclonedxOf, spdxOf].map((write) => write(inventory(...systems), null).text);
  expect(faultsOf(JSON.parse(cyclonedx ?? ""))).toEqual([]);
  return { cyclonedx: JSON.parse(cyclonedx ?? ""), spdx: JSON.parse(spdx ?? "") };
}

describe("a list of software", () => {
  it("has what a package manager keeps of a package", async () => {
    const one = packageOf({
      ...{ name: "libz", epoch: 1, version: "2.3", release: "4", arch: "amd64", status: "half-installed" },
      ...{
        source: "zlib",
        vendor: "ACME (Linux)\n",
        license: "MIT AND (Zlib or later)",
        purl: "pkg:deb/debian/libz@1:2.3-4",
      },
    });
    const { cyclonedx, spdx } = documents(systemOf({ packages: [one] }));
    expect(cyclonedx).toMatchObject({ bomFormat: "CycloneDX", specVersion: "1.6", version: 1 });
    expect(cyclonedx.metadata).toEqual({
      tools: { components: [{ type: "application", name: "guestkit", version: expect.any(String) }] },
      component: {
        ...{ type: "operating-system", name: "debian", version: "12", "bom-ref": "os-debian-12" },
        description: "Debian GNU/Linux 12",
        properties: [{ name: "guestkit:arch", value: "x86_64" }],
      },
    });
    expect(cyclonedx.components).toEqual([
      {
        ...{ type: "library", name: "libz", version: "1:2.3-4", "bom-ref": "libz-1-2.3-4-amd64" },
        ...{ supplier: { name: "ACME (Linux)\n" }, purl: "pkg:deb/debian/libz@1:2.3-4" },
        licenses: [{ license: { name: "MIT AND (Zlib or later)", acknowledgement: "declared" } }],
        properties: [
          { name: "guestkit:arch", value: "amd64" },
          { name: "guestkit:source", value: "zlib" },
          { name: "guestkit:status", value: "half-installed" },
        ],
      },
    ]);
    expect(cyclonedx.dependencies).toContainEqual({ ref: "os-debian-12", dependsOn: ["libz-1-2.3-4-amd64"] });
    const untold = { downloadLocation: "NOASSERTION", filesAnalyzed: false, copyrightText: "NOASSERTION" };
    expect(spdx.packages).toEqual([
      {
        ...{ name: "debian", SPDXID: "SPDXRef-os-debian-12", versionInfo: "12", summary: "Debian GNU/Linux 12" },
        ...{ ...untold, licenseConcluded: "NOASSERTION", licenseDeclared: "NOASSERTION", comment: "arch: x86_64" },
        primaryPackagePurpose: "OPERATING_SYSTEM",
      },
      {
        ...{ name: "libz", SPDXID: "SPDXRef-libz-1-2.3-4-amd64", versionInfo: "1:2.3-4" },
        ...{ supplier: "Organization: ACME (Linux) ()", sourceInfo: "built from the source package zlib" },
        ...{ ...untold, licenseConcluded: "NOASSERTION", licenseDeclared: "LicenseRef-MIT-AND-Zlib-or-later-" },
        comment: "arch: amd64, status: half-installed",
        externalRefs: [
          {
            ...{ referenceCategory: "PACKAGE-MANAGER", referenceType: "purl" },
            referenceLocator: "pkg:deb/debian/libz@1:2.3-4",
          },
        ],
      },
    ]);
    expect(spdx.hasExtractedLicensingInfos).toEqual([
      {
        ...{ licenseId: "LicenseRef-MIT-AND-Zlib-or-later-", name: "MIT AND (Zlib or later)" },
        extractedText: "MIT AND (Zlib or later)",
      },
    ]);
    expect(spdx.relationships).toEqual(
      [
        ["SPDXRef-DOCUMENT", "DESCRIBES", "SPDXRef-os-debian-12"],
        ["SPDXRef-os-debian-12", "CONTAINS", "SPDXRef-libz-1-2.3-4-amd64"],
      ].map(([spdxElementId, relationshipType, relatedSpdxElement]) => ({
        spdxElementId,
        relationshipType,
        relatedSpdxElement,
      })),
    );
  });

  it.each<[PackageFormat, string, Record<string, string>, string]>([
    [
      "deb",
      "debian",
      { "/var/lib/dpkg/status": "Package: a\nStatus: install ok installed\nVersion: 1:2-3\nArchitecture: all\n\n" },
      "pkg:deb/debian/a@1:2-3?arch=all&distro=debian-12",
    ],
    [
      "apk",
      "alpine",
      { "/lib/apk/db/installed": "P:a\nV:2-r3\nA:x86\nL:GPL-2.0-only AND MIT\no:b\n\n" },
      "pkg:apk/alpine/a@2-r3?arch=x86&distro=alpine-12&upstream=b",
    ],
    [
      "pacman",
      "arch",
      { "/var/lib/pacman/local/a-2-3/desc": "%NAME%\na\n\n%VERSION%\n1:2-3\n\n%ARCH%\nany\n\n%LICENSE%\nMIT\n\n" },
      "pkg:alpm/arch/a@1:2-3?arch=any&distro=arch-12",
    ],
    [
      "ebuild",
      "gentoo",
      { "/var/db/pkg/app-misc/a-2-r3/PF": "a-2-r3\n", "/var/db/pkg/app-misc/a-2-r3/LICENSE": "|| ( MIT BSD )\n" },
      "pkg:ebuild/app-misc/a@2-r3?distro=gentoo-12",
    ],
  ])("of a system of %s has each package's URL", async (format, distro, files, purl) => {
    const packages = await readPackages(await memoryTree(files), format, { distro, version: "12" });
    const { cyclonedx, spdx } = documents(systemOf({ distro, package_format: format, packages }));
    expect(cyclonedx.components.map((each: { purl: string }) => each.purl)).toEqual([purl]);
    const references = spdx.packages.flatMap((each: { externalRefs?: readonly object[] }) => each.externalRefs ?? []);
    expect(references).toMatchObject([{ referenceType: "purl", referenceLocator: purl }]);
  });

  it("of several systems has each with its own packages", async () => {
    const packages = [packageOf({ name: "a" }), packageOf({ name: "b" })];
    const { cyclonedx, spdx } = documents(systemOf({ packages }), systemOf({ packages, root: "/dev/sdb2" }));
    expect(cyclonedx.metadata.component).toEqual({ type: "file", name: "disk-image", "bom-ref": "image" });
    const parts = (each: { components: readonly Record<string, string>[] }) =>
      each.components.map((part) => part["bom-ref"]);
    expect(cyclonedx.components.map(parts)).toEqual([
      ["a-1", "b-1"],
      ["a-1-2", "b-1-2"],
    ]);
    expect(cyclonedx.dependencies).toContainEqual({ ref: "image", dependsOn: ["os-debian-12", "os-debian-12-2"] });
    const described = spdx.relationships.filter(
      (each: { relationshipType: string }) => each.relationshipType === "DESCRIBES",
    );
    expect(described).toHaveLength(2);
  });

  it("is the same for the same software, and has another number for other software", () => {
    const [one, two] = [systemOf({ packages: [packageOf()] }), systemOf({ packages: [packageOf({ version: "2" })] })];
    for (const write of [cyclonedxOf, spdxOf]) {
      const made = write(inventory(one), null);
      expect(write(inventory(structuredClone(one)), null)).toEqual(made);
      expect(made.serial).toMatch(/^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      expect(made.text).toContain(made.serial);
      expect(write(inventory(two), null).serial).not.toBe(made.serial);
    }
  });

  it("has no time but the declared one; SPDX, which wants one, else that of the last change", () => {
    const packages = [{}, { installed_at: "2024-05-06T07:08:09.000Z" }, { installed_at: "2023-01-01T00:00:00.000Z" }];
    const all = inventory(systemOf({ packages: packages.map(packageOf) }));
    const none = inventory(systemOf({ packages: [packageOf()] }));
    const at = new Date(1_700_000_000_000);
    expect(JSON.parse(cyclonedxOf(all, null).text).metadata.timestamp).toBeUndefined();
    expect(JSON.parse(cyclonedxOf(all, at).text).metadata.timestamp).toBe("2023-11-14T22:13:20.000Z");
    const created = (found: typeof all, time: Date | null) => JSON.parse(spdxOf(found, time).text).creationInfo.created;
    expect(created(all, at)).toBe("2023-11-14T22:13:20Z");
    expect(created(all, null)).toBe("2024-05-06T07:08:09Z");
    expect(created(none, null)).toBe("1970-01-01T00:00:00Z");
  });

  it("is whole whatever packages are named, and names each thing once", async () => {
    const text = fc.oneof(
      fc.string({ unit: "binary", maxLength: 12 }),
      fc.constantFrom(
        "a",
        "a-2",
        "A",
        "\u202e",
        '"',
        "\ud800",
        "x".repeat(3000),
        "MIT",
        "LicenseRef-a",
        "LicenseRef-a-2",
      ),
    );
    const maybe = fc.option(text, { nil: null });
    const one = fc.record({
      name: text,
      version: text,
      release: maybe,
      arch: maybe,
      source: maybe,
      vendor: maybe,
      license: maybe,
    });
    const found = fc
      .sample(fc.array(one, { minLength: 30, maxLength: 30 }), 5)
      .flat()
      .map(packageOf);
    const { cyclonedx, spdx } = documents(systemOf({ packages: found }));
    expect(cyclonedx.components.map(({ name }: { name: string }) => name)).toEqual(found.map(({ name }) => name));
    const ids = spdx.packages.map(({ SPDXID }: { SPDXID: string }) => SPDXID);
    expect(ids.filter((id: string) => !/^SPDXRef-[A-Za-z0-9.-]+$/.test(id))).toEqual([]);
    expect(new Set(ids).size).toBe(found.length + 1);
    const licenses: string[] = spdx.hasExtractedLicensingInfos.map(({ licenseId }: { licenseId: string }) => licenseId);
    expect(new Set(licenses).size).toBe(licenses.length);
    const used = spdx.packages.map(({ licenseDeclared }: { licenseDeclared: string }) => licenseDeclared);
    expect(used.filter((each: string) => each.startsWith("LicenseRef-") && !licenses.includes(each))).toEqual([]);
  });
});
