/** The hash that directories and attributes are sorted by (the kernel's xfs_da_hashname): 7 bits on for each byte. */
export function nameHash(name: Uint8Array): number {
  let hash = 0;
  for (const byte of name) hash = byte ^ ((hash << 7) | (hash >>> 25));
  return hash >>> 0;
}
