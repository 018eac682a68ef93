/** Names of set bits: `zoned`, or `incompat bit 0x40000` where there is none. */
export function featureNames(bits: bigint, names: Readonly<Record<string, bigint>>): string[] {
  const found: string[] = [];
  for (let bit = 0n; bit < 64n; bit++) {
    const mask = 1n << bit;
    if ((bits & mask) === 0n) continue;
    const name = Object.keys(names).find((each) => names[each] === mask);
    found.push(name ?? `incompat bit 0x${mask.toString(16)}`);
  }
  return found;
}
