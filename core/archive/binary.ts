/**
 * Raw bytes as text, one character of 0..255 a byte: names and paths in this form are joined, compared and used as keys
 * at the speed of strings and lose nothing.
 */
export type Binary = string;

const PIECE = 4096;

export function toBinary(bytes: Uint8Array): Binary {
  if (bytes.length <= PIECE) return String.fromCharCode.apply(null, bytes as unknown as number[]);
  let text = "";
  for (let at = 0; at < bytes.length; at += PIECE) text += toBinary(bytes.subarray(at, at + PIECE));
  return text;
}

export function fromBinary(text: Binary): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(text.length);
  writeBinary(text, bytes, 0);
  return bytes;
}

/** Writes the bytes at `offset` of `target`. */
export function writeBinary(text: Binary, target: Uint8Array, offset: number): void {
  for (let index = 0; index < text.length; index++) target[offset + index] = text.charCodeAt(index);
}

/** Whether every byte is below 128: then the text is what it says. */
export function isAscii(text: Binary): boolean {
  for (let index = 0; index < text.length; index++) if (text.charCodeAt(index) > 127) return false;
  return true;
}
