/** Records of utmp as each kind of machine lays them out (glibc, bits/utmp.h), where no tool of this one writes them. */
export interface UtmpFields {
  readonly type: number;
  readonly pid?: number;
  readonly line?: string;
  readonly user?: string;
  readonly host?: string;
  readonly seconds: number;
}

interface Machine {
  readonly little: boolean;
  /** Bits of a time. */
  readonly bits: 32 | 64;
}

export function makeUtmp(records: readonly UtmpFields[], { little, bits }: Machine): Uint8Array {
  const size = bits === 32 ? 384 : 400;
  const made = new Uint8Array(records.length * size);
  for (const [index, { type, pid = 0, line = "", user = "", host = "", seconds }] of records.entries()) {
    const record = made.subarray(index * size, (index + 1) * size);
    const view = new DataView(record.buffer, record.byteOffset, size);
    view.setUint16(0, type, little);
    view.setUint32(4, pid, little);
    for (const [at, text] of [
      [8, line],
      [44, user],
      [76, host],
    ] as const)
      record.set(new TextEncoder().encode(text), at);
    if (bits === 32) view.setUint32(340, seconds, little);
    else view.setBigUint64(344, BigInt(seconds), little);
  }
  return made;
}

/** `struct lastlog` of each of these numbers; what lies between is a hole. */
export function makeLastlog(at: Readonly<Record<number, number>>, { little, bits }: Machine): Uint8Array {
  const size = bits === 32 ? 292 : 296;
  const made = new Uint8Array((Math.max(...Object.keys(at).map(Number)) + 1) * size);
  const view = new DataView(made.buffer);
  for (const [uid, seconds] of Object.entries(at)) {
    const offset = Number(uid) * size;
    if (bits === 32) view.setUint32(offset, seconds, little);
    else view.setBigUint64(offset, BigInt(seconds), little);
    made.set(new TextEncoder().encode(`pts/${uid}`), offset + bits / 8);
  }
  return made;
}
