/** How bits follow one another in a byte: VHD starts with the highest, VHDX with the lowest. */
export type BitOrder = "high first" | "low first";

/**
 * How many bits of `bitmap` from bit `first` on are alike, up to bit `end`; at least 1 where `first` is below `end`.
 */
export function alikeFrom(
  bitmap: DataView,
  first: number,
  end: number,
  order: BitOrder,
): { readonly isSet: boolean; readonly count: number } {
  const bit = (at: number) => (bitmap.getUint8(at >>> 3) >>> (order === "high first" ? 7 - (at & 7) : at & 7)) & 1;
  const isSet = bit(first) === 1;
  const whole = isSet ? 0xff : 0;
  let at = first + 1;
  while (at < end) {
    if ((at & 7) === 0 && at + 8 <= end && bitmap.getUint8(at >>> 3) === whole) at += 8;
    else if ((bit(at) === 1) === isSet) at++;
    else break;
  }
  return { isSet, count: at - first };
}
