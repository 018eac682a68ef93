import { type OtherTools, otherTools } from "./other-release.ts";

/** The release whose tools make what those of the oldest supported host do not know: xfsprogs, btrfs-progs, their libraries. */
const NEWER = {
  release: "trixie",
  packages: [
    ...["xfsprogs", "btrfs-progs", "libblkid1", "libc6", "libcom-err2", "libedit2", "libbsd0", "libmd0", "libtinfo6"],
    ...["libdevmapper1.02.1", "libext2fs2t64", "libgcc-s1", "libinih1", "liblzo2-2", "libpcre2-8-0"],
    ...["libreiserfscore0t64", "libselinux1", "libudev1", "liburcu8t64", "libuuid1", "libzstd1", "zlib1g", "libcap2"],
  ],
};

/** Runs `mkfs.xfs`, `xfs_db`, `mkfs.btrfs` or another program of a newer Debian; its stdout. */
export type NewerTool = (program: string, args: readonly string[]) => Promise<string>;

export async function newerTools(): Promise<NewerTool> {
  const tools = await otherTools(NEWER, async (made: OtherTools) => {
    await made.run("usr/sbin/mkfs.xfs", ["-V"]);
    await made.run("usr/sbin/mkfs.btrfs", ["--version"]);
  });
  return (program, args) => tools.run(`usr/sbin/${program}`, args);
}
