import { KERNEL } from "../guest-parts/packages.ts";

/** What makes and opens volumes and file systems, a shell, a Python, and the packages of their libraries. */
export const PACKAGES = [
  ...["lvm2", "dmsetup", "thin-provisioning-tools", "mdadm", "cryptsetup-bin"],
  ...["e2fsprogs", "xfsprogs", "btrfs-progs", "dosfstools", "mount", "util-linux"],
  ...["dash", "busybox-static", "python3.11-minimal", "libpython3.11-minimal"],
  ...["libaio1", "libargon2-1", "libblkid1", "libbsd0", "libc6", "libcap2", "libcom-err2", "libcryptsetup12"],
  ...["libdevmapper1.02.1", "libdevmapper-event1.02.1", "libedit2", "libexpat1", "libext2fs2", "libgcc-s1"],
  ...["libgcrypt20", "libgpg-error0", "libinih1", "libjson-c5", "liblz4-1", "liblzma5", "liblzo2-2", "libmd0"],
  ...["libmount1", "libpcre2-8-0", "libpopt0", "libselinux1", "libsmartcols1", "libss2", "libssl3", "libstdc++6"],
  ...["libsystemd0", "libtinfo6", "libudev1", "liburcu8", "libuuid1", "libzstd1", "zlib1g"],
];
/** Of the rest of Python's library the machine takes json alone. */
export const PYTHON_LIBRARY = "libpython3.11-stdlib";
/** All that the machine is made of, for the fixture's recipe. */
export const ALL_PACKAGES = [...PACKAGES, PYTHON_LIBRARY, KERNEL];

/** Where they lie in the packages and in the machine. */
export const PROGRAMS = [
  ...["sbin/lvm", "sbin/dmsetup", "usr/sbin/pdata_tools", "sbin/mdadm"],
  ...["sbin/cryptsetup", "sbin/integritysetup", "sbin/veritysetup"],
  ...["sbin/mke2fs", "sbin/e2fsck", "sbin/tune2fs", "sbin/debugfs", "sbin/dumpe2fs"],
  ...["sbin/mkfs.xfs", "sbin/xfs_repair", "usr/sbin/xfs_db", "usr/sbin/xfs_io"],
  // busybox's shell would take its own programs before these.
  "bin/dash",
  ...["bin/mount", "bin/umount", "sbin/losetup", "sbin/blkid", "sbin/wipefs"],
  ...["bin/btrfs", "sbin/mkfs.btrfs", "sbin/mkfs.fat", "sbin/fsck.fat", "usr/bin/python3.11"],
];
/** Loaded at run time, so that no program names it: threads that end (argon2's) ask for it. */
export const LATE_LIBRARIES = ["libgcc_s.so.1"];
/** Folders of the packages whose links to one of the programs are taken over: vgcreate to lvm, mkfs.vfat to mkfs.fat. */
export const LINK_FOLDERS = ["sbin", "usr/sbin", "bin"];
/** Files and folders that the programs read. */
export const DATA = ["etc/mke2fs.conf", "usr/lib/python3.11"];
