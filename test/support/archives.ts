import { crc32 } from "node:zlib";

/** An archive as `zip` writes it; `pack` packs each file by deflate. */
export function makeZip(files: Readonly<Record<string, string>>, pack?: (bytes: Uint8Array) => Uint8Array): Uint8Array {
  const [locals, entries]: [Buffer[], Buffer[]] = [[], []];
  let offset = 0;
  for (const [name, text] of Object.entries(files)) {
    const data = pack ? pack(Buffer.from(text)) : Buffer.from(text);
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt16LE(pack ? 8 : 0, 4);
    fields.writeUInt32LE(crc32(text), 10);
    fields.writeUInt32LE(data.length, 14);
    fields.writeUInt32LE(Buffer.byteLength(text), 18);
    fields.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([Buffer.from("PK\x03\x04"), fields, Buffer.from(name), data]);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(offset, 10);
    entries.push(Buffer.concat([Buffer.from("PK\x01\x02\x14\x00"), fields, rest, Buffer.from(name)]));
    locals.push(local);
    offset += local.length;
  }
  const directory = Buffer.concat(entries);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", "latin1");
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, directory, end]);
}

/** A file of ELF with these sections, for a machine of 64 bits. */
export function makeElf(sections: Readonly<Record<string, Uint8Array>>): Uint8Array {
  const all = Object.entries({ "": new Uint8Array(), ...sections, ".shstrtab": new Uint8Array() });
  const names = Buffer.from(all.map(([name]) => `${name}\0`).join(""));
  const parts = all.map(([name, bytes]) => (name === ".shstrtab" ? names : Buffer.from(bytes)));
  const table = Buffer.alloc(64 * all.length);
  let [offset, name] = [64 + table.length, 0];
  for (const [index, part] of parts.entries()) {
    table.writeUInt32LE(name, 64 * index);
    table.writeBigUint64LE(BigInt(offset), 64 * index + 0x18);
    table.writeBigUint64LE(BigInt(part.length), 64 * index + 0x20);
    offset += part.length;
    name += (all[index]?.[0].length ?? 0) + 1;
  }
  const head = Buffer.alloc(64);
  head.write("\x7fELF\x02\x01\x01", "latin1");
  head.writeBigUint64LE(64n, 0x28);
  for (const [index, value] of [64, all.length, all.length - 1].entries()) head.writeUInt16LE(value, 0x3a + 2 * index);
  return Buffer.concat([head, table, ...parts]);
}

/** The section .go.buildinfo as Go's linker lays it out from 1.18 on (debug/buildinfo, readRawBuildInfo). */
export function makeGoBuildInfo(version: string, modules: string): Uint8Array {
  const mark = "\x30".repeat(16);
  const head = Buffer.alloc(32);
  head.write("\xff Go buildinf:\x08\x02", "latin1");
  const strings = [version, `${mark}${modules}${mark}`].map((text) => {
    const bytes = Buffer.from(text, "latin1");
    const length = bytes.length < 128 ? [bytes.length] : [(bytes.length & 0x7f) | 0x80, bytes.length >> 7];
    return Buffer.concat([Buffer.from(length), bytes]);
  });
  return Buffer.concat([head, ...strings]);
}
