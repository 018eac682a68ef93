/** What a name in an initial RAM disk tells of it; a last part of a path is a program, whatever folder of programs it lies in. */
const PROGRAMS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    lvm: "lvm",
    cryptsetup: "cryptsetup",
    "systemd-cryptsetup": "cryptsetup",
    mdadm: "mdadm",
    zpool: "zfs",
    btrfs: "btrfs",
    multipathd: "multipath",
    iscsistart: "iscsi",
    iscsid: "iscsi",
    "mount.nfs": "nfs",
    nfsmount: "nfs",
    clevis: "clevis",
    plymouthd: "plymouth",
    busybox: "busybox",
    sshd: "ssh",
    dropbear: "ssh",
    systemd: "systemd",
    "systemd-networkd": "network",
    NetworkManager: "network",
    dhclient: "network",
    ipconfig: "network",
    "systemd-repart": "repart",
    veritysetup: "verity",
    "systemd-veritysetup": "verity",
    "ostree-prepare-root": "ostree",
    kexec: "kexec",
  }),
);

const PATHS: readonly (readonly [path: string, feature: string])[] = [
  ["kernel/x86/microcode/GenuineIntel.bin", "microcode-intel"],
  ["kernel/x86/microcode/AuthenticAMD.bin", "microcode-amd"],
  ["conf/initramfs.conf", "initramfs-tools"],
  ["usr/lib/dracut", "dracut"],
  ["lib/dracut", "dracut"],
  ["usr/lib/dracut-lib.sh", "dracut"],
  ["buildconfig", "mkinitcpio"],
  ["cryptroot/crypttab", "crypttab"],
  ["etc/crypttab", "crypttab"],
];
const BY_PATH = new Map(PATHS);
const FOLDER = /(?:^|\/)(?:s?bin|lib\/systemd|libexec|libexec\/NetworkManager|lib\/ostree)\/([^/]+)$/;

/** What a name tells; nothing of most. */
export function featuresOf(name: string): readonly string[] {
  const path = name.replace(/^\.?\//, "");
  const program = FOLDER.exec(path)?.[1];
  return [BY_PATH.get(path), program === undefined ? undefined : PROGRAMS.get(program)].filter(
    (each) => each !== undefined,
  );
}
