/** On-disk structures of the journal (jbd2, https://docs.kernel.org/filesystems/ext4/journal.html); all big-endian. */
import { bytes, struct, u8, u16, u32, uuid } from "../../kit/struct.ts";

export const JBD2_MAGIC = 0xc03b3998;
export const JBD2 = { descriptor: 1, commit: 2, superblockV1: 3, superblockV2: 4, revoke: 5 } as const;

export const journalSuperblock = struct("journal_superblock_s", "big", 1024, {
  h_magic: u32(0x0),
  h_blocktype: u32(0x4),
  s_blocksize: u32(0xc),
  s_maxlen: u32(0x10),
  s_first: u32(0x14),
  s_sequence: u32(0x18),
  s_start: u32(0x1c),
  s_errno: u32(0x20),
  s_feature_compat: u32(0x24),
  s_feature_incompat: u32(0x28),
  s_feature_ro_compat: u32(0x2c),
  s_uuid: bytes(0x30, 16),
  s_uuid_text: uuid(0x30),
  s_nr_users: u32(0x40),
  s_checksum_type: u8(0x50),
  s_num_fc_blks: u32(0x54),
  s_checksum: u32(0xfc),
});

export const JBD2_COMPAT = { checksum: 0x1 } as const;
export const JBD2_INCOMPAT = {
  revoke: 0x1,
  "64bit": 0x2,
  async_commit: 0x4,
  csum_v2: 0x8,
  csum_v3: 0x10,
  fast_commit: 0x20,
} as const;

/** journal_header_s: magic, blocktype, sequence. */
export const JOURNAL_HEADER = 12;
/** `t_flags` of a tag. */
export const TAG = { escaped: 1, sameUuid: 2, last: 8 } as const;
/** commit_header: where its checksum and time stand, and its bytes. */
export const COMMIT = { h_chksum: 0x10, h_commit_sec: 0x30, size: 60 } as const;
export const DEFAULT_FC_BLOCKS = 256;
export const MIN_JOURNAL_BLOCKS = 1024;
export const FC_TAG_HEAD = 9;
export const fcHead = struct("ext4_fc_head", "little", 12, {
  tag: u16(0),
  length: u16(2),
  features: u32(4),
  tid: u32(8),
});
