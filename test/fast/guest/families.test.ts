import { describe, expect, it } from "vitest";
import { familyIds, familyOf } from "../../../core/guest/families.ts";
import { readPackageFormat, readPackages } from "../../../core/guest/packages/index.ts";
import { readRelease } from "../../../core/guest/release.ts";
import { FAMILIES } from "../../../scripts/guests.ts";
import { memoryTree } from "../../support/memory-filesystem.ts";

const releaseIn = async (osRelease: string) => {
  const release = await readRelease(await memoryTree({ "/etc/os-release": osRelease }));
  if (!release) throw new Error("no release");
  return release;
};
const familyIn = async (osRelease: string) => {
  const { package_management, osinfo } = familyOf(await releaseIn(osRelease));
  return `${package_management} ${osinfo}`;
};

const ROWS: readonly (readonly [osRelease: string, told: string])[] = [
  ["ID=debian\nVERSION_ID=12", "apt debian12"],
  ["ID=debian", "apt null"],
  ['ID=ubuntu\nVERSION_ID="24.04"', "apt ubuntu24.04"],
  ["ID=fedora\nVERSION_ID=40", "dnf fedora40"],
  ["ID=fedora\nVERSION_ID=21", "yum fedora21"],
  ['ID=fedora\nVERSION_ID=40\nPRETTY_NAME="Fedora CoreOS 40"', "rpm-ostree fedora-coreos-stable"],
  ["ID=rhel\nVERSION_ID=9.4", "dnf rhel9.4"],
  ["ID=rhel\nVERSION_ID=7.9", "yum rhel7.9"],
  ['ID=centos\nVERSION_ID=9\nPRETTY_NAME="CentOS Stream 9"', "dnf centos-stream9"],
  ['ID=centos\nVERSION_ID=7\nPRETTY_NAME="CentOS Linux 7 (Core)"', "yum centos7.0"],
  ["ID=rocky\nVERSION_ID=9.3", "dnf rocky9"],
  ["ID=almalinux\nVERSION_ID=8.10", "dnf almalinux8"],
  ["ID=ol\nVERSION_ID=8.5", "dnf ol8.5"],
  ["ID=amzn\nVERSION_ID=2", "yum null"],
  ["ID=amzn\nVERSION_ID=2018.03", "yum null"],
  ["ID=amzn\nVERSION_ID=2023", "dnf null"],
  ["ID=sles\nVERSION_ID=15.5", "zypper sle15sp5"],
  ["ID=sles\nVERSION_ID=15", "zypper sle15"],
  ["ID=sles\nVERSION_ID=12.5", "zypper sles12sp5"],
  ["ID=opensuse-leap\nVERSION_ID=15.6", "zypper opensuse15.6"],
  ["ID=opensuse-tumbleweed\nVERSION_ID=20240101", "zypper opensusetumbleweed"],
  ["ID=arch", "pacman archlinux"],
  ["ID=alpine\nVERSION_ID=3.19.1", "apk alpinelinux3.19"],
  ["ID=gentoo", "portage gentoo"],
  ["ID=void", "xbps voidlinux"],
  ["ID=nixos\nVERSION_ID=23.11", "nix nixos-23.11"],
  ["ID=openwrt\nVERSION_ID=23.05.3", "opkg null"],
  ["ID=flatcar\nVERSION_ID=3815", "null null"],
  ['ID=linuxmint\nID_LIKE="ubuntu debian"\nVERSION_ID=21.3', "apt null"],
  ['ID=eurolinux\nID_LIKE="rhel fedora centos"\nVERSION_ID=9.3', "dnf null"],
  ["ID=__proto__\nID_LIKE=constructor", "null null"],
  ["ID=pop\nVERSION_ID=22.04", "apt popos22.04"],
  ['ID=fedora\nVERSION_ID=40\nPRETTY_NAME="Fedora Linux 40 (Silverblue)"', "rpm-ostree fedora40"],
  ["ID=sled\nVERSION_ID=15.5", "zypper sle15sp5"],
  ["ID=sle_hpc\nVERSION_ID=15.4", "zypper sle15sp4"],
  ["ID=sles_sap\nVERSION_ID=12.5", "zypper sles12sp5"],
  ["ID=suse\nVERSION_ID=10", "zypper null"],
  ["ID=opensuse\nVERSION_ID=13.2", "zypper opensuse13.2"],
  ["ID=sle-micro\nVERSION_ID=5.5", "transactional-update slem5.5"],
  ["ID=suse-microos\nVERSION_ID=5.0", "transactional-update slem5.0"],
  ["ID=sl-micro\nVERSION_ID=6.0", "transactional-update slem6.0"],
  [
    'ID="opensuse-microos"\nID_LIKE="suse opensuse opensuse-tumbleweed"\nVERSION_ID=20240101',
    "transactional-update null",
  ],
  ["ID=opensuse-aeon\nVERSION_ID=20240101", "transactional-update null"],
  ["ID=mageia\nVERSION_ID=9", "urpmi mageia9"],
  ['ID=photon\nVERSION_ID=5.0\nPRETTY_NAME="VMware Photon OS/Linux"', "tdnf null"],
  ["ID=azurelinux\nVERSION_ID=3.0", "tdnf null"],
  ["ID=mariner\nVERSION_ID=2.0", "tdnf null"],
  ["ID=manjaro\nID_LIKE=arch", "pacman manjaro"],
  ["ID=wolfi\nVERSION_ID=20230201", "apk null"],
  ["ID=chainguard\nVERSION_ID=20230214", "apk null"],
  ["ID=slackware\nVERSION_ID=15.0", "slackpkg slackware15.0"],
  ["ID=openwrt\nVERSION_ID=25.12.0", "apk null"],
  ["ID=coreos\nVERSION_ID=2512.3.0", "null null"],
  ["ID=bottlerocket\nVERSION_ID=1.19.0\nVARIANT_ID=aws-k8s-1.28", "null null"],
  ["ID=talos\nVERSION_ID=v1.7.0", "null null"],
];

describe("a family", () => {
  it.each(ROWS)("of %j is %j", async (text, expected) => {
    expect(await familyIn(text)).toBe(expected);
  });

  it("has a system here for each of its IDs, and a place on the page of guests", async () => {
    const tried = await Promise.all(ROWS.map(async ([text]) => (await releaseIn(text)).distro));
    expect(familyIds.filter((id) => !tried.includes(id))).toEqual([]);
    expect(FAMILIES.flatMap(({ ids }) => ids).sort()).toEqual([...familyIds].sort());
  });

  it("of busybox alone is none: neither a distribution nor packages", async () => {
    const tree = await memoryTree({
      "/bin/busybox": "",
      "/etc/passwd": "root:x:0:0::/root:/bin/sh\n",
      "/etc/inittab": "",
    });
    const [release, format] = [await readRelease(tree), await readPackageFormat(tree, null)];
    expect([release, format, await readPackages(tree, format)]).toEqual([null, null, []]);
  });
});
