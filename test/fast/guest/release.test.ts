import { describe, expect, it } from "vitest";
import { parseAssignments } from "../../../core/guest/assignments.ts";
import { readRelease } from "../../../core/guest/release.ts";
import { type Content, memoryTree } from "../../support/memory-filesystem.ts";

const OS_RELEASE = `PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"
NAME="Debian GNU/Linux"
VERSION_ID="12"
VERSION="12 (bookworm)"
VERSION_CODENAME=bookworm
ID=debian
`;

const of = async (files: Record<string, Content>) => readRelease(await memoryTree(files));

describe("release", () => {
  it("comes from os-release, by its link as well", async () => {
    const debian = {
      distro: "debian",
      version: "12",
      product_name: "Debian GNU/Linux 12 (bookworm)",
      codename: "bookworm",
      product_variant: null,
      like: [],
    };
    expect(
      await of({ "/etc/os-release": { link: "../usr/lib/os-release" }, "/usr/lib/os-release": OS_RELEASE }),
    ).toEqual(debian);
    expect(await of({ "/usr/lib/os-release": OS_RELEASE })).toEqual(debian);
    expect(await of({ "/etc/os-release": "ID=arch\n" })).toMatchObject({ distro: "arch", version: null });
    const variant = 'ID=ultramarine\nVARIANT_ID=server\nID_LIKE="fedora  rhel"\n';
    expect(await of({ "/etc/os-release": variant })).toMatchObject({
      product_variant: "server",
      like: ["fedora", "rhel"],
    });
  });

  it.each([
    ["/etc/debian_version", "7.11\n", "debian", "7", "Debian GNU/Linux 7.11"],
    ["/etc/debian_version", "trixie/sid\n", "debian", null, "Debian GNU/Linux trixie/sid"],
    ["/etc/redhat-release", "CentOS release 6.10 (Final)\n", "centos", "6.10", "CentOS release 6.10 (Final)"],
    [
      "/etc/redhat-release",
      "Red Hat Enterprise Linux Server release 7.9 (Maipo)\n",
      "rhel",
      "7.9",
      "Red Hat Enterprise Linux Server release 7.9 (Maipo)",
    ],
    [
      "/etc/lsb-release",
      'DISTRIB_ID=Ubuntu\nDISTRIB_RELEASE=10.04\nDISTRIB_DESCRIPTION="Ubuntu 10.04"\n',
      "ubuntu",
      "10.04",
      "Ubuntu 10.04",
    ],
    ["/etc/alpine-release", "3.4.6\n", "alpine", "3.4.6", "Alpine Linux 3.4.6"],
  ])("comes from the elder %s (%j)", async (path, text, distro, version, product) => {
    expect(await of({ [path]: text })).toMatchObject({ distro, version, product_name: product });
  });

  it.each([
    ["SUSE Linux Enterprise Server 11 (x86_64)\nVERSION = 11\nPATCHLEVEL = 4\n", "sles", "11.4", null],
    ["SUSE LINUX Enterprise Server 10 (x86_64)\r\nVERSION = 10\r\nPATCHLEVEL = 0\r\n", "sles", "10", null],
    ["SUSE Linux Enterprise Desktop 11 (x86_64)\nVERSION = 11\nPATCHLEVEL = 3\n", "sled", "11.3", null],
    ["openSUSE 13.1 (x86_64)\nVERSION = 13.1\nCODENAME = Bottle\n", "opensuse", "13.1", "Bottle"],
  ])(
    "comes from SUSE's own file, beside an lsb-release that names nothing (%j)",
    async (text, distro, version, codename) => {
      const found = await of({ "/etc/lsb-release": 'LSB_VERSION="core-2.0-noarch"\n', "/etc/SuSE-release": text });
      expect(found).toMatchObject({ distro, version, codename, product_name: text.split(/[\r\n]/)[0] });
    },
  );

  it("has its lines ended as on any system", async () => {
    for (const end of ["\r\n", "\r"]) {
      const text = OS_RELEASE.replaceAll("\n", end);
      expect(await of({ "/etc/os-release": text })).toMatchObject({ distro: "debian", version: "12" });
      expect(await of({ "/etc/debian_version": `12.4${end}` })).toMatchObject({
        product_name: "Debian GNU/Linux 12.4",
      });
    }
  });

  it("is null without any such file", async () => {
    expect(await of({ "/etc/passwd": "" })).toBeNull();
  });
});

describe("assignments", () => {
  it("are unquoted as a shell does, the last one counts", () => {
    const text = `A=plain # note\nB='single # not'\nC="do\\"ub\\$le"\nA=last\n# D=no\nnonsense\n`;
    expect(Object.fromEntries(parseAssignments(text))).toEqual({ A: "last", B: "single # not", C: 'do"ub$le' });
  });
});
