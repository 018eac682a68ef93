/** A zip archive of one program: its header, itself, the archive's table and end. See PKWARE's APPNOTE, 4.3. */
import { promisify } from "node:util";
import { crc32, deflateRaw } from "node:zlib";

const compress = promisify(deflateRaw);

const DEFLATED = 8;
/** Version 2.0, the first with folders and deflate; made by Unix (3), which gives the file's mode a meaning. */
const VERSION = 20;
const MADE_BY = (3 << 8) | VERSION;
/** 1980-01-01 0:00, the first day there is: the same archive of the same content. */
const DAY = (1 << 5) | 1;
const REGULAR_FILE = 0o100000;

/** `level`: of deflate, 1 to 9. Files of up to 4 GiB. */
export async function zipOf(name: string, content: Uint8Array, mode: number, level = 9): Promise<Uint8Array> {
  const path = Buffer.from(name);
  const packed = await compress(content, { level });
  // What the file's header and the table tell alike.
  const common = numbers(
    ...([
      [VERSION, 2],
      [0, 2],
      [DEFLATED, 2],
      [0, 2],
      [DAY, 2],
    ] as const),
    ...([
      [crc32(content), 4],
      [packed.length, 4],
      [content.length, 4],
      [path.length, 2],
      [0, 2],
    ] as const),
  );
  const header = Buffer.concat([numbers([0x04034b50, 4]), common, path]);
  const attributes = [
    [0, 2],
    [0, 2],
    [0, 2],
    [((REGULAR_FILE | mode) << 16) >>> 0, 4],
    [0, 4],
  ] as const;
  const table = Buffer.concat([numbers([0x02014b50, 4], [MADE_BY, 2]), common, numbers(...attributes), path]);
  const place = header.length + packed.length;
  const end = numbers([0x06054b50, 4], [0, 2], [0, 2], [1, 2], [1, 2], [table.length, 4], [place, 4], [0, 2]);
  return Buffer.concat([header, packed, table, end]);
}

/** Values and how many bytes each takes, little-endian. */
function numbers(...fields: readonly (readonly [value: number, size: number])[]): Buffer {
  const parts = fields.map(([value, size]) => {
    const part = Buffer.alloc(size);
    part.writeUIntLE(value, 0, size);
    return part;
  });
  return Buffer.concat(parts);
}
