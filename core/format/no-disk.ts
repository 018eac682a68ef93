/** Kinds of file that no mark alone tells. */

/**
 * A tar's header by its own checksum, which archives older than POSIX have as well: the sum of the block's bytes, with
 * blanks in place of the sum itself, in octal at 148.
 */
export function isTarHeader(head: Uint8Array): boolean {
  if (head.length < 512 || head[0] === 0) return false;
  const digits = String.fromCharCode(...head.subarray(148, 156)).trim();
  const match = /^([0-7]{1,6})\0? ?$/.exec(digits.replace(/\0+$/, ""));
  if (!match?.[1]) return false;
  let sum = 8 * 0x20;
  for (let at = 0; at < 512; at++) if (at < 148 || at >= 156) sum += head[at] ?? 0;
  return sum === Number.parseInt(match[1], 8);
}

/** Whether the first member of a tar is the descriptor of an appliance, as it has to be in an OVA (DSP0243, 5.3). */
export function isAppliance(head: Uint8Array): boolean {
  const end = head.indexOf(0);
  return end > 4 && end <= 100 && /\.ovf$/i.test(String.fromCharCode(...head.subarray(0, end)));
}

/** A program of EFI or Windows: MZ, and where 0x3c says, PE. A kernel that EFI can start is one as well. */
export function isProgram(head: Uint8Array): boolean {
  if (head.length < 64 || head[0] !== 0x4d || head[1] !== 0x5a) return false;
  const at = new DataView(head.buffer, head.byteOffset).getUint32(0x3c, true);
  return at <= head.length - 4 && head[at] === 0x50 && head[at + 1] === 0x45 && !head[at + 2] && !head[at + 3];
}
