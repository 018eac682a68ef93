/** Tab, line feed, form feed, carriage return, and escape of coloured output. */
const SPACING: ReadonlySet<number> = new Set([9, 10, 12, 13, 27]);

const KINDS: readonly (readonly [name: string, start: RegExp])[] = [
  ["html", /^\s*(?:<!--.*?-->\s*)?<(?:!doctype\s+html|html|head|body|title)\b/is],
  ["parallels", /^\s*<\?xml\b[^>]{0,200}>\s*<Parallels_disk_image\b/],
  ["xml", /^\s*<\?xml\b/],
  ["git-lfs", /^version https:\/\/git-lfs/],
];

/**
 * `text`, `html`, `xml`, `git-lfs`, or `parallels` for the descriptor of such a disk, where the head of a file of `size` bytes is text to its end; null otherwise. Text has
 * no control characters but those that space it out, and is UTF-8, UTF-16 with a byte order mark, or of one byte a character.
 */
export function textKind(head: Uint8Array, size: number): string | null {
  const text = utf16(head) ?? (hasControls(head) ? null : decoded(head, head.length < size));
  if (text === null) return null;
  return KINDS.find(([, start]) => start.test(text))?.[0] ?? "text";
}

function hasControls(head: Uint8Array): boolean {
  return head.some((byte) => (byte < 32 && !SPACING.has(byte)) || byte === 127);
}

/** A character may be cut off at the head's end. */
function decoded(head: Uint8Array, isCut: boolean): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(head, { stream: isCut });
  } catch {
    const isLatin = !head.some((byte) => byte >= 0x80 && byte < 0xa0);
    return isLatin ? String.fromCharCode(...head.subarray(0, 1024)) : null;
  }
}

function utf16(head: Uint8Array): string | null {
  const [first, second] = head;
  const order = first === 0xff && second === 0xfe ? "utf-16le" : first === 0xfe && second === 0xff ? "utf-16be" : null;
  if (order === null) return null;
  const text = new TextDecoder(order).decode(head.subarray(0, head.length & ~1));
  return /[\p{Cc}\ufffd]/u.test(text.replace(/[\t\n\f\r]/g, "")) ? null : text;
}
