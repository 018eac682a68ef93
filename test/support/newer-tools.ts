import { type ReleaseTools, releaseTools } from "./release-tools.ts";

/** `mkfs.xfs`, `xfs_db`, `mkfs.btrfs` of Debian 13, which make what those of the oldest supported host do not know. */
export async function newerTools(): Promise<ReleaseTools["run"]> {
  const tools = await releaseTools("trixie", ["xfsprogs", "btrfs-progs"], async ({ run }) => {
    await run("mkfs.xfs", ["-V"]);
    await run("mkfs.btrfs", ["--version"]);
  });
  return tools.run;
}
