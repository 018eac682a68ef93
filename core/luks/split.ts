/**
 * A key out of its stripes (the anti-forensic splitter of the LUKS specification, section 2.4): losing any of them loses it.
 * @param material `stripes` times as long as the key
 */
export function mergeKey(
  material: Uint8Array,
  keyBytes: number,
  stripes: number,
  hash: (data: Uint8Array) => Uint8Array,
): Uint8Array {
  const key = new Uint8Array(keyBytes);
  for (let stripe = 0; stripe < stripes; stripe++) {
    for (let at = 0; at < keyBytes; at++) (key[at] as number) ^= material[stripe * keyBytes + at] as number;
    if (stripe < stripes - 1) diffuse(key, hash);
  }
  return key;
}

/** Each piece of the hash's length becomes the hash of its number and itself. */
function diffuse(key: Uint8Array, hash: (data: Uint8Array) => Uint8Array): void {
  const { length } = hash(new Uint8Array());
  for (let at = 0; at < key.length; at += length) {
    const piece = key.subarray(at, at + length);
    const numbered = new Uint8Array(4 + piece.length);
    new DataView(numbered.buffer).setUint32(0, at / length);
    numbered.set(piece, 4);
    piece.set(hash(numbered).subarray(0, piece.length));
  }
}
