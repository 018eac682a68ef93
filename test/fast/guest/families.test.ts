import { describe, expect, it } from "vitest";
import { familyOf } from "../../../core/guest/families.ts";
import { readRelease } from "../../../core/guest/release.ts";
import { memoryTree } from "../../support/memory-filesystem.ts";

const familyIn = async (osRelease: string) => {
  const release = await readRelease(await memoryTree({ "/etc/os-release": osRelease }));
  if (!release) throw new Error("no release");
  const { package_management, osinfo } = familyOf(release);
  return `${package_management} ${osinfo}`;
};

describe("a family", () => {
  it.each([
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
  ])("of %j is %j", async (text, expected) => {
    expect(await familyIn(text)).toBe(expected);
  });
});
