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
