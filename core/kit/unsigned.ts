/**
 * Unsigned numbers of a view. They are read as signed ones: only those are read in place by V8's middle compiler (Maglev), and a
 * verb seldom runs long enough for the last one. `little`: the byte order.
 */
export function getU8(view: DataView, at: number): number {
  return view.getInt8(at) & 0xff;
}

export function getU16(view: DataView, at: number, little = false): number {
  return view.getInt16(at, little) & 0xffff;
}

export function getU32(view: DataView, at: number, little = false): number {
  return view.getInt32(at, little) >>> 0;
}
