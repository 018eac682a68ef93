/** Databases of bbolt in the smallest shape that it reads itself: buckets in one another's pages. */
export interface BoltContent {
  readonly [key: string]: string | BoltContent;
}

const PAGE = 4096;

export function makeBolt(content: BoltContent): Uint8Array {
  const root = page(content);
  const pages = Math.ceil(root.length / PAGE);
  const made = new Uint8Array((2 + pages) * PAGE);
  for (const number of [0, 1]) made.set(meta(BigInt(2 + pages), BigInt(number)), number * PAGE + 16);
  made.set(root, 2 * PAGE);
  new DataView(made.buffer).setUint32(2 * PAGE + 12, pages - 1, true);
  return made;
}

function meta(pages: bigint, transaction: bigint): Uint8Array {
  const made = new Uint8Array(64);
  const view = new DataView(made.buffer);
  for (const [at, value] of [
    [0, 0xed0cdaed],
    [4, 2],
    [8, PAGE],
  ] as const)
    view.setUint32(at, value, true);
  for (const [at, value] of [
    [16, 2n],
    [40, pages],
    [48, transaction],
  ] as const)
    view.setBigUint64(at, value, true);
  let sum = 0xcbf29ce484222325n;
  for (const byte of made.subarray(0, 56)) sum = BigInt.asUintN(64, (sum ^ BigInt(byte)) * 0x100000001b3n);
  view.setBigUint64(56, sum, true);
  return made;
}

function page(content: BoltContent): Uint8Array {
  const entries = Object.entries(content).sort(([a], [b]) => (a < b ? -1 : 1));
  const parts = entries.map(([key, value]) => {
    const isBucket = typeof value !== "string";
    const bytes = isBucket ? Buffer.concat([new Uint8Array(16), page(value)]) : Buffer.from(value);
    return { isBucket, key: Buffer.from(key), bytes };
  });
  const head = Buffer.alloc(16 + 16 * parts.length);
  head.writeUInt16LE(2, 8);
  head.writeUInt16LE(parts.length, 10);
  let end = head.length;
  for (const [index, { isBucket, key, bytes }] of parts.entries()) {
    const at = 16 + 16 * index;
    head.writeUInt32LE(isBucket ? 1 : 0, at);
    head.writeUInt32LE(end - at, at + 4);
    head.writeUInt32LE(key.length, at + 8);
    head.writeUInt32LE(bytes.length, at + 12);
    end += key.length + bytes.length;
  }
  return Buffer.concat([head, ...parts.flatMap(({ key, bytes }) => [key, bytes])]);
}
