/** A small system of each family, as its packages' tool leaves it where the tests have that tool, else as the source says. */
import { type PackageRoot, pacmanRoot } from "../package-roots/index.ts";
import { installedBy, nixRoot, portageRoot } from "../package-roots/scripted.ts";

/** Texts by path; a link by where it leads. */
type Files = Readonly<Record<string, string | { readonly link: string }>>;

export interface GoldenSystem {
  /** A root that the family's own tool has filled. */
  readonly root?: () => Promise<PackageRoot>;
  /** What is laid over it. */
  readonly files: Files;
  /** Made by what the default run does not have. */
  readonly slow?: true;
}

/** Of every system. */
export const COMMON: Files = {
  "etc/passwd": "root:x:0:0:root:/root:/bin/sh\nada:x:1000:1000:Ada:/home/ada:/bin/sh\n",
  "etc/group": "root:x:0:\nada:x:1000:\n",
  "etc/shadow": "root:!:19000:0:99999:7:::\nada:*:19000:0:99999:7:::\n",
  "etc/hostname": "golden\n",
  "etc/hosts": "127.0.0.1 localhost\n",
  "etc/fstab": "/dev/vda1 / ext4 defaults 0 1\n/dev/vda2 none swap sw 0 0\n",
  "etc/ssh/sshd_config": "PermitRootLogin no\nPasswordAuthentication no\n",
  "etc/sudoers": "root ALL=(ALL:ALL) ALL\n",
  "home/ada/.ssh/authorized_keys":
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA ada@desk\n",
  "etc/crontab": "17 * * * * root /usr/bin/hourly\n",
};

const release = (text: string): Files => ({ "etc/os-release": text, "usr/bin/own": "" });

const unit = (name: string): Files => ({
  [`etc/systemd/system/multi-user.target.wants/${name}.service`]: { link: `/usr/lib/systemd/system/${name}.service` },
  "usr/lib/systemd/systemd": "",
  [`usr/lib/systemd/system/${name}.service`]: `[Service]\nExecStart=/usr/sbin/${name}\n[Install]\nWantedBy=multi-user.target\n`,
  "usr/lib/systemd/system/multi-user.target": "[Unit]\n",
  "usr/lib/systemd/system-preset/90-default.preset": `enable ${name}.service\n`,
});

const openrc = (name: string): Files => ({
  "sbin/openrc-run": "",
  [`etc/init.d/${name}`]: "#!/sbin/openrc-run\ncommand=/usr/sbin/own\n",
  [`etc/runlevels/default/${name}`]: { link: `/etc/init.d/${name}` },
});

