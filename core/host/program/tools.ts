/** A program of the host that building images and running machines need. */
export interface Tool {
  readonly command: string;
  /** The Debian package that brings it. */
  readonly package: string;
  /** What cannot be done without it. */
  readonly purpose: string;
  /** Only some declarations need it. */
  readonly optional: boolean;
}

const tool = (command: string, debian: string, purpose: string, optional = true): Tool => ({
  command,
  package: debian,
  purpose,
  optional,
});

/** Every program that building and machines use: `doctor` and the refusal of a missing one read this table. */
export const tools: readonly Tool[] = [
  tool("qemu-img", "qemu-utils", "create, convert, grow and commit images", false),
  tool("qemu-io", "qemu-utils", "write changes into images", false),
  tool("qemu-system-x86_64", "qemu-system-x86", "run machines"),
  tool("flock", "util-linux", "keep two commands on one thing apart", false),
  tool("setpriv", "util-linux", "end what was started together with guestkit", false),
  tool("unshare", "util-linux", "have process and user namespaces of its own"),
  tool("blkid", "util-linux", "read back what mkfs wrote"),
  tool("mke2fs", "e2fsprogs", "make ext4"),
  tool("e2fsck", "e2fsprogs", "check ext4 before and after a change"),
  tool("resize2fs", "e2fsprogs", "grow ext4"),
  tool("debugfs", "e2fsprogs", "change files in ext4"),
  tool("mkfs.vfat", "dosfstools", "make FAT"),
  tool("fsck.fat", "dosfstools", "check FAT"),
  tool("mcopy", "mtools", "put files into FAT"),
  tool("mmd", "mtools", "make directories in FAT"),
  tool("mkswap", "util-linux", "make swap"),
  tool("mkfs.xfs", "xfsprogs", "make XFS"),
  tool("mkfs.btrfs", "btrfs-progs", "make Btrfs"),
  tool("tar", "tar", "unpack an archive into a file system"),
  tool("xz", "xz-utils", "unpack a source that xz packed"),
  tool("bzip2", "bzip2", "unpack a source that bzip2 packed"),
  tool("gpgv", "gpgv", "check the signature of a file of checksums"),
  tool("fakeroot", "fakeroot", "keep the owners of an archive without root"),
  tool("apt-get", "apt", "get the packages of the appliance"),
  tool("dpkg-deb", "dpkg", "unpack the packages of the appliance"),
  tool("mmdebstrap", "mmdebstrap", "bootstrap Debian"),
  tool("newuidmap", "uidmap", "bootstrap Debian as an ordinary user"),
  tool("ssh", "openssh-client", "log in to machines"),
  tool("scp", "openssh-client", "copy into machines, and out of them"),
  tool("rsync", "rsync", "bring folders of the host and a machine to the same state"),
  tool("swtpm", "swtpm", "give a machine a TPM"),
  tool("passt", "passt", "connect a machine by passt"),
  tool("bwrap", "bubblewrap", "share folders by sshfs, smb and nfs: it keeps their servers in the folder"),
  tool("smbd", "samba", "share folders by smb"),
  tool("ganesha.nfsd", "nfs-ganesha-vfs", "share file systems by nfs, as root"),
  tool("socat", "socat", "share file systems by nfs"),
  tool("git", "git", "fetch the repository of a CI job"),
  tool("ssh-keygen", "openssh-client", "verify SSH signatures"),
  tool("gpg", "gnupg", "verify OpenPGP signatures"),
  tool("systemd-analyze", "systemd", "check when a CI job's timer fires"),
];

export function packageOf(command: string): string | undefined {
  return tools.find((each) => each.command === command)?.package;
}
