import { ENTRY_KANJI, LONG_LAST, LONG_UNITS, NT_LOWER_BASE, NT_LOWER_EXTENSION } from "./layout.ts";

/** The upper half of code page 437, which the kernel takes for short names unless told otherwise. */
const CP437 =
  "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀" +
  "αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0";

function decodeOem(raw: Uint8Array): string {
  return Array.from(raw, (byte) => (byte < 0x80 ? String.fromCharCode(byte) : CP437.charAt(byte - 0x80))).join("");
}

/** A volume label; null where it is empty or mkfs's "NO NAME". */
export function decodeLabel(raw: Uint8Array): string | null {
  const text = decodeOem(restoreFirst(raw)).replace(/[ \0]+$/, "");
  return text === "" || text === "NO NAME" ? null : text;
}

/** `README  TXT` as `README.TXT`, in lower case where the NT bits say so. */
export function decodeShortName(raw: Uint8Array, ntRes: number): string {
  const text = decodeOem(restoreFirst(raw));
  const base = text.slice(0, 8).replace(/ +$/, "");
  const extension = text.slice(8).replace(/ +$/, "");
  const shownBase = ntRes & NT_LOWER_BASE ? base.toLowerCase() : base;
  const shownExtension = ntRes & NT_LOWER_EXTENSION ? extension.toLowerCase() : extension;
  return shownExtension === "" ? shownBase : `${shownBase}.${shownExtension}`;
}

function restoreFirst(raw: Uint8Array): Uint8Array {
  if (raw[0] !== ENTRY_KANJI) return raw;
  const copy = raw.slice();
  copy[0] = 0xe5;
  return copy;
}

/** What binds long-name entries to their short one (fatgen103, `ChkSum`). */
export function shortNameChecksum(raw: Uint8Array): number {
  return raw.reduce((sum, byte) => (((sum & 1) << 7) + (sum >> 1) + byte) & 0xff, 0);
}

/** Gathers the entries of one long name, which stand last piece first before the short entry. */
export class LongName {
  #units: number[] = [];
  #expected = 0;
  #checksum = -1;

  clear(): void {
    this.#units = [];
    this.#expected = 0;
    this.#checksum = -1;
  }

  /** Takes one raw entry; pieces out of order void what was gathered. */
  add(raw: Uint8Array): void {
    const order = raw[0] ?? 0;
    const checksum = raw[13] ?? 0;
    if (order & LONG_LAST) {
      this.clear();
      this.#expected = order & ~LONG_LAST;
      this.#checksum = checksum;
    }
    if (this.#expected === 0 || (order & ~LONG_LAST) !== this.#expected || checksum !== this.#checksum) {
      this.clear();
      return;
    }
    this.#expected--;
    this.#units.unshift(...LONG_UNITS.map((at) => (raw[at] ?? 0) | ((raw[at + 1] ?? 0) << 8)));
  }

  /** The name in UTF-16, or null where none that is whole belongs to the short name `raw`. */
  take(raw: Uint8Array): string | null {
    const whole = this.#units.length > 0 && this.#expected === 0 && this.#checksum === shortNameChecksum(raw);
    const end = this.#units.indexOf(0);
    const units = end < 0 ? this.#units : this.#units.slice(0, end);
    this.clear();
    return whole && units.length > 0 ? String.fromCharCode(...units) : null;
  }
}

/**
 * UTF-16 as UTF-8. A surrogate without its other half becomes the three bytes of its code point, which is no valid
 * UTF-8, so that the name stays what it is instead of turning into U+FFFD.
 */
export function encodeUtf16(text: string): Uint8Array {
  if (text.isWellFormed()) return new TextEncoder().encode(text);
  const out: number[] = [];
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0;
    const lone = code >= 0xd800 && code <= 0xdfff;
    if (lone) out.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f));
    else out.push(...new TextEncoder().encode(char));
  }
  return Uint8Array.from(out);
}
