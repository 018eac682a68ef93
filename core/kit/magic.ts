/**
 * Whether `magic` stands at `offset`, each of its characters a byte. Bytes are never compared as decoded text: the "latin1"
 * of a TextDecoder is windows-1252, which maps 0x8b to U+2039.
 */
export function hasMagic(bytes: Uint8Array, offset: number, magic: string): boolean {
  for (let at = 0; at < magic.length; at++) if (bytes[offset + at] !== magic.charCodeAt(at)) return false;
  return true;
}
