import { readGroups, readUsers } from "../../../core/guest/accounts.ts";
import { readBootloader } from "../../../core/guest/bootloader.ts";
import { readCloudInitConfig } from "../../../core/guest/cloud-init.ts";
import { readCommandLines } from "../../../core/guest/command-line.ts";
import { CpioNames } from "../../../core/guest/cpio.ts";
import { readCrypttab } from "../../../core/guest/crypttab.ts";
import { parseDoas, readDoas } from "../../../core/guest/facts/access/doas.ts";
import { readPasswords } from "../../../core/guest/facts/access/passwords.ts";
import { parseAuthorizedKey, readAuthorizedKeys, readHostKeys } from "../../../core/guest/facts/access/ssh-keys.ts";
import { sshdSettings } from "../../../core/guest/facts/access/sshd-settings.ts";
import { readSudo } from "../../../core/guest/facts/access/sudo.ts";
import { parseSudoers } from "../../../core/guest/facts/access/sudoers.ts";
import { parseDeploy } from "../../../core/guest/facts/flatpaks/deploy.ts";
import { readFlatpaks } from "../../../core/guest/facts/flatpaks/index.ts";
import { parseCrontab, readCron } from "../../../core/guest/facts/schedule/cron.ts";
import { readTimers } from "../../../core/guest/facts/schedule/timers.ts";
import { readServices } from "../../../core/guest/facts/services/index.ts";
import { readPresets } from "../../../core/guest/facts/services/presets.ts";
import { readRunit } from "../../../core/guest/facts/services/runit.ts";
import { readOpenrc, readSysv } from "../../../core/guest/facts/services/scripts.ts";
import { readSystemd } from "../../../core/guest/facts/services/systemd.ts";
import { readFstab } from "../../../core/guest/fstab.ts";
import { readHostname, readMachineId } from "../../../core/guest/identity.ts";
import { readKernelModules } from "../../../core/guest/kernel-modules.ts";
import { readKernels } from "../../../core/guest/kernels.ts";
import { readLocale, readTimezone } from "../../../core/guest/locale.ts";
import { readMdadmConf } from "../../../core/guest/mdadm-conf.ts";
import { readNetwork } from "../../../core/guest/network/index.ts";
import { StatusReader } from "../../../core/guest/packages/dpkg/status-reader.ts";
import { readPackages } from "../../../core/guest/packages/index.ts";
import { parseName } from "../../../core/guest/packages/nix/name.ts";
import { parsePe } from "../../../core/guest/portable-executable.ts";
import { readRelease } from "../../../core/guest/release.ts";
import { readRenderers } from "../../../core/guest/renderers.ts";
import { readSshServer } from "../../../core/guest/ssh-server.ts";
import { readSshdFiles, sshdLines, sshdMatches } from "../../../core/guest/sshd-config.ts";
import { readUnits } from "../../../core/guest/units.ts";
import { withoutLogins } from "../../../core/guest/without-logins.ts";
import { readEsps } from "../../../core/preflight/facts/esp.ts";
import { parseLicense } from "../../../core/sbom/license.ts";
import { knownSystem } from "../known-system.ts";
import { memoryTree } from "../memory-filesystem.ts";
import { nixTree } from "../nix-store.ts";
import { makeHeader, makeNdb } from "../rpm-databases.ts";
import {
  encode,
  fill,
  fromEach,
  ofFile,
  ofNames,
  ofTexts,
  type Parser,
  pieced,
  pieces,
  SOMEBODY,
  tolerant,
  whole,
} from "./shape.ts";

const PARAGRAPH = "Package: a\nStatus: install ok installed\nArchitecture: all\nVersion: 1-2\nDescription: x\n y\n\n";
const NETPLAN = "  e:\n   dhcp4: true\n   addresses: [1.1.1.1/8]\n";
const NETWORK = "/etc/systemd/network/a.network";

const KEY = btoa(`\0\0\0\x0bssh-ed25519\0\0\0\x20${"a".repeat(32)}`);
const ROOT = { name: "root", uid: 0, gid: 0, gecos: null, home: "/root", shell: "/bin/sh", groups: [] };

/** A program's head: as many sections as may be. */
const PE = (() => {
  const head = new Uint8Array(4096);
  head.set([0x4d, 0x5a]);
  new DataView(head.buffer).setUint32(0x3c, 64, true);
  head.set([0x50, 0x45, 0, 0, 0x64, 0x86, 0xff, 0xff], 64);
  return head;
})();

