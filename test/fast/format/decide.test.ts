import { expect, it } from "vitest";
import { decideFormat, type Testimony } from "../../../core/format/index.ts";
import { memorySource } from "../../../core/source/memory.ts";

/** The first cluster of a qcow2 of version 3 that names a parent, a data file, or nothing. */
function header(names: { readonly backing?: boolean; readonly data?: boolean } = {}): Uint8Array {
  const bytes = new Uint8Array(1 << 16);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, 0x514649fb);
  view.setUint32(4, 3);
  if (names.backing) view.setBigUint64(8, 0x200n);
  view.setUint32(20, 16);
  if (names.data) view.setBigUint64(72, 4n);
  return bytes;
}

const decide = (bytes: Uint8Array, said: Testimony | null) =>
  decideFormat(memorySource(bytes), null, async () => said).catch((error: { code: string }) => error.code);

const unread: Testimony = { format: null, doubt: "its record cannot be read by this user", harmless: true };
const replaced: Testimony = { format: null, doubt: "the file that was there before was used as raw" };

it("lets a record out of sight hinder only what would lead to other files", async () => {
  expect(await decide(header(), unread)).toBe("qcow2");
  for (const names of [{ backing: true }, { data: true }]) {
    expect(await decide(header(names), unread)).toBe("E_FORMAT_AMBIGUOUS");
  }
  expect(await decide(header().subarray(0, 79), unread)).toBe("E_FORMAT_AMBIGUOUS");
  expect(await decide(header(), replaced)).toBe("E_FORMAT_AMBIGUOUS");
  expect(await decide(new Uint8Array(4096), unread)).toBe("raw");
});

it("goes by what is recorded, whatever the bytes say", async () => {
  const raw: Testimony = { format: "raw", doubt: null };
  expect(await decide(header({ backing: true }), raw)).toBe("raw");
});

/** A raw disk of 1 MiB with a footer of a fixed VHD in its last sector, as whoever writes to the disk can lay it there. */
function withFooter(type = 2): { bytes: Uint8Array; view: DataView; last: number } {
  const bytes = new Uint8Array(1 << 20);
  const view = new DataView(bytes.buffer);
  const last = bytes.length - 512;
  bytes.set(new TextEncoder().encode("conectix"), last);
  view.setBigUint64(last + 48, BigInt(last));
  view.setUint32(last + 60, type);
  return { bytes, view, last };
}

it("takes a footer of a fixed VHD for one at a first use alone, and never for what leads to other files", async () => {
  const { bytes } = withFooter();
  expect(await decide(bytes, null)).toBe("vhd");
  expect(await decide(bytes, unread)).toBe("vhd");
  expect(await decide(bytes, replaced)).toBe("E_FORMAT_AMBIGUOUS");
  expect(await decide(bytes, { format: "raw", doubt: null })).toBe("raw");
});

it("sees by a partition in its last sector that a disk with such a footer is raw", async () => {
  const gpt = withFooter();
  gpt.bytes.set(new TextEncoder().encode("EFI PART"), 512);
  gpt.view.setBigUint64(512 + 32, BigInt(gpt.last / 512), true);
  expect(await decide(gpt.bytes, null)).toBe("E_FORMAT_AMBIGUOUS");
  gpt.view.setBigUint64(512 + 32, BigInt(gpt.last / 512 - 1), true);
  expect(await decide(gpt.bytes, null)).toBe("vhd");
  const mbr = withFooter();
  mbr.bytes.set([0x55, 0xaa], 510);
  mbr.bytes[446 + 4] = 0x83;
  mbr.view.setUint32(446 + 8, 64, true);
  mbr.view.setUint32(446 + 12, mbr.bytes.length / 512 - 64, true);
  expect(await decide(mbr.bytes, null)).toBe("E_FORMAT_AMBIGUOUS");
  mbr.view.setUint32(446 + 12, mbr.bytes.length / 512 - 65, true);
  expect(await decide(mbr.bytes, null)).toBe("vhd");
});

it("believes no header at a start that a disk's own marks, or a fixed VHD's footer, contradict", async () => {
  const headed = (mark: string, at: number) => {
    const { bytes } = withFooter(3);
    bytes.set(
      Uint8Array.from(mark, (char) => char.charCodeAt(0)),
      at,
    );
    return bytes;
  };
  const marks = [
    ["vdi", "\x7f\x10\xda\xbe", 64],
    ["vhd", "conectix", 0],
    ["vhdx", "vhdxfile", 0],
  ] as const;
  for (const [format, mark, at] of marks) {
    expect(await decide(headed(mark, at), null)).toBe(format);
    const bootable = headed(mark, at);
    bootable.set([0x55, 0xaa], 510);
    expect(await decide(bootable, null)).toBe("E_FORMAT_AMBIGUOUS");
  }
  const twice = headed("conectix", 0);
  new DataView(twice.buffer).setUint32(twice.length - 512 + 60, 2);
  expect(await decide(twice, null)).toBe("E_FORMAT_AMBIGUOUS");
});
