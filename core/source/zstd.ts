/**
 * Where Zstandard frames end, without decoding them (RFC 8878, section 3.1): decoders for whole buffers refuse bytes
 * past a frame's end, which packed clusters have.
 */

const FRAME_MAGIC = 0xfd2fb528;
const SKIPPABLE_MAGIC = 0x184d2a50;
const RLE_BLOCK = 1;
const DICTIONARY_ID_SIZES = [0, 1, 2, 4] as const;
const CONTENT_SIZE_SIZES = [0, 2, 4, 8] as const;

/** The whole frames that `data` starts with. */
export function* zstdFrames(data: Uint8Array): Generator<Uint8Array> {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  for (let at = 0; at + 4 <= data.length; ) {
    const magic = view.getUint32(at, true);
    const end = magic === FRAME_MAGIC ? frameEnd(view, at) : skippableEnd(view, at, magic);
    if (end === undefined || end > data.length) return;
    if (magic === FRAME_MAGIC) yield data.subarray(at, end);
    at = end;
  }
}

function skippableEnd(view: DataView, at: number, magic: number): number | undefined {
  if ((magic & 0xfffffff0) >>> 0 !== SKIPPABLE_MAGIC || at + 8 > view.byteLength) return undefined;
  return at + 8 + view.getUint32(at + 4, true);
}

function frameEnd(view: DataView, start: number): number | undefined {
  let at = start + headerSize(view, start);
  for (let last = false; !last; ) {
    if (at + 3 > view.byteLength) return undefined;
    const block = view.getUint16(at, true) | (view.getUint8(at + 2) << 16);
    last = (block & 1) === 1;
    at += 3 + (((block >> 1) & 3) === RLE_BLOCK ? 1 : block >> 3);
  }
  const hasChecksum = (view.getUint8(start + 4) & 0x04) !== 0;
  return at + (hasChecksum ? 4 : 0);
}

/** Bytes that the first frame holds, as it says itself; null where it does not, or there is no frame. */
export function zstdContentSize(data: Uint8Array): number | null {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  if (data.length < 5 || view.getUint32(0, true) !== FRAME_MAGIC) return null;
  const descriptor = view.getUint8(4);
  const singleSegment = (descriptor & 0x20) !== 0;
  const flag = (descriptor >> 6) as 0 | 1 | 2 | 3;
  const at = 5 + (singleSegment ? 0 : 1) + DICTIONARY_ID_SIZES[(descriptor & 3) as 0 | 1 | 2 | 3];
  if (at + 8 > data.length) return null;
  // Sizes of two bytes begin behind those that one can hold.
  if (flag === 1) return view.getUint16(at, true) + 256;
  if (flag === 2) return view.getUint32(at, true);
  if (flag === 3) return Number(view.getBigUint64(at, true));
  return singleSegment ? view.getUint8(at) : null;
}

/** Magic, descriptor, window, dictionary id and content size (RFC 8878, section 3.1.1.1). */
function headerSize(view: DataView, start: number): number {
  if (start + 5 > view.byteLength) return view.byteLength - start;
  const descriptor = view.getUint8(start + 4);
  const singleSegment = (descriptor & 0x20) !== 0;
  const sizeFlag = (descriptor >> 6) as 0 | 1 | 2 | 3;
  const contentSize = sizeFlag === 0 && singleSegment ? 1 : CONTENT_SIZE_SIZES[sizeFlag];
  return 5 + (singleSegment ? 0 : 1) + DICTIONARY_ID_SIZES[(descriptor & 3) as 0 | 1 | 2 | 3] + contentSize;
}