export const GUEST: readonly Parser[] = [
  ofFile("users", "/etc/passwd", "u:x:1:1:U:/home/u:/bin/sh\n", readUsers, { "/etc/group": "g:x:1:u\n" }),
  ofFile("groups", "/etc/group", "g:x:1:a,b,c\n", readGroups),
  ofTexts("licences", "MIT AND (", parseLicense),
  ofFile("os-release", "/etc/os-release", 'A="b"\n', readRelease),
  ofFile("elder release files", "/etc/redhat-release", "CentOS release 7 (Core)\n", readRelease),
  ofFile("hostname", "/etc/hostname", "#\n", readHostname),
  ofFile("sysconfig", "/etc/sysconfig/network", "A=b # c\n", readHostname),
  ofFile("machine id", "/etc/machine-id", "a\n", readMachineId),
  ofFile("time zone", "/etc/sysconfig/clock", "A=b\n", readTimezone),
  ofFile("locale", "/etc/locale.conf", "A=b\n", readLocale),
  ofFile("crypttab", "/etc/crypttab", "root UUID=6c756b73 none luks\n", readCrypttab),
  ofFile("mdadm.conf", "/etc/mdadm.conf", "ARRAY /dev/md0 UUID=6d640000:00000000:00000000:00000001\n", readMdadmConf),
  ofFile("fstab", "/etc/fstab", "LABEL=r /d ext4 defaults 0 0\n", readFstab),
  ofFile("crontab", "/etc/crontab", "1 2 3 4 5 root a b\n", readCron),
  ofNames(
    "crontabs",
    (index) => `/etc/cron.d/a${index}`,
    readCron,
    () => "@daily root a\n",
  ),
  ofFile("a timer", "/etc/systemd/system/a.timer", "[Timer]\nOnCalendar=1\n", (tree) => readTimers(tree, null)),
  ofNames(
    "timers",
    (at) => `/etc/systemd/system/a${at}.timer`,
    (tree) => readTimers(tree, null),
    () => "[Timer]\n",
  ),
  ofFile("passwords", "/etc/shadow", "u:$6$a$b:20000:0:9:7:::\n", readPasswords, {
    "/etc/passwd": "u:x:1:1::/:/bin/sh\n",
  }),
  ofFile("sudoers", "/etc/sudoers", "a, b ALL = (c : d) NOPASSWD: /bin/e, !/bin/f\n", readSudo),
  ofFile("one line of sudoers", "/etc/sudoers", "h = NOPASSWD: /bin/e, !/bin/f : ", readSudo, {}, "a "),
  ofFile("aliases of sudoers", "/etc/sudoers", "A = a, b : ", readSudo, {}, "User_Alias "),
  ofNames(
    "sudoers' files",
    (at) => `/etc/sudoers.d/${at}`,
    readSudo,
    () => "a ALL=ALL\n",
    { "/etc/sudoers": "@includedir /etc/sudoers.d\n" },
  ),
  ofTexts("the rest of a rule of doas", "x", parseDoas, "permit a cmd b args"),
  ofTexts("members of sudoers' alias", "x", parseSudoers, "User_Alias A="),
  ofTexts("a setting of sudoers", "x", parseSudoers, "Defaults"),
  ofTexts("what is behind a key", "x", parseAuthorizedKey, "ssh-rsa AAAA"),
  ofTexts("what is behind a job's times", "x", (text) => parseCrontab(text, false), "1 2 3 4 5"),
  ofTexts("what is behind a job's user", "x", (text) => parseCrontab(text, true), "@daily a"),
  ofTexts("commands with secrets in them", " -u a:b //a:b@c --token d e=f", withoutLogins, "curl"),
  ofFile("doas.conf", "/etc/doas.conf", "permit nopass setenv { A=b } :wheel as root cmd ls args a\n", readDoas),
  ofFile("keys that let in", "/root/.ssh/authorized_keys", `no-pty,from="a" ssh-ed25519 ${KEY} a\n`, (tree) =>
    readAuthorizedKeys(tree, [ROOT], []),
  ),
  ofNames(
    "public host keys",
    (at) => `/etc/ssh/ssh_host_${at}_key.pub`,
    (tree) => readHostKeys(tree, []),
    () => `ssh-ed25519 ${KEY}\n`,
  ),
  ofFile(
    "settings of sshd",
    "/etc/ssh/sshd_config",
    "Match User a\nPort 1\nMatch all\nAllowUsers a b\n",
    async (tree) => {
      const files = (await readSshdFiles(tree)) ?? {};
      return [sshdSettings(sshdLines(files)), sshdMatches(files)];
    },
  ),
  ofFile("a unit", "/etc/systemd/system/a.service", "[Install]\nAlias=b.service\n", readServices),
  ofFile("a preset", "/etc/systemd/system-preset/a.preset", "enable a*\n", readSystemd, {
    "/etc/systemd/system/a.service": "[Install]\nWantedBy=x.target\n",
  }),
  ofNames(
    "presets",
    (at) => `/etc/systemd/system-preset/${at}.preset`,
    readPresets,
    () => "enable a*\n",
  ),
  ofNames(
    "units that are each other's names",
    (at) => `/etc/systemd/system/u${at}.service`,
    readSystemd,
    (at) => ({ link: `u${at + 1}.service` }),
  ),
  ofNames(
    "names of one unit",
    (at) => `/etc/systemd/system/u${at}.service`,
    readSystemd,
    () => ({ link: "/usr/lib/systemd/system/v.service" }),
    { "/usr/lib/systemd/system/v.service": "[Install]\nAlias=a.service\n" },
  ),
  ofNames(
    "instances",
    (at) => `/etc/systemd/system/t.wants/u@${at}.service`,
    readSystemd,
    () => ({ link: "x" }),
    {
      "/usr/lib/systemd/system/u@.service": "[Install]\nWantedBy=t.target\n",
      "/usr/lib/systemd/system/u@.service.d/a.conf": "[Install]\nWantedBy=v.target\n",
    },
  ),
  ofNames(
    "drop-ins",
    (at) => `/etc/systemd/system/u.service.d/${at}.conf`,
    readSystemd,
    () => "[Install]\nWantedBy=a\n",
    { "/usr/lib/systemd/system/u.service": "[Service]\n" },
  ),
  ofNames(
    "init scripts of a runlevel",
    (at) => `/etc/rc2.d/S01a${at}`,
    (tree) => readSysv(tree, new Set()),
    () => "",
    {
      "/etc/init.d/a1": "",
    },
  ),
  ofNames(
    "scripts of OpenRC",
    (at) => `/etc/runlevels/default/a${at}`,
    readOpenrc,
    () => "",
    { "/etc/init.d/a1": "" },
  ),
  ofNames("services of runit", (at) => `/etc/sv/a${at}/run`, readRunit, undefined, { "/bin/runsvdir": "" }),
  ofFile("netplan", "/etc/netplan/a.yaml", NETPLAN, readNetwork, {}, "network:\n ethernets:\n"),
  ofFile(
    "netplan in flow style",
    "/etc/netplan/a.yaml",
    "  e: {dhcp4: true, addresses: [1.1.1.1/8]},\n",
    readNetwork,
    {},
    "network: {ethernets: {\n",
  ),
  ofFile("interfaces", "/etc/network/interfaces", "iface e inet static\n address 1.1.1.1\n", readNetwork),
  ofFile("networkd", NETWORK, "Address=1.1.1.1/8\n", readNetwork, {}, "[Match]\nName=e\n[Network]\n"),
  ofFile(
    "NetworkManager",
    "/etc/NetworkManager/system-connections/a",
    "address1=1.1.1.1/8\n",
    readNetwork,
    {},
    "[connection]\ninterface-name=e\n[ipv4]\n",
  ),
  ofFile("ifcfg", "/etc/sysconfig/network-scripts/ifcfg-e", "IPADDR1=1.1.1.1\nPREFIX1=8\n", readNetwork),
  ofNames(
    "ifcfg files",
    (at) => `/etc/sysconfig/network/ifcfg-e${at}`,
    readNetwork,
    () => "BOOTPROTO=dhcp\n",
  ),
  ofFile(
    "wicked's XML",
    "/etc/wicked/ifconfig/a.xml",
    "<interface><name>e</name><a:static><address><local>1.1.1.1/8</local></address></a:static></interface>\n",
    readNetwork,
  ),
  ofFile("dhcpcd.conf", "/etc/dhcpcd.conf", "interface e\nstatic ip_address=1.1.1.1/8\n", readNetwork),
  ofFile(
    "UCI",
    "/etc/config/network",
    "config interface 'a'\n list ipaddr '1.1.1.1'\n option netmask '255.0.0.0'\n",
    readNetwork,
  ),
  ofFile("netifrc", "/etc/conf.d/net", 'config_e="1.1.1.1 netmask 255.0.0.0\n::1/8"\n', readNetwork),
  ofFile("netctl", "/etc/netctl/a", "Address=('1.1.1.1/8' \"::1/8\") # x\n", readNetwork, {}, "Interface=e\n"),
  ofNames(
    "netctl's profiles",
    (at) => `/etc/netctl/${at}`,
    readNetwork,
    () => "Interface=e\nIP=dhcp\n",
  ),
  ofFile("cloud-init", "/etc/cloud/cloud.cfg", "datasource_list: [ A, B ]\n", readCloudInitConfig),
  ofFile("GRUB's menu", "/boot/grub/grub.cfg", " linux /vmlinuz root=/dev/sda1 quiet\n", readCommandLines),
  ofFile("extlinux's menu", "/boot/extlinux/extlinux.conf", " append root=/dev/sda1\n", readCommandLines),
  ofFile(
    "module lists",
    "/m/modules.dep",
    "kernel/a/virtio-blk.ko.xz: kernel/b.ko\n",
    (tree) => readKernelModules(tree, "/m", new Set(["virtio_blk"])),
    { "/m/modules.builtin": "kernel/a.ko\n" },
  ),
  ofFile("sshd_config", "/etc/ssh/sshd_config", "Port 22\n", (tree) => readSshServer(tree, [], null)),
  ofFile("init scripts", "/etc/rc.local", "dropbear -p 22\n", (tree) => readSshServer(tree, [], null)),
  ofFile("authorized keys", "/home/u/.ssh/authorized_keys", "ssh-ed25519 AAAA x\n", (tree) =>
    readSshServer(tree, [SOMEBODY], null),
  ),
  ofFile("dpkg's status", "/var/lib/dpkg/status", PARAGRAPH, (tree) => readPackages(tree, "deb")),
  ofFile("apk's list", "/lib/apk/db/installed", "P:a\nV:1-r1\nF:usr\nR:a\n\n", (tree) => readPackages(tree, "apk")),
  ofFile("a package of pacman's", "/var/lib/pacman/local/a/desc", "%NAME%\na\n\n%LICENSE%\nx\n", (tree) =>
    readPackages(tree, "pacman"),
  ),
  ofNames(
    "packages of portage's",
    (at) => `/var/db/pkg/a/b-${at}/SIZE`,
    (tree) => readPackages(tree, "ebuild"),
    () => "1\n",
  ),
  ofNames(
    "flatpaks",
    (at) => `/var/lib/flatpak/app/a${at}/x/s/active`,
    async (tree) => readFlatpaks(await knownSystem(tree)),
    () => ({ link: "a".repeat(64) }),
  ),
  {
    name: "what flatpak keeps of an installation",
    // Ends of elements, each of one byte.
    make: (size) => {
      const bytes = new Uint8Array(size);
      return () => parseDeploy(bytes);
    },
  },
  ofFile("opkg's status", "/usr/lib/opkg/status", "Package: a\nVersion: 1-r1\n\n", (tree) =>
    readPackages(tree, "opkg"),
  ),
  ofFile(
    "xbps' database",
    "/var/db/xbps/pkgdb-0.38.plist",
    "<key>a</key><dict><key>pkgver</key><string>a-1_1</string></dict>",
    (tree) => readPackages(tree, "xbps"),
    {},
    "<plist><dict>",
  ),
  ofNames(
    "packages of Slackware's",
    (at) => `/var/log/packages/a-${at}-x86_64-1`,
    (tree) => readPackages(tree, "slackware"),
    () => "UNCOMPRESSED PACKAGE SIZE:     2.8M\n",
  ),
  ofTexts("names of Nix's", "a-1", parseName),
  {
    name: "a store of Nix's",
    make: async (size) => {
      const tree = await nixTree(fromEach(size >> 3, (at) => [`p-${at}`, null, [`p-${at + 1}`, "p-0"]]));
      return () => tolerant(() => readPackages(tree, "nix"));
    },
  },
  {
    name: "rpm's database",
    make: async (size) => {
      const headers = fromEach(size, (at) => makeHeader({ 1000: `p${at}`, 1001: "1" }));
      const tree = await memoryTree({ "/var/lib/rpm/Packages.db": makeNdb(headers) });
      return () => tolerant(() => readPackages(tree, "rpm"));
    },
  },
  ofNames(
    "dpkg's updates",
    (at) => `/var/lib/dpkg/updates/${at}`,
    (tree) => readPackages(tree, "deb"),
    () => PARAGRAPH,
    { "/var/lib/dpkg/status": PARAGRAPH },
  ),
  ofNames(
    "netplan's files",
    (at) => `/etc/netplan/${at}.yaml`,
    readNetwork,
    () => NETPLAN,
  ),
  ofNames(
    "networkd's files",
    (at) => `/etc/systemd/network/${at}.network`,
    readNetwork,
    () => "[Match]\nName=e\n[Network]\nAddress=1.1.1.1/8\n",
  ),
  ofNames(
    "interfaces' files",
    (at) => `/etc/network/interfaces.d/${at}`,
    readNetwork,
    () => "iface e inet dhcp\n",
    { "/etc/network/interfaces": "source interfaces.d/*\n" },
  ),
  ofNames(
    "cloud-init's files",
    (at) => `/etc/cloud/cloud.cfg.d/${at}.cfg`,
    readCloudInitConfig,
    () => "disable_root: true\n",
  ),
  ofNames(
    "sshd's files",
    (at) => `/etc/ssh/sshd_config.d/${at}.conf`,
    (tree) => readSshServer(tree, [], null),
    () => "Port 22\n",
    { "/etc/ssh/sshd_config": "Include /etc/ssh/sshd_config.d/*.conf\n" },
  ),
  ofNames(
    "host keys",
    (at) => `/etc/ssh/ssh_host_${at}_key`,
    (tree) => readSshServer(tree, [], null),
  ),
  ofNames("units", (at) => `/etc/systemd/system/u${at}.service`, readUnits),
  ofNames(
    "masked units",
    (at) => `/etc/systemd/system/u${at}.service`,
    readUnits,
    () => ({ link: "/dev/null" }),
  ),
  ofNames("units of one target", (at) => `/etc/systemd/system/a.target.wants/u${at}.service`, readUnits),
  ofNames("targets of one unit", (at) => `/etc/systemd/system/t${at}.target.wants/u.service`, readUnits),
  ofNames("kernels", (at) => `/boot/vmlinuz-${at}`, readKernels),
  ofNames("module trees", (at) => `/lib/modules/${at}/modules.dep`, readKernels),
  ofNames(
    "EFI programs",
    (at) => `/EFI/v${at}/grubx64.efi`,
    async (tree) => [await readBootloader(tree, [tree.root.fs], new Uint8Array(512)), await readRenderers(tree)],
  ),
  ofNames(
    "EFI system partitions",
    (at) => `/EFI/v/${at}.efi`,
    ({ root, budget }) => readEsps({ filesystems: [{ ...whole(root.fs), type: "vfat" }], budget }),
    () => PE,
  ),
  {
    name: "boot loader entries",
    make: async (size) => {
      const tree = await memoryTree({ "/boot/loader/entries/a.conf": fill(size, "options a=b\n") });
      return () => readCommandLines(tree);
    },
  },
  {
    name: "dpkg's status in pieces",
    make: (size) =>
      pieced(size, PARAGRAPH, (bytes, length) => {
        const reader = new StatusReader("status");
        pieces(bytes, (piece) => reader.push(piece), length);
        reader.end();
      }),
  },
  {
    name: "one paragraph in pieces",
    make: (size) =>
      pieced(size, " x\n", (bytes, length) => {
        const reader = new StatusReader("status");
        reader.push(encode("Package: b\nDescription: x\n"));
        pieces(bytes, (piece) => reader.push(piece), length);
      }),
  },
  {
    name: "one line in pieces",
    make: (size) =>
      pieced(size, "x", (bytes, length) => {
        const reader = new StatusReader("status");
        reader.push(encode("Package: b\nDescription: "));
        pieces(bytes, (piece) => reader.push(piece), length);
      }),
  },
  {
    name: "initial RAM disks",
    make: (size) =>
      pieced(size, cpioEntry(), (bytes, length) => {
        const names = new CpioNames();
        pieces(bytes, (piece) => names.push(piece), length);
      }),
  },
  { name: "EFI headers", make: (size) => () => fromEach(size, () => parsePe(PE)) },
];

function cpioEntry(): string {
  const name = "kernel/a.ko\0";
  const fields = Array.from({ length: 13 }, (_, at) => (at === 11 ? name.length : 0).toString(16).padStart(8, "0"));
  return `070701${fields.join("")}${name}`.padEnd(124, "\0");
}