/** By the reports' names. */
export const GOLDEN_SYSTEMS: Readonly<Record<string, GoldenSystem>> = {
  debian: {
    files: {
      ...release(
        'ID=debian\nVERSION_ID="12"\nVERSION_CODENAME=bookworm\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n',
      ),
      ...unit("ssh"),
      "var/lib/dpkg/status":
        "Package: bash\nStatus: install ok installed\nInstalled-Size: 7164\nArchitecture: amd64\nVersion: 5.2.15-2+b2\nSource: bash (5.2.15-2)\n\n" +
        "Package: libc6\nStatus: install ok installed\nMulti-Arch: same\nArchitecture: amd64\nVersion: 2.36-9\nSource: glibc\n\n" +
        "Package: gone\nStatus: deinstall ok config-files\nArchitecture: all\nVersion: 1:1.0-1\n\n",
      "etc/network/interfaces": "auto eth0\niface eth0 inet dhcp\n",
    },
  },
  fedora: {
    root: () => installedBy("dnf"),
    files: {
      ...release('ID=fedora\nVERSION_ID=40\nVARIANT_ID=server\nPRETTY_NAME="Fedora Linux 40 (Server Edition)"\n'),
      ...unit("sshd"),
      "etc/NetworkManager/system-connections/eth0.nmconnection":
        "[connection]\nid=eth0\ntype=ethernet\ninterface-name=eth0\n[ipv4]\nmethod=auto\n",
      "etc/selinux/config": "SELINUX=enforcing\nSELINUXTYPE=targeted\n",
    },
  },
  suse: {
    root: () => installedBy("zypper"),
    files: {
      ...release('ID="opensuse-leap"\nID_LIKE="suse opensuse"\nVERSION_ID="15.6"\nPRETTY_NAME="openSUSE Leap 15.6"\n'),
      ...unit("sshd"),
      "etc/sysconfig/network/ifcfg-eth0": "BOOTPROTO='dhcp'\nSTARTMODE='auto'\n",
    },
  },
  arch: {
    root: pacmanRoot,
    files: {
      ...release('ID=arch\nBUILD_ID=rolling\nPRETTY_NAME="Arch Linux"\n'),
      ...unit("sshd"),
      "etc/systemd/network/20-wired.network": "[Match]\nName=en*\n[Network]\nDHCP=yes\n",
    },
  },
  nixos: {
    root: nixRoot,
    files: {
      ...release('ID=nixos\nVERSION_ID="24.05"\nVERSION_CODENAME=uakari\nPRETTY_NAME="NixOS 24.05 (Uakari)"\n'),
    },
  },
  gentoo: {
    root: portageRoot,
    slow: true,
    files: {
      ...release('ID=gentoo\nVERSION_ID="2.15"\nPRETTY_NAME="Gentoo Linux"\n'),
      ...openrc("sshd"),
      "etc/conf.d/net": 'config_eth0="dhcp"\n',
    },
  },
  alpine: {
    files: {
      ...release('ID=alpine\nVERSION_ID=3.20.3\nPRETTY_NAME="Alpine Linux v3.20"\n'),
      ...openrc("sshd"),
      "lib/apk/db/installed":
        "C:Q1abc=\nP:busybox\nV:1.36.1-r15\nA:x86_64\nS:498432\nI:962560\nT:Size optimized toolbox\nL:GPL-2.0-only\no:busybox\nt:1700000000\nF:bin\nR:busybox\na:0:0:755\n\n" +
        "P:alpine-baselayout-data\nV:3.4.3-r1\nA:x86_64\nL:GPL-2.0-only\no:alpine-baselayout\n\n",
      "etc/network/interfaces": "auto eth0\niface eth0 inet dhcp\n",
    },
  },
  void: {
    files: {
      ...release('ID=void\nPRETTY_NAME="Void Linux"\n'),
      "etc/sv/sshd/run": "#!/bin/sh\nexec sshd -D\n",
      "etc/runit/runsvdir/default/sshd": { link: "/etc/sv/sshd" },
      "etc/runit/runsvdir/current": { link: "default" },
      "usr/bin/runsvdir": "",
      "var/db/xbps/pkgdb-0.38.plist": `<?xml version="1.0" encoding="UTF-8"?>
<plist version="1.0"><dict><key>bash</key><dict>
<key>architecture</key><string>x86_64</string><key>installed_size</key><integer>1234567</integer>
<key>license</key><string>GPL-3.0-or-later</string><key>pkgver</key><string>bash-5.2.21_1</string>
<key>state</key><string>installed</string></dict></dict></plist>\n`,
      "etc/dhcpcd.conf": "interface eth0\nstatic ip_address=192.0.2.9/24\n",
    },
  },
  openwrt: {
    files: {
      ...release('ID="openwrt"\nID_LIKE="lede openwrt"\nVERSION_ID="23.05.3"\nPRETTY_NAME="OpenWrt 23.05.3"\n'),
      "usr/lib/opkg/status":
        "Package: busybox\nVersion: 1.36.1-1\nStatus: install user installed\nArchitecture: x86_64\nInstalled-Time: 1700000000\n\n",
      "etc/config/network":
        "config interface 'lan'\n\toption device 'br-lan'\n\toption proto 'static'\n\toption ipaddr '192.0.2.1'\n",
    },
  },
  slackware: {
    files: {
      ...release('ID=slackware\nVERSION_ID=15.0\nPRETTY_NAME="Slackware 15.0 x86_64"\n'),
      "var/lib/pkgtools/packages/bash-5.1.016-x86_64-1":
        "PACKAGE NAME:     bash-5.1.016-x86_64-1\nUNCOMPRESSED PACKAGE SIZE:     7.1M\nPACKAGE DESCRIPTION:\nbash: bash\n",
    },
  },
  busybox: { files: { "bin/busybox": "", "etc/inittab": "::sysinit:/etc/init.d/rcS\n" } },
};
