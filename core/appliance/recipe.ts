/** What an appliance is made of. */
export interface Recipe {
  /** Packages of the distribution that bring the programs; libraries come by themselves. */
  readonly packages: readonly string[];
  /** Their names; links to them (`vgcreate` to `lvm`) come with them. */
  readonly programs: readonly string[];
  /** Loaded at run time, so that no program names them. */
  readonly libraries: readonly string[];
  /** Files and folders of the packages that programs read, without a leading slash. */
  readonly data: readonly string[];
  /** Modules of the kernel, with what they depend on; what a kernel lacks is left out. */
  readonly modules: readonly string[];
}

/** Without these nothing runs: the bus, the disks, the channels. */
export const NEEDED_MODULES = ["virtio_pci", "virtio_blk", "virtio_console"];

/** The appliance of every job that names no other: volumes and file systems that guestkit reads. */
export const APPLIANCE: Recipe = {
  packages: [
    ...["busybox-static", "dash", "mount", "util-linux", "lvm2", "dmsetup", "mdadm", "cryptsetup-bin"],
    ...["e2fsprogs", "xfsprogs", "btrfs-progs", "dosfstools", "attr"],
  ],
  programs: [
    ...["dash", "mount", "umount", "losetup", "blkid", "wipefs", "blockdev", "lvm", "dmsetup", "mdadm", "cryptsetup"],
    ...["e2fsck", "resize2fs", "tune2fs", "mke2fs", "xfs_repair", "mkfs.xfs", "btrfs", "mkfs.btrfs"],
    ...["mkfs.fat", "fsck.fat", "fstrim", "getfattr", "setfattr"],
  ],
  // Threads that end (argon2's) ask for it.
  libraries: ["libgcc_s.so.1"],
  data: ["etc/mke2fs.conf"],
  modules: [
    ...NEEDED_MODULES,
    ...["virtio_rng", "virtio_net", "loop", "overlay"],
    ...["dm-mod", "dm-crypt", "dm-raid", "dm-mirror", "dm-snapshot", "dm-thin-pool", "dm-cache", "dm-cache-smq"],
    ...["dm-integrity", "dm-verity", "dm-writecache", "dm-zero"],
    ...["md-mod", "linear", "raid0", "raid1", "raid10", "raid456"],
    ...["ext4", "xfs", "btrfs", "vfat", "exfat", "f2fs", "squashfs", "erofs", "isofs", "udf"],
    ...["nls_ascii", "nls_cp437", "nls_cp850", "nls_cp1251", "nls_iso8859-1", "nls_iso8859-15", "nls_utf8"],
    // What the file systems and encryption ask the kernel's crypto for.
    ...["crc32c_generic", "crc32c-intel", "xxhash_generic", "sha512_generic", "sha256_generic", "blake2b_generic"],
    ...["aesni-intel", "xts", "ecb", "essiv", "serpent_generic", "twofish_generic", "wp512", "rmd160"],
    ...["algif_hash", "algif_skcipher"],
  ],
};
