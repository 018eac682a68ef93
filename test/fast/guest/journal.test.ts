import { describe, expect, it } from "vitest";
import type { Field } from "../../../core/guest/journal/fields.ts";
import { openJournalFile } from "../../../core/guest/journal/file.ts";
import { unpackLz4 } from "../../../core/guest/journal/lz4.ts";
import { noCodec } from "../../../core/source/codec.ts";
import { memorySource } from "../../../core/source/memory.ts";
import { Random } from "../../support/random.ts";

const LZ4 = 2;

/** A journal of one entry, which names one packed field as often as is asked. */
function makeJournal(times: number, size: number): Uint8Array {
  const block = bomb(size);
  const [data, entry, array] = [
    256,
    256 + align(72 + block.length),
    256 + align(72 + block.length) + align(64 + 16 * times),
  ];
  const bytes = Buffer.alloc(array + 32);
  bytes.write("LPKSHHRH");
  bytes.writeUInt32LE(LZ4, 12);
  for (const [at, value] of [
    [88, 256],
    [96, bytes.length - 256],
    [152, 1],
    [176, array],
  ] as const)
    number(bytes, at, value);
  object(bytes, data, 1, 72 + block.length, LZ4);
  number(bytes, data + 64, size);
  bytes.set(block, data + 72);
  object(bytes, entry, 3, 64 + 16 * times);
  for (let at = 0; at < times; at++) number(bytes, entry + 64 + 16 * at, data);
  object(bytes, array, 6, 32);
  number(bytes, array + 24, entry);
  return bytes;
}

const align = (size: number) => Math.ceil(size / 8) * 8;
const number = (bytes: Buffer, at: number, value: number) => bytes.writeBigUInt64LE(BigInt(value), at);

function object(bytes: Buffer, at: number, type: number, size: number, flags = 0): void {
  bytes.writeUInt8(type, at);
  bytes.writeUInt8(flags, at + 1);
  number(bytes, at + 8, size);
}

/** A field of `size` bytes, in one byte for each 255 of them. */
function bomb(size: number): Buffer {
  const length = size - 7 - 4 - 15;
  const more = Buffer.alloc(Math.floor(length / 255) + 1, 255);
  more.writeUInt8(length % 255, more.length - 1);
  return Buffer.concat([Buffer.from([0x2f, 0x4e, 0x3d, 1, 0]), more, Buffer.from([0x50]), Buffer.from("=====")]);
}

async function fieldsOf(times: number, size: number): Promise<readonly Field[]> {
  const file = await openJournalFile(memorySource(makeJournal(times, size)), noCodec);
  for await (const entry of file.entries(0, () => {})) return file.fields(entry);
  throw new Error("no entry");
}

describe("a journal", () => {
  it("unpacks what an entry says", async () => {
    const [field] = await fieldsOf(1, 100_000);
    expect(field).toMatchObject({ name: "N", length: 100_000 });
    expect(field?.value.length).toBe(99_998);
    expect(field?.value.every((byte) => byte === 0x3d)).toBe(true);
  });

  it("gives no more of one entry than 16 MiB, however often it names what is packed", async () => {
    const found = await fieldsOf(1000, 4 << 20);
    expect(found.reduce((sum, { length }) => sum + length, 0)).toBe(16 << 20);
    expect(await fieldsOf(1, 9 << 20)).toEqual([]);
  });

  it("refuses or unpacks a block of any bytes, to its size", () => {
    const random = new Random(8);
    for (let seed = 0; seed < 2000; seed++) {
      const block = Uint8Array.from({ length: random.below(60) }, () => random.below(256));
      const size = random.below(4000);
      const found = unpackLz4(block, size);
      expect(found === null || found.length === size).toBe(true);
    }
  });
});
