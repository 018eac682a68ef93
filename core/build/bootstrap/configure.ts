import { type BootstrapInput, boots } from "./input.ts";
import { inside, put, quote, script } from "./script.ts";
import { userScript } from "./users.ts";

/** What the tree must know of the disk that it will lie on. */
export interface DiskIds {
  /** UUID of the root file system. */
  readonly root: string;
  /** Volume ID of the EFI system partition, `ABCD-1234`. */
  readonly esp: string;
}

/** Stands before the real one on PATH, so that the initramfs is made once, when all that belongs in it is there. */
const INITRAMFS_STUB = "/usr/local/sbin/update-initramfs";
/** cloud-init is none of them: it only writes their configuration, and networkd's where it finds no other. */
const NETWORK_MANAGERS = ["ifupdown", "ifupdown2", "ifupdown-ng", "network-manager", "connman", "netplan.io"];
/** Whoever manages the network with these writes resolv.conf too. */
const OWN_RESOLVERS = ["resolvconf", "openresolv", "unbound", "dnsmasq", "bind9"];

/** The packages to ask for: the declared ones and what their purpose needs beside them. */
export function packagesOf(input: BootstrapInput): readonly string[] {
  const wanted = new Set<string>();
  if (boots(input)) {
    wanted.add(input.kernel);
    // The initramfs's own tools: without e2fsprogs it cannot check the root, without zstd it is slow to make and load.
    for (const each of ["systemd-sysv", "udev", "kmod", "e2fsprogs", "zstd"]) wanted.add(each);
    if (!input.packages.includes("dracut")) wanted.add("initramfs-tools");
    if (usesNetworkd(input) && !input.packages.some((each) => OWN_RESOLVERS.includes(each))) {
      wanted.add("systemd-resolved");
    }
  }
  if (Object.values(input.users).some((user) => user.sudo)) wanted.add("sudo");
  for (const each of input.packages) wanted.add(each);
  return [...wanted];
}

/** Run before anything is installed: packages that are not there, or not together, are told of at once. */
export function checkScript(packages: readonly string[]): string {
  const apt = 'env --chdir="$1" APT_CONFIG="$MMDEBSTRAP_APT_CONFIG" apt-get';
  return script(
    // The hook that lays out /usr may have fetched the lists already.
    `ls "$1"/var/lib/apt/lists/*_Packages* > /dev/null 2>&1 || ${apt} update --error-on=any > /dev/null`,
    packages.length === 0 ? "" : `${apt} install --simulate --yes ${packages.map(quote).join(" ")} > /dev/null`,
  );
}

/** Run when the essential packages are there: the kernel's own scripts read fstab. */
export function earlyScript(input: BootstrapInput, ids: DiskIds): string {
  return script(
    put("/etc/fstab", fstab(input, ids)),
    put("/etc/initramfs-tools/conf.d/resume", "RESUME=none\n"),
    put(INITRAMFS_STUB, "#!/bin/sh\nexit 0\n", "0755"),
  );
}

/** Run at the end, when every package is configured. */
export function lateScript(input: BootstrapInput): string {
  return script(
    put("/etc/hostname", `${input.hostname}\n`),
    put("/etc/hosts", hosts(input.hostname)),
    put("/etc/default/locale", "LANG=C.UTF-8\n"),
    resolver,
    usesNetworkd(input) ? network : "",
    secureShell,
    ...Object.entries(input.users).map(([name, user]) => userScript(name, user)),
    boots(input) ? 'mkdir -p "$1/boot/efi"' : "",
    initramfs,
    // Options of the build alone, among them dpkg's unsafe ones.
    'rm -f "$1"/etc/apt/apt.conf.d/99mmdebstrap "$1"/etc/dpkg/dpkg.cfg.d/99mmdebstrap',
    'rm -f "$1/var/lib/systemd/random-seed"',
  );
}

function usesNetworkd(input: BootstrapInput): boolean {
  return !input.packages.some((each) => NETWORK_MANAGERS.includes(each));
}

function fstab(input: BootstrapInput, ids: DiskIds): string {
  const root = `UUID=${ids.root} / ext4 errors=remount-ro 0 1\n`;
  return boots(input) ? `${root}UUID=${ids.esp} /boot/efi vfat umask=0077,nofail 0 0\n` : root;
}

function hosts(hostname: string): string {
  const short = hostname.split(".")[0] ?? hostname;
  const names = [...new Set([hostname, short])].filter((each) => each !== "localhost").join(" ");
  const own = names === "" ? "" : `127.0.1.1 ${names}\n`;
  return `127.0.0.1 localhost\n${own}::1 localhost ip6-localhost ip6-loopback\nff02::1 ip6-allnodes\nff02::2 ip6-allrouters\n`;
}

/** The host's name servers are of no use in the guest. */
const resolver = `[ -L "$1/etc/resolv.conf" ] || rm -f "$1/etc/resolv.conf"
rm -f "$1"/etc/.resolv.conf.*.bak`;

const network = `if [ -e "$1/lib/systemd/systemd-networkd" ]; then
${put("/etc/systemd/network/80-dhcp.network", "[Match]\nType=ether\nKind=!*\n\n[Network]\nDHCP=yes\n")}
${inside("systemctl", "enable", "systemd-networkd.service")}
fi`;

/** Host keys are each machine's own: made at its first start, where systemd is: a folder of units alone any package brings. */
const hostKeys = `[Unit]
Description=Generate missing SSH host keys
ConditionPathExists=!/etc/ssh/ssh_host_ed25519_key
Before=ssh.service ssh.socket

[Service]
Type=oneshot
ExecStart=/usr/bin/ssh-keygen -A

[Install]
WantedBy=multi-user.target
`;

const secureShell = `if [ -e "$1/usr/sbin/sshd" ]; then
rm -f "$1"/etc/ssh/ssh_host_*
if [ -x "$1/usr/bin/systemctl" ]; then
${put("/etc/systemd/system/ssh-host-keys.service", hostKeys)}
${inside("systemctl", "enable", "ssh-host-keys.service")}
fi
fi`;

const initramfs = `rm -f "$1"${quote(INITRAMFS_STUB)}
if [ -x "$1/usr/sbin/update-initramfs" ]; then
for kernel in "$1"/boot/vmlinuz-*; do
[ -e "$kernel" ] || continue
chroot "$1" update-initramfs -c -k "\${kernel##*/vmlinuz-}"
done
else
rm -rf "$1/etc/initramfs-tools/conf.d/resume"
rmdir -p --ignore-fail-on-non-empty "$1/etc/initramfs-tools/conf.d" 2>/dev/null || :
fi`;
