import { open, writeFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import { SILENT } from "../../../core/machine/disks/effective.ts";
import type { Machine, ShareKind } from "../../../core/machine/machine.ts";
import type { ValueObject } from "../../../core/model/value.ts";
import {
  ADMIN_KEY,
  elf,
  type File,
  type ImageRecipe,
  initramfs,
  KERNEL,
  menu,
  OTHER_UUID,
  pe,
  ROOT_UUID,
} from "../../support/bootable-image.ts";
import { Random } from "../../support/random.ts";
import { run } from "../../support/tool.ts";

/** What a case may stand on: folders and images of the test. */
export interface Place {
  readonly dir: string;
  /** The image of the case. */
  readonly image: string;
  /** The sound image. */
  readonly sound: string;
}

export interface Case {
  readonly code: string;
  readonly what: string;
  /** Of the faulty image; the sound one where left out. */
  readonly image?: ImageRecipe;
  /** Fields of the machine, in the faulty case and in the sound one; a function where they name files. */
  readonly machine?: (place: Place) => Partial<Machine>;
  /** Fields of the machine that make the fault, where the image is not what is wrong. */
  readonly wrong?: (place: Place) => Partial<Machine>;
  /** Made in the folder before it is judged. */
  readonly prepare?: (place: Place) => Promise<void>;
  /** The field that the finding names. */
  readonly path: readonly (string | number)[];
  /** What the message says: the file inside the image. */
  readonly says: RegExp;
  readonly severity?: "error" | "warning";
}

type Condition = "agent" | "ssh" | "cloud_init" | "port" | "console" | "none";

export const wait = (...conditions: Condition[]) =>
  conditions.map((condition) => ({
    condition,
    timeout: 60,
    port: null,
    text: condition === "console" ? "login:" : null,
  }));
export const disk = (image: string, more: object = {}) =>
  ({
    ...SILENT,
    image,
    ...more,
  }) as const;
const network = (more: object) =>
  ({
    kind: "user",
    model: "virtio-net-pci",
    mac: null,
    addresses: [],
    forwards: {},
    isolated: false,
    bridge: null,
    tap: null,
    peer: null,
    group: null,
    path: null,
    listen: false,
    ...more,
  }) as const;
const ssh = (more: object) => ({ user: null, port: 22, private_key: null, network: null, ...more });
const waiting = (...conditions: Condition[]) => ({ wait_for: wait(...conditions) });
const seeded = (fields: ValueObject = {}) => ({ cloud_init: fields });
const files = (changed: Readonly<Record<string, File>>): { image: ImageRecipe } => ({ image: { files: changed } });
const step = (more: object) =>
  ({
    name: "one",
    inline: [],
    file: null,
    environment: {},
    secret_environment: null,
    via: "auto",
    user: null,
    when: "create",
    timeout: 60,
    ...more,
  }) as const;

const IMAGE = ["disks", "root", "image"];
const UNITS = "/etc/systemd/system";
const share = (path: string, kind: ShareKind) => ({
  host: { path, kind, mount: null, read_only: false, options: [], ownership: "squash" as const },
});

const admin = { ...waiting("ssh"), ssh: ssh({ user: "admin" }) };
const DEPLOY = `#cloud-config\nusers:\n  - name: deploy\n    ssh-authorized-keys: [${ADMIN_KEY} me]\n`;
const DROP_IN = "write_files:\n  - {path: /etc/ssh/sshd_config.d/5.conf, content: AllowUsers me}\n";
/** A line in a drop-in, which stands above the main file. */
const refusals = (code: string, lines: Readonly<Record<string, RegExp>>): Case[] =>
  Object.entries(lines).map(([line, says]) => ({
    code,
    what: line,
    ...files({ "/etc/ssh/sshd_config.d/10-hard.conf": `${line}\n` }),
    machine: () => admin,
    path: ["wait_for", 0],
    says,
  }));

/** Every rule, with a real image that has the fault. */
export const cases: readonly Case[] = [
  {
    code: "P_IMAGE_MISSING",
    what: "a path without a file",
    wrong: ({ dir }) => ({ disks: { root: disk(`${dir}/nothing.qcow2`) } }),
    path: IMAGE,
    says: /nothing\.qcow2", and there is no such file/,
  },
  {
    code: "P_IMAGE_ENCRYPTED",
    what: "LUKS where the root should be",
    image: { root: "luks" },
    machine: () => waiting("ssh"),
    path: IMAGE,
    says: /encrypted partition \(3\)/,
  },
  {
    code: "P_IMAGE_ENCRYPTED",
    what: "a qcow2 that needs a key",
    wrong: ({ dir }) => ({ disks: { root: disk(`${dir}/secret.qcow2`) } }),
    prepare: async ({ dir }) => {
      // The header's crypt_method (qcow2 specification): making a real one measures the processor, which fails under load.
      await run("qemu-img", ["create", "-q", "-f", "qcow2", `${dir}/secret.qcow2`, "4M"]);
      await using file = await open(`${dir}/secret.qcow2`, "r+");
      await file.write(Buffer.from([0, 0, 0, 2]), 0, 4, 32);
    },
    path: IMAGE,
    says: /secret\.qcow2" is encrypted/,
  },
  {
    code: "P_DISK_SMALLER",
    what: "an image below its backing file",
    wrong: ({ dir }) => ({ disks: { root: disk(`${dir}/short.qcow2`) } }),
    prepare: async ({ dir, sound }) => {
      await run("qemu-img", ["create", "-q", "-f", "qcow2", "-b", sound, "-F", "raw", `${dir}/short.qcow2`, "16M"]);
    },
    path: IMAGE,
    says: /has 16 MiB .*and its backing file 20 MiB/,
  },
  {
    code: "P_DISK_SMALLER",
    what: "a disk below its image",
    wrong: ({ sound }) => ({ disks: { root: disk(sound, { size: 1 << 20 }) } }),
    path: ["disks", "root", "size"],
    says: /has 1 MiB/,
  },
  {
    code: "P_DISK_SMALLER",
    what: "an image cut short",
    image: { cutTo: 12 << 20 },
    path: IMAGE,
    says: /past the disk's end/,
  },
  {
    code: "P_SECTOR_SIZE",
    what: "a table for sectors of 512 bytes on a disk of 4096",
    wrong: ({ sound }) => ({ disks: { root: disk(sound, { sector_size: 4096 }) } }),
    path: ["disks", "root", "sector_size"],
    says: /counts in sectors of 512 bytes, and disk root has 4096/,
  },
  {
    code: "P_TABLE_DAMAGED",
    what: "a lost primary GPT that no firmware mends",
    machine: () => ({ firmware: "bios" }),
    wrong: ({ dir }) => ({ disks: { root: disk(`${dir}/hurt.raw`) } }),
    prepare: async ({ dir, sound }) => {
      await run("cp", ["--reflink=auto", sound, `${dir}/hurt.raw`]);
      await run("dd", ["if=/dev/zero", `of=${dir}/hurt.raw`, "bs=512", "seek=1", "count=1", "conv=notrunc"]);
    },
    path: IMAGE,
    says: /the primary GPT is damaged .*Linux sees no partition/,
  },
  {
    code: "P_NO_DISK",
    what: "an image that is a VMDK",
    wrong: ({ dir }) => ({ disks: { root: disk(`${dir}/foreign.vmdk`) } }),
    prepare: async ({ dir }) => writeFile(`${dir}/foreign.vmdk`, `KDMV${"\0".repeat(4096)}`),
    path: IMAGE,
    says: /format is vmdk/,
  },
  {
    code: "P_NO_DISK",
    what: "a page in place of a medium",
    wrong: ({ dir }) => ({ cdroms: { tools: { image: `${dir}/page.iso`, boot_order: null } } }),
    prepare: async ({ dir }) => writeFile(`${dir}/page.iso`, "<!doctype html><p>Please sign in"),
    path: ["cdroms", "tools", "image"],
    says: /it is text \(HTML\)/,
  },
  {
    code: "P_CONTENT_UNKNOWN",
    what: "a disk of noise",
    wrong: ({ sound, dir }) => ({ disks: { root: disk(sound), data: disk(`${dir}/noise.raw`) } }),
    prepare: async ({ dir }) => writeFile(`${dir}/noise.raw`, new Random(1).bytes(4096)),
    path: ["disks", "data", "image"],
    says: /holds no partition table/,
  },
  {
    code: "P_KERNEL_MISSING",
    what: "no kernel",
    wrong: ({ dir }) => ({ kernel: `${dir}/vmlinuz`, cmdline: "console=ttyS0" }),
    path: ["kernel"],
    says: /vmlinuz", and there is no such file/,
  },
  {
    code: "P_CDROM_MISSING",
    what: "no medium",
    wrong: ({ dir }) => ({ cdroms: { tools: { image: `${dir}/tools.iso`, boot_order: null } } }),
    path: ["cdroms", "tools", "image"],
    says: /tools\.iso/,
  },
  {
    code: "P_SHARE_MISSING",
    what: "no folder",
    machine: ({ dir }) => ({ shares: share(dir, "9p") }),
    wrong: ({ dir }) => ({ shares: share(`${dir}/nowhere`, "9p") }),
    path: ["shares", "host", "path"],
    says: /nowhere/,
  },
  {
    code: "P_SSH_KEY_MISSING",
    what: "no private key",
    wrong: ({ dir }) => ({ ssh: ssh({ private_key: `${dir}/id_nobody` }) }),
    path: ["ssh", "private_key"],
    says: /id_nobody/,
  },
  ...[
    ["others may read", "chmod 644 KEY", /mode 0644/],
    ["is the public half", "mv KEY.pub KEY; chmod 600 KEY", /public half/],
    ["holds something else", "echo nothing > KEY", /no private key/],
    ["has a passphrase", "ssh-keygen -q -p -P '' -N secret -f KEY", /passphrase/],
    ["has one in PEM", "ssh-keygen -q -p -P '' -N secret -m PEM -f KEY", /passphrase/],
  ].map(([what, spoil, says], index) => {
    const key = ({ dir }: Place) => `${dir}/id_spoilt_${index}`;
    return {
      code: "P_SSH_KEY_FILE",
      what: `a key that ${what}`,
      wrong: (place: Place) => ({ ...waiting("ssh"), ssh: ssh({ private_key: key(place) }) }),
      prepare: async (place: Place) => {
        const make = "ssh-keygen -q -t rsa -b 2048 -N '' -f KEY; umask 077";
        await run("sh", ["-euc", `${make}; ${spoil}; rm -f KEY.pub`.replaceAll("KEY", key(place))]);
      },
      path: ["ssh", "private_key"],
      says: says as RegExp,
    };
  }),
  {
    code: "P_PROVISION_MISSING",
    what: "no script",
    wrong: ({ dir }) => ({ provision: [step({ file: `${dir}/setup.sh` })] }),
    path: ["provision", 0, "file"],
    says: /setup\.sh/,
  },
  {
    code: "P_NO_SYSTEM",
    what: "a blank root",
    wrong: ({ dir }) => ({ disks: { root: disk(`${dir}/blank.raw`) } }),
    prepare: async ({ dir }) => (await import("node:fs/promises")).writeFile(`${dir}/blank.raw`, Buffer.alloc(1 << 20)),
    machine: () => waiting("agent"),
    path: IMAGE,
    says: /no operating system/,
  },
  {
    code: "P_ARCHITECTURE",
    what: "arm64",
    ...files({ "/bin/sh": elf(183) }),
    path: IMAGE,
    says: /is for aarch64/,
  },
  {
    code: "P_CPU_LEVEL",
    what: "Rocky 9 on a processor without SSE4.2",
    ...files({ "/etc/os-release": 'ID="rocky"\nVERSION_ID="9.4"\nPRETTY_NAME="Rocky Linux 9.4"\n' }),
    machine: () => ({ cpu_model: "qemu64" }),
    path: ["cpu_model"],
    says: /Rocky Linux 9\.4.*x86-64-v2/,
  },
  {
    code: "P_CPU_LEVEL",
    what: "RHEL 10 on a processor without AVX2",
    ...files({ "/etc/os-release": 'ID="rhel"\nVERSION_ID="10.0"\n' }),
    machine: () => ({ cpu_model: "Nehalem-v2" }),
    path: ["cpu_model"],
    says: /x86-64-v3/,
  },
  {
    code: "P_UEFI_NO_ESP",
    what: "no ESP",
    image: { esp: null },
    machine: () => ({ firmware: "uefi" }),
    path: ["firmware"],
    says: /no EFI system partition/,
  },
  {
    code: "P_UEFI_NO_LOADER",
    what: "a loader that only variables lead to",
    image: { esp: { "/EFI/BOOT/BOOTX64.EFI": null, "/EFI/debian/grubx64.efi": pe({}) } },
    machine: () => ({ firmware: "uefi" }),
    path: ["firmware"],
    says: /BOOTX64\.EFI, only \/EFI\/debian\/grubx64\.efi/,
  },
  {
    code: "P_UEFI_UNSIGNED",
    what: "secure boot without a signature",
    image: { esp: { "/EFI/BOOT/BOOTX64.EFI": pe({}) } },
    machine: () => ({ firmware: "uefi", secure_boot: true }),
    path: ["firmware"],
    says: /is not signed/,
  },
  {
    code: "P_BIOS_NO_BOOT_CODE",
    what: "zeros in the first sector",
    image: { bios: "none" },
    machine: () => ({ firmware: "bios" }),
    path: ["firmware"],
    says: /no boot code/,
  },
  {
    code: "P_BIOS_EMPTY_CORE",
    what: "an empty BIOS boot partition",
    image: { bios: "empty" },
    machine: () => ({ firmware: "bios" }),
    path: ["firmware"],
    says: /BIOS boot partition 1 is empty/,
  },
  {
    code: "P_BUS_DRIVER",
    what: "an initial RAM disk without virtio_blk",
    ...files({ [`/boot/initrd.img-${KERNEL}`]: gzipSync(initramfs(["virtio_pci", "sd_mod", "ahci"])) }),
    path: ["disks", "root", "bus"],
    says: /driver virtio_blk: \/boot\/initrd\.img-6\.1\.0-1-test lacks it/,
  },
  {
    code: "P_BUS_DRIVER",
    what: "the same behind microcode",
    ...files({
      [`/boot/initrd.img-${KERNEL}`]: Buffer.concat([
        initramfs(["ahci"]),
        Buffer.alloc(512),
        gzipSync(initramfs(["sd_mod"])),
      ]),
    }),
    path: ["disks", "root", "bus"],
    says: /virtio_pci/,
  },
  {
    code: "P_BUS_DRIVER",
    what: "a kernel without the driver",
    machine: ({ image }) => ({ disks: { root: disk(image, { bus: "sata" }) } }),
    ...files({
      [`/lib/modules/${KERNEL}/modules.dep`]: "kernel/virtio_pci.ko:\nkernel/virtio_blk.ko:\nkernel/virtio_net.ko:",
    }),
    path: ["disks", "root", "bus"],
    says: /ahci: kernel 6\.1\.0-1-test has none \(\/lib\/modules/,
  },
  {
    code: "P_CMDLINE_ROOT",
    what: "another UUID in GRUB's menu",
    ...files({ "/boot/grub/grub.cfg": menu(`root=UUID=${OTHER_UUID} console=ttyS0`) }),
    path: IMAGE,
    says: /\/boot\/grub\/grub\.cfg in .*root=UUID=0ddba11e/,
  },
  {
    code: "P_CMDLINE_ROOT",
    what: "another UUID in a unified kernel image",
    image: {
      files: { "/boot/grub/grub.cfg": null },
      esp: {
        "/EFI/BOOT/BOOTX64.EFI": pe({
          sections: {
            ".cmdline": `root=UUID=${OTHER_UUID} console=ttyS0\0`,
            ".initrd": gzipSync(initramfs(["virtio_pci", "virtio_blk"])),
            ".linux": "kernel",
          },
        }),
      },
    },
    path: IMAGE,
    says: /\/EFI\/BOOT\/BOOTX64\.EFI in .*root=UUID=0ddba11e/,
  },
  {
    code: "P_FSTAB_ROOT",
    what: "another UUID in fstab",
    ...files({ "/etc/fstab": `UUID=${OTHER_UUID} / ext4 defaults 0 1\n` }),
    path: IMAGE,
    says: /\/etc\/fstab in .*UUID=0ddba11e/,
  },
  {
    code: "P_FSTAB_MOUNT",
    what: "a data disk that is not there",
    ...files({ "/etc/fstab": `UUID=${ROOT_UUID} / ext4 defaults 0 1\nLABEL=data /srv ext4 defaults 0 2\n` }),
    path: IMAGE,
    says: /LABEL=data for \/srv/,
  },
  ...Object.entries({
    [`UUID=${ROOT_UUID.toUpperCase()} /srv ext4 defaults 0 2`]: /by-uuid\/5CA1AB1E.*spelled another way/,
    [`UUID=${ROOT_UUID} /srv xfs defaults 0 2`]: /at \/srv as xfs, and it is ext4/,
    "LABEL=root /srv ext4 defaults\r": /carriage return in the last field for \/srv/,
  }).map(
    ([line, says]): Case => ({
      code: "P_FSTAB_MOUNT",
      what: line,
      ...files({
        "/etc/fstab": `UUID=${ROOT_UUID} / ext4 defaults 0 1\nLABEL="root" /var auto defaults 0 2\n${line}\n`,
      }),
      path: IMAGE,
      says,
    }),
  ),
  {
    code: "P_FSTAB_SWAP",
    what: "swap that is not there",
    ...files({ "/etc/fstab": `UUID=${ROOT_UUID} / ext4 defaults 0 1\nUUID=${OTHER_UUID} none swap sw 0 0\n` }),
    path: IMAGE,
    says: /for swap/,
    severity: "warning",
  },
  {
    code: "P_DEVICE_NAME",
    what: "sda on virtio",
    ...files({ "/boot/grub/grub.cfg": menu("root=/dev/sda3 console=ttyS0") }),
    path: IMAGE,
    says: /root=\/dev\/sda3, and disk root is on bus virtio/,
  },
  {
    code: "P_CONSOLE",
    what: "a kernel that shows nothing",
    ...files({ "/boot/grub/grub.cfg": menu(`root=UUID=${ROOT_UUID} quiet`) }),
    path: IMAGE,
    says: /grub\.cfg in .*no console=ttyS0/,
    severity: "warning",
  },
  {
    code: "P_CONSOLE",
    what: "a text awaited on a closed console",
    ...files({ "/boot/grub/grub.cfg": menu(`root=UUID=${ROOT_UUID} quiet`) }),
    machine: () => waiting("console"),
    path: ["wait_for", 0],
    says: /no console=ttyS0/,
    severity: "error",
  },
  {
    code: "P_NETWORK_DRIVER",
    what: "a kernel without virtio_net",
    ...files({ [`/lib/modules/${KERNEL}/modules.dep`]: "kernel/virtio_pci.ko:\nkernel/virtio_blk.ko:" }),
    machine: () => ({ networks: { lan: network({}) } }),
    path: ["networks", "lan", "model"],
    says: /virtio_net, and kernel 6\.1\.0-1-test has none/,
    severity: "warning",
  },
  {
    code: "P_NETWORK_RENDERER",
    what: "no renderer for cloud-init",
    ...files({ "/usr/lib/systemd/systemd-networkd": null }),
    machine: () => seeded(),
    path: ["cloud_init"],
    says: /finds no renderer/,
  },
  {
    code: "P_NETWORK_RENDERER",
    what: "a renderer that netplan does not find",
    ...files({ "/usr/sbin/netplan": "#!/bin/sh\n" }),
    machine: () => seeded(),
    wrong: () => seeded({ network_config: "version: 2\nrenderer: NetworkManager\n" }),
    path: ["cloud_init", "network_config"],
    says: /renderer NetworkManager/,
  },
  {
    code: "P_NETWORK_RENDERER",
    what: "netplan's own files without systemd-networkd",
    ...files({
      "/usr/sbin/netplan": "#!/bin/sh\n",
      "/etc/netplan/50.yaml": "network:\n  version: 2\n",
      "/usr/lib/systemd/systemd-networkd": null,
    }),
    path: IMAGE,
    says: /\/etc\/netplan\/50\.yaml/,
  },
  {
    code: "P_GROWPART_MISSING",
    what: "a larger disk without growpart",
    ...files({ "/usr/bin/growpart": null }),
    machine: ({ image }) => ({ ...seeded(), disks: { root: disk(image, { size: 8 * 2 ** 30 }) } }),
    path: ["disks", "root", "size"],
    says: /no growpart/,
    severity: "warning",
  },
  {
    code: "P_SUDO_MISSING",
    what: "a user with sudo where there is none",
    ...files({ "/usr/bin/sudo": null }),
    machine: () => seeded({ users: { admin: { sudo: true } } }),
    path: ["cloud_init", "users", "admin"],
    says: /no sudo/,
    severity: "warning",
  },
  {
    code: "P_CLOUD_INIT_MISSING",
    what: "no cloud-init",
    ...files({ "/usr/bin/cloud-init": null }),
    machine: () => seeded(),
    path: ["cloud_init"],
    says: /no \/usr\/bin\/cloud-init/,
  },
  {
    code: "P_CLOUD_INIT_DISABLED",
    what: "cloud-init.disabled",
    ...files({ "/etc/cloud/cloud-init.disabled": "" }),
    machine: () => seeded(),
    path: ["cloud_init"],
    says: /\/etc\/cloud\/cloud-init\.disabled in/,
  },
  {
    code: "P_CLOUD_INIT_DISABLED",
    what: "ds-identify told to find nothing",
    ...files({ "/etc/cloud/ds-identify.cfg": "policy: disabled\n" }),
    machine: () => seeded(),
    path: ["cloud_init"],
    says: /ds-identify\.cfg/,
  },
  {
    code: "P_CLOUD_INIT_DISABLED",
    what: "masked units",
    ...files({ [`${UNITS}/cloud-init.service`]: { link: "/dev/null" } }),
    machine: () => waiting("cloud_init"),
    path: ["wait_for", 0],
    says: /masked/,
  },
  {
    code: "P_CLOUD_INIT_DISABLED",
    what: "the kernel's command line",
    ...files({ "/boot/grub/grub.cfg": menu(`root=UUID=${ROOT_UUID} console=ttyS0 cloud-init=disabled`) }),
    machine: () => seeded(),
    path: ["cloud_init"],
    says: /grub\.cfg in .*cloud-init=disabled/,
  },
  {
    code: "P_CLOUD_INIT_DATASOURCE",
    what: "an image for one cloud",
    ...files({ "/etc/cloud/cloud.cfg.d/90_dpkg.cfg": "datasource_list: [ Ec2, None ]\n" }),
    machine: () => seeded(),
    path: ["cloud_init"],
    says: /90_dpkg\.cfg in .*\[Ec2, None\]/,
  },
  {
    code: "P_CLOUD_INIT_DATASOURCE",
    what: "a list in block style",
    ...files({ "/etc/cloud/cloud.cfg.d/95_azure.cfg": "datasource_list:\n  - Azure\n" }),
    machine: () => seeded(),
    path: ["cloud_init"],
    says: /\[Azure\]/,
  },
  {
    code: "P_CLOUD_INIT_RAN",
    what: "an instance-id that the image has seen",
    ...files({ "/var/lib/cloud/instance": { link: "/var/lib/cloud/instances/i-1" } }),
    machine: () => seeded({ instance_id: "i-1" }),
    path: ["cloud_init"],
    says: /\/var\/lib\/cloud\/instance in .*"i-1"/,
  },
  {
    code: "P_CLOUD_INIT_RAN",
    what: "manual_cache_clean",
    ...files({
      "/var/lib/cloud/data/instance-id": "i-2\n",
      "/etc/cloud/cloud.cfg.d/99_keep.cfg": "manual_cache_clean: true\n",
    }),
    machine: () => seeded(),
    path: ["cloud_init"],
    says: /manual_cache_clean/,
  },
  {
    code: "P_CLOUD_INIT_NO_SEED",
    what: "nothing to be told",
    machine: () => ({ ...seeded(), ...waiting("cloud_init") }),
    wrong: () => ({ cloud_init: null }),
    path: ["wait_for", 0],
    says: /neither cloud_init nor a seed/,
    severity: "warning",
  },
  {
    code: "P_SSH_NO_SERVER",
    what: "no sshd",
    ...files({ "/usr/sbin/sshd": null }),
    machine: () => waiting("ssh"),
    path: ["wait_for", 0],
    says: /no \/usr\/sbin\/sshd/,
  },
  {
    code: "P_SSH_DISABLED",
    what: "nothing starts sshd",
    ...files({ [`${UNITS}/multi-user.target.wants/ssh.service`]: null }),
    machine: () => waiting("ssh"),
    path: ["wait_for", 0],
    says: /nothing starts \/usr\/sbin\/sshd/,
  },
  {
    code: "P_SSH_HOST_KEYS",
    what: "no keys and no way to them",
    ...files({ "/etc/ssh/ssh_host_ed25519_key": null }),
    machine: () => ({ provision: [step({ via: "ssh" })] }),
    path: ["provision", 0, "via"],
    says: /no ssh_host_\*_key/,
  },
  {
    code: "P_SSH_USER",
    what: "a user that nothing creates",
    machine: () => ({ ...waiting("ssh"), ssh: ssh({ user: "admin" }) }),
    wrong: () => ({ ...seeded({ users: { other: {} } }), ssh: ssh({ user: "bob" }) }),
    path: ["ssh", "user"],
    says: /nothing creates user "bob": it is not in \/etc\/passwd/,
  },
  {
    code: "P_SSH_KEY",
    what: "no key in the image",
    ...files({ "/home/admin/.ssh/authorized_keys": null }),
    machine: () => waiting("ssh"),
    path: ["wait_for", 0],
    says: /~admin\/\.ssh\/authorized_keys in .*does not exist/,
  },
  {
    code: "P_SSH_KEY",
    what: "another key in the image",
    ...files({ "/home/admin/.ssh/authorized_keys": `${ADMIN_KEY.replace("JustForTests", "NotThisOne00")}\n` }),
    machine: ({ dir }) => ({ ...waiting("ssh"), ssh: ssh({ private_key: `${dir}/id_admin` }) }),
    prepare: async ({ dir }) => {
      await writeFile(`${dir}/id_admin`, "key");
      await writeFile(`${dir}/id_admin.pub`, `${ADMIN_KEY} me@host\n`);
    },
    path: ["wait_for", 0],
    says: /does not hold the public key/,
  },
  {
    code: "P_SSH_ROOT",
    what: "root is refused",
    ...files({
      "/etc/ssh/sshd_config.d/10-hard.conf": "PermitRootLogin no\n",
      "/root/.ssh/authorized_keys": ADMIN_KEY,
    }),
    machine: () => ({ ...waiting("ssh"), ssh: ssh({ user: "root" }) }),
    path: ["wait_for", 0],
    says: /PermitRootLogin no/,
  },
  ...refusals("P_SSH_REFUSED", {
    "AllowUsers deploy": /10-hard\.conf in .* has AllowUsers deploy/,
    "AllowUsers admin@192.168.*": /AllowUsers admin@/,
    "AllowGroups wheel sudo": /AllowGroups wheel sudo, and "admin" is in admin/,
    "DenyUsers ad*": /DenyUsers ad\*/,
    "DenyGroups adm?n": /DenyGroups adm\?n/,
    "PubkeyAuthentication no": /PubkeyAuthentication no/,
    "AuthenticationMethods publickey,password": /AuthenticationMethods/,
    "UsePAM no": /UsePAM no, and the password of "admin" is locked/,
  }),
  ...refusals("P_SSH_PORT", {
    "Port 2222": /Port 2222/,
    "ListenAddress 127.0.0.1": /ListenAddress 127\.0\.0\.1/,
    "ListenAddress [::]:22": /ListenAddress/,
  }),
  {
    code: "P_SSH_REFUSED",
    what: "a login shell that is not there",
    ...files({ "/etc/passwd": "root:x:0:0:root:/root:/bin/bash\nadmin:x:1000:1000::/home/admin:/usr/bin/fish\n" }),
    machine: () => admin,
    path: ["wait_for", 0],
    says: /the shell of "admin" is \/usr\/bin\/fish/,
  },
  {
    code: "P_SSH_REFUSED",
    what: "a drop-in that cloud-init writes",
    machine: () => ({ ...admin, ...seeded() }),
    wrong: () => seeded({ write_files: [{ path: "/etc/ssh/sshd_config.d/5.conf", content: "AllowUsers me\n" }] }),
    path: ["wait_for", 0],
    says: /cloud_init puts AllowUsers me into \/etc\/ssh\/sshd_config\.d\/5\.conf/,
  },
  {
    code: "P_SSH_KEY",
    what: "a raw document whose users leave default out",
    machine: () => ({
      ...waiting("ssh"),
      ...seeded({ user_data: `${DEPLOY}  - default\n` }),
      ssh: ssh({ user: "debian" }),
    }),
    wrong: () => ({ ...seeded({ user_data: DEPLOY }), ssh: ssh({ user: "deploy" }) }),
    path: ["wait_for", 0],
    says: /"deploy": the machine's key goes to cloud-init's default user, and users in user_data leaves default out/,
  },
  {
    code: "P_SSH_KEY",
    what: "a raw document that gives the user another key",
    machine: ({ dir }) => ({
      ...waiting("ssh"),
      ...seeded({ user_data: DEPLOY }),
      ssh: ssh({ user: "deploy", private_key: `${dir}/id_deploy` }),
    }),
    wrong: () => seeded({ user_data: DEPLOY.replace("JustForTests", "NotThisOne00") }),
    prepare: async ({ dir }) => {
      await writeFile(`${dir}/id_deploy`, "key");
      await writeFile(`${dir}/id_deploy.pub`, `${ADMIN_KEY} me@host\n`);
    },
    path: ["wait_for", 0],
    says: /gives "deploy" other keys/,
  },
  {
    code: "P_SSH_REFUSED",
    what: "a drop-in that a raw document writes",
    machine: () => ({ ...admin, ...seeded({ user_data: `#cloud-config\n${DROP_IN.replace("me", "admin")}` }) }),
    wrong: () => seeded({ user_data: `#cloud-config\nusers: [{name: admin}]\n${DROP_IN}` }),
    path: ["wait_for", 0],
    says: /cloud_init puts AllowUsers me into/,
  },
  {
    code: "P_SSH_KEY",
    what: "a key that others may write to",
    ...files({ "/home/admin/.ssh/authorized_keys": { text: `${ADMIN_KEY}\n`, mode: 0o664 } }),
    machine: () => admin,
    path: ["wait_for", 0],
    says: /\/home\/admin\/\.ssh\/authorized_keys in .*StrictModes/,
  },
  {
    code: "P_PORT_UNREACHABLE",
    what: "no forward to port 22",
    machine: () => waiting("ssh"),
    wrong: () => ({ networks: { lan: network({}) } }),
    path: ["wait_for", 0],
    says: /port 22 of the guest/,
  },
  {
    code: "P_AGENT_MISSING",
    what: "no agent",
    ...files({ "/usr/sbin/qemu-ga": null }),
    machine: () => waiting("agent"),
    path: ["wait_for", 0],
    says: /no \/usr\/sbin\/qemu-ga/,
  },
  {
    code: "P_AGENT_DISABLED",
    what: "nothing starts the agent",
    ...files({ "/lib/udev/rules.d/60-qemu-guest-agent.rules": null }),
    machine: () => waiting("agent"),
    path: ["wait_for", 0],
    says: /no udev rule/,
  },
  {
    code: "P_NO_WAY_IN",
    what: "cloud-init that nobody can be asked about",
    ...files({ "/usr/sbin/qemu-ga": null, "/usr/sbin/sshd": null }),
    machine: () => ({ ...seeded(), ...waiting("cloud_init") }),
    path: ["wait_for", 0],
    says: /neither \/usr\/sbin\/sshd nor \/usr\/sbin\/qemu-ga/,
  },
  {
    code: "P_SHARE_KIND",
    what: "a kernel for clouds",
    ...files({
      [`/lib/modules/${KERNEL}/modules.dep`]:
        "kernel/virtio_pci.ko:\nkernel/virtio_blk.ko:\nkernel/virtio_net.ko:\nkernel/virtiofs.ko:",
    }),
    machine: ({ dir }) => ({ shares: share(dir, "9p") }),
    path: ["shares", "host", "kind"],
    says: /no 9p \(\/lib\/modules/,
  },
  {
    code: "P_SHARE_HOST",
    what: "a folder of a file system that others lie in, for NFS",
    machine: ({ dir }) => ({ shares: share(dir, "9p") }),
    wrong: ({ dir }) => ({ shares: share(dir, "nfs") }),
    path: ["shares", "host", "kind"],
    says: /share host is nfs, and (".*" is no file system by itself|its server|\S+ is not installed)/,
  },
  {
    code: "P_SHARE_PROGRAM",
    what: "no sshfs",
    machine: ({ dir }) => ({ shares: share(dir, "9p") }),
    wrong: ({ dir }) => ({ shares: share(dir, "sshfs") }),
    path: ["shares", "host", "kind"],
    says: /share host is sshfs, and .* has no sshfs/,
  },
];
