import { isList, isObject, type Value, type ValueObject } from "../../model/value.ts";

/** What a Debian of `bootstrap` will have, as far as rules ask: the files of packages by which they are told. */

const EMPTY = "";
const WANTED = "/etc/systemd/system";

/** Files that a package brings, told by name; `{kernel}` stands for the version of the declared kernel. */
const PACKAGES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "openssh-server": {
    "/usr/sbin/sshd": EMPTY,
    // As the package has it (openssh-server's postinst and template).
    "/etc/ssh/sshd_config": "Include /etc/ssh/sshd_config.d/*.conf\nKbdInteractiveAuthentication no\nUsePAM yes\n",
    [`${WANTED}/multi-user.target.wants/ssh.service`]: EMPTY,
    // Written by the bootstrap itself (core/build/bootstrap/configure.ts).
    [`${WANTED}/ssh-host-keys.service`]: "ExecStart=/usr/bin/ssh-keygen -A\n",
    [`${WANTED}/multi-user.target.wants/ssh-host-keys.service`]: EMPTY,
  },
  "dropbear-bin": { "/usr/sbin/dropbear": EMPTY },
  dropbear: { "/usr/sbin/dropbear": EMPTY, [`${WANTED}/multi-user.target.wants/dropbear.service`]: EMPTY },
  "cloud-init": {
    "/usr/bin/cloud-init": EMPTY,
    [`${WANTED}/cloud-init.target.wants/cloud-init.service`]: EMPTY,
    "/etc/cloud/cloud.cfg": "disable_root: true\nsystem_info:\n  default_user:\n    name: debian\n",
  },
  "qemu-guest-agent": { "/usr/sbin/qemu-ga": EMPTY, "/lib/udev/rules.d/60-qemu-guest-agent.rules": EMPTY },
  sudo: { "/usr/bin/sudo": EMPTY },
  sshfs: { "/usr/bin/sshfs": EMPTY },
  "cloud-guest-utils": { "/usr/bin/growpart": EMPTY },
  "netplan.io": { "/usr/sbin/netplan": EMPTY },
  ifupdown: { "/usr/sbin/ifup": EMPTY },
  "ifupdown-ng": { "/usr/sbin/ifup": EMPTY },
  "network-manager": { "/usr/sbin/NetworkManager": EMPTY },
};

/** Packages that bring others of the table. */
const BRINGS: Readonly<Record<string, readonly string[]>> = {
  ssh: ["openssh-server"],
  "task-ssh-server": ["openssh-server"],
  "openssh-sftp-server": [],
};

const CLOUD = [
  "virtio_pci",
  "virtio_blk",
  "virtio_scsi",
  "sd_mod",
  "virtio_net",
  "virtiofs",
  "virtio_console",
  "ata_piix",
  "fuse",
  "cifs",
  "nfsv4",
];
const FULL = [
  ...CLOUD,
  "ahci",
  "usb_storage",
  "uas",
  "xhci_pci",
  "e1000",
  "e1000e",
  "8139cp",
  "8139too",
  "9p",
  "9pnet_virtio",
];
/** Drivers of Debian's kernels. Others say nothing. */
const KERNELS: Readonly<Record<string, readonly string[]>> = {
  "linux-image-cloud-amd64": CLOUD,
  "linux-image-amd64": FULL,
};

/** Text by path. */
export function debianFiles(bootstrap: ValueObject): Map<string, string> {
  const packages = names(bootstrap.packages).flatMap((name) => [bare(name), ...(BRINGS[bare(name)] ?? [])]);
  const kernel = String(bootstrap.kernel ?? "linux-image-cloud-amd64");
  const files = new Map<string, string>(baseFiles(String(bootstrap.release ?? "")));
  const all = new Set([...packages, ...sudoOf(bootstrap.users ?? null), ...(kernel === "none" ? [] : [kernel])]);
  for (const name of all) for (const [path, text] of Object.entries(PACKAGES[name] ?? {})) files.set(path, text);
  if (kernel !== "none") for (const [path, text] of kernelFiles(kernel)) files.set(path, text);
  for (const [path, text] of userFiles(bootstrap.users ?? null)) files.set(path, text);
  return files;
}

/** The bootstrap adds it for users who are to have it. */
function sudoOf(users: Value): readonly string[] {
  const declared = isObject(users) ? Object.values(users) : [];
  return declared.some((user) => isObject(user) && user.sudo === true) ? ["sudo"] : [];
}

/** A declaration may carry more than the name: name/release, name=version, name:architecture. */
const bare = (name: string) => name.replace(/[/=:].*$/, "");

function baseFiles(release: string): [string, string][] {
  const text = `ID=debian\nPRETTY_NAME="Debian (${release})"\n`;
  const programs = [
    "/usr/lib/systemd/systemd",
    "/lib/systemd/systemd",
    "/usr/lib/systemd/systemd-networkd",
    "/bin/bash",
    "/bin/sh",
  ];
  // mmdebstrap leaves the machine-id to the first boot, but what is installed is enabled by then.
  return [
    ["/etc/os-release", text],
    ["/etc/machine-id", EMPTY],
    ...programs.map((path): [string, string] => [path, EMPTY]),
  ];
}

function kernelFiles(kernel: string): [string, string][] {
  const version = `(${kernel})`;
  const drivers = KERNELS[kernel];
  const image: [string, string] = [`/boot/vmlinuz-${version}`, EMPTY];
  if (!drivers) return [image];
  const folder = `/lib/modules/${version}`;
  const list = drivers.map((name) => `kernel/${name}.ko:`).join("\n");
  return [
    image,
    [`${folder}/modules.dep`, list],
    [`${folder}/modules.builtin`, "kernel/nvme.ko\n"],
    [`/boot/initrd.img-${version}`, EMPTY],
  ];
}

function userFiles(users: Value): [string, string][] {
  const declared = isObject(users) ? Object.entries(users) : [];
  const lines = declared
    .filter(([name]) => name !== "root")
    .map(([name], index) => `${name}:x:${1000 + index}:${1000 + index}::/home/${name}:/bin/bash`);
  const passwd = ["root:x:0:0:root:/root:/bin/bash", ...lines].join("\n");
  const keys = declared.flatMap(([name, user]): [string, string][] => {
    const home = name === "root" ? "/root" : `/home/${name}`;
    return isObject(user) ? [[`${home}/.ssh/authorized_keys`, names(user.ssh_authorized_keys).join("\n")]] : [];
  });
  return [["/etc/passwd", passwd], ...keys];
}

function names(value: Value | undefined): readonly string[] {
  return isList(value ?? null) ? (value as readonly Value[]).map(String) : [];
}
