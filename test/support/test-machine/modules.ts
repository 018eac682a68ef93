/** Modules of the machine; what they need comes with them. Loaded when something asks for them. */
export const MODULES = [
  ...["virtio_pci", "virtio_blk", "loop"],
  ...["dm-mod", "dm-crypt", "dm-raid", "dm-mirror", "dm-snapshot", "dm-thin-pool", "dm-cache", "dm-cache-smq"],
  ...["dm-integrity", "dm-verity", "dm-writecache", "dm-zero"],
  ...["md-mod", "linear", "raid0", "raid1", "raid10", "raid456"],
  ...["ext4", "xfs", "btrfs", "vfat", "exfat", "f2fs", "squashfs", "erofs", "isofs", "udf"],
  ...["nls_ascii", "nls_cp437", "nls_cp850", "nls_cp1251", "nls_iso8859-1", "nls_iso8859-15", "nls_utf8"],
  // What the file systems and encryption ask the kernel's crypto for.
  ...["crc32c_generic", "crc32c-intel", "xxhash_generic", "sha512_generic", "blake2b_generic"],
  ...["aesni-intel", "xts", "ecb", "essiv", "serpent_generic", "twofish_generic", "wp512", "rmd160"],
  ...["algif_hash", "algif_skcipher"],
];
