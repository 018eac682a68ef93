import type { RawSuperblock } from "./layout.ts";

/**
 * What is impossible in a superblock's numbers, or null: whatever is computed from them later stays within the volume.
 * The kernel's own conditions (xfs_validate_sb_common).
 */
export function geometryFault(raw: RawSuperblock): string | null {
  const { sb_blocksize, sb_sectsize, sb_inodesize, sb_agblocks, sb_agcount, sb_dblocks } = raw;
  const power = (value: number, log: number) => log < 32 && value === 2 ** log;
  const rules: readonly (readonly [boolean, string])[] = [
    [!power(sb_blocksize, raw.sb_blocklog) || outside(sb_blocksize, 512, 65536), `blocks of ${sb_blocksize} bytes`],
    [!power(sb_sectsize, raw.sb_sectlog) || outside(sb_sectsize, 512, 32768), `sectors of ${sb_sectsize} bytes`],
    [sb_sectsize > sb_blocksize, `sectors of ${sb_sectsize} bytes in blocks of ${sb_blocksize}`],
    [!power(sb_inodesize, raw.sb_inodelog) || outside(sb_inodesize, 256, 2048), `inodes of ${sb_inodesize} bytes`],
    [
      raw.sb_inopblock * sb_inodesize !== sb_blocksize || !power(raw.sb_inopblock, raw.sb_inopblog),
      `${raw.sb_inopblock} inodes in a block`,
    ],
    [raw.sb_blocklog + raw.sb_dirblklog > 16, `directory blocks of 2^${raw.sb_blocklog + raw.sb_dirblklog} bytes`],
    [sb_agcount === 0 || sb_agblocks < 64, `${sb_agcount} allocation groups of ${sb_agblocks} blocks`],
    [raw.sb_agblklog !== Math.ceil(Math.log2(sb_agblocks)), `2^${raw.sb_agblklog} block numbers of a group`],
    [
      !Number.isSafeInteger(sb_agcount * 2 ** raw.sb_agblklog * sb_blocksize) ||
        sb_dblocks > sb_agcount * sb_agblocks ||
        sb_dblocks <= (sb_agcount - 1) * sb_agblocks,
      `${sb_dblocks} blocks in ${sb_agcount} groups of ${sb_agblocks}`,
    ],
  ];
  return rules.find(([broken]) => broken)?.[1] ?? null;
}

function outside(value: number, least: number, most: number): boolean {
  return value < least || value > most;
}
