import { expect, it } from "vitest";
import { buildUki } from "../../../core/build/bootstrap/uki.ts";

/** A PE32+ program of one section, as small as the format lets it be. */
function stub(headerSize = 1024): Uint8Array {
  const bytes = new Uint8Array(2048);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, 0x5a4d, true);
  view.setUint32(0x3c, 0x80, true);
  view.setUint32(0x80, 0x4550, true);
  view.setUint16(0x86, 1, true);
  view.setUint16(0x94, 240, true);
  view.setUint16(0x98, 0x20b, true);
  view.setUint32(0x98 + 32, 512, true);
  view.setUint32(0x98 + 36, 512, true);
  view.setUint32(0x98 + 56, 0x19300, true);
  view.setUint32(0x98 + 60, headerSize, true);
  view.setUint32(0x98 + 64, 0xdeadbeef, true);
  return bytes;
}

const text = (value: string) => new TextEncoder().encode(value);
const parts = {
  osRelease: text("ID=debian\n"),
  cmdline: "root=UUID=x ro",
  uname: "6.1.0",
  linux: new Uint8Array(5000).fill(1),
  initrd: new Uint8Array(3000).fill(2),
};

function sections(image: Uint8Array) {
  const view = new DataView(image.buffer, image.byteOffset, image.byteLength);
  const table = 0x98 + view.getUint16(0x94, true);
  return Array.from({ length: view.getUint16(0x86, true) }, (_, index) => {
    const at = table + index * 40;
    const [size, address, raw, offset] = [8, 12, 16, 20].map((field) => view.getUint32(at + field, true)) as [
      number,
      number,
      number,
      number,
    ];
    const name = new TextDecoder().decode(image.subarray(at, at + 8)).replace(/\0+$/, "");
    return { name, size, address, raw, bytes: image.subarray(offset, offset + size), offset };
  }).slice(1);
}

it("adds every part as a section that overlaps no other, in the file and in memory", () => {
  const image = buildUki(stub(), parts);
  const found = sections(image);
  expect(found.map((each) => each.name)).toEqual([".osrel", ".cmdline", ".uname", ".initrd", ".linux"]);
  expect(found.find((each) => each.name === ".linux")?.bytes).toEqual(parts.linux);
  expect(found.find((each) => each.name === ".initrd")?.bytes).toEqual(parts.initrd);
  expect(new TextDecoder().decode(found[1]?.bytes)).toBe("root=UUID=x ro\0");
  for (const [index, each] of found.entries()) {
    expect(each.address % 4096).toBe(0);
    expect(each.offset % 512).toBe(0);
    const before = found[index - 1] ?? { address: 0x19300, size: 0, offset: 2048, raw: 0 };
    expect(each.address).toBeGreaterThanOrEqual(before.address + before.size);
    expect(each.offset).toBeGreaterThanOrEqual(before.offset + before.raw);
  }
  const view = new DataView(image.buffer);
  const last = found.at(-1);
  expect(view.getUint32(0x98 + 56, true)).toBeGreaterThanOrEqual((last?.address ?? 0) + (last?.size ?? 0));
  expect(view.getUint32(0x98 + 64, true)).toBe(0);
});

it("refuses a stub that does not fit", () => {
  expect(() => buildUki(stub(512), parts)).toThrow(expect.objectContaining({ code: "E_UKI_STUB" }));
  expect(() => buildUki(new Uint8Array(4096), parts)).toThrow(expect.objectContaining({ code: "E_UKI_STUB" }));
  expect(() => buildUki(new Uint8Array(10), parts)).toThrow(expect.objectContaining({ code: "E_UKI_STUB" }));
});
