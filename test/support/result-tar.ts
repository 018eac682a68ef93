/** What a guest could write onto its result disk, well-formed or not. */
export interface Entry {
  readonly name: string;
  readonly content?: string | Uint8Array;
  /** Type flag of the header: "0" is a regular file, "2" a symbolic link. */
  readonly flag?: string;
  /** What the header says of the size. */
  readonly size?: number | string;
  readonly prefix?: string;
  readonly checksum?: string;
}

const BLOCK = 512;

export function resultTar(entries: readonly Entry[]): Buffer {
  return Buffer.concat(entries.flatMap(member));
}

function member({ name, content = "", flag = "0", size, prefix = "", checksum }: Entry): Buffer[] {
  const bytes = Buffer.from(content as string);
  const head = Buffer.alloc(BLOCK);
  head.write(name, 0, 100, "latin1");
  head.write("0000600\0", 100);
  const told = size ?? bytes.length;
  head.write(typeof told === "string" ? told : told.toString(8).padStart(11, "0"), 124, 12, "latin1");
  head.write(flag, 156);
  head.write("ustar\x0000", 257, "latin1");
  head.write(prefix, 345, 155, "latin1");
  head.fill(" ", 148, 156);
  const sum = head.reduce((total, byte) => total + byte, 0);
  head.write(checksum ?? `${sum.toString(8).padStart(6, "0")}\0 `, 148, 8, "latin1");
  return [head, bytes, Buffer.alloc((BLOCK - (bytes.length % BLOCK)) % BLOCK)];
}
