import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { ISO_LIMIT, type IsoFile, makeIso } from "../../../core/build/iso9660/image.ts";
import { openFileSystem } from "../../../core/filesystem/index.ts";
import { memorySource } from "../../../core/source/memory.ts";
import { fc } from "../../support/property.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

/** Names and contents as guestkit's own reader sees them. */
async function readBack(image: Uint8Array): Promise<Record<string, string>> {
  const fs = await openFileSystem(memorySource(image));
  if (fs?.type !== "iso9660") throw new Error(`${fs?.type} instead of iso9660`);
  // A file may be named as no field of an object can be set: __proto__.
  const found: [name: string, content: string][] = [];
  for await (const batch of fs.entries(fs.root)) {
    for (const { name, inode } of batch) {
      const source = await fs.open(inode);
      found.push([new TextDecoder().decode(name), new TextDecoder().decode(await source.read(0, source.size))]);
    }
  }
  return Object.fromEntries(found);
}

describe("an image of our own", () => {
  it("has these bytes and no others, whatever the host and the time", () => {
    const image = makeIso("cidata", [
      { name: "user-data", content: bytes("#cloud-config\n{}\n") },
      { name: "meta-data", content: bytes("instance-id: x\n") },
    ]);
    expect(createHash("sha256").update(image).digest("hex")).toBe(
      "aa948efd855a0dbafa478c3ae8a8d965d6977d8ef18cc19305e8dc34ef8843a8",
    );
  });

  it("does not depend on the order of its files", () => {
    const files = ["b", "a", "C", "a.b"].map((name) => ({ name, content: bytes(name) }));
    expect(makeIso("x", files)).toEqual(makeIso("x", files.toReversed()));
  });

  it("gives back any files that fit", async () => {
    const name = fc.stringMatching(/^[a-zA-Z0-9._ üß日-]{1,64}$/).filter((each) => !/^\.{1,2}$/.test(each));
    const file = fc.record({ name, content: fc.string({ maxLength: 5000 }).map(bytes) });
    const files = fc.uniqueArray(file, { maxLength: 60, selector: (each) => each.name.toLowerCase() });
    await fc.assert(
      fc.asyncProperty(files, async (given) => {
        const expected = Object.fromEntries(given.map((each) => [each.name, new TextDecoder().decode(each.content)]));
        expect(await readBack(makeIso("x", given))).toEqual(expected);
      }),
      { numRuns: 60 },
    );
  });

  it.each<[string, string, readonly IsoFile[]]>([
    ["a name with a slash", "x", [{ name: "a/b", content: bytes("") }]],
    ["no name", "x", [{ name: "", content: bytes("") }]],
    ["..", "x", [{ name: "..", content: bytes("") }]],
    ["a long name", "x", [{ name: "x".repeat(65), content: bytes("") }]],
    ["two names that Joliet cannot tell apart", "x", ["a", "A"].map((name) => ({ name, content: bytes("") }))],
    ["a long label", "x".repeat(17), []],
    ["more than the limit", "x", [{ name: "a", content: new Uint8Array(ISO_LIMIT + 1) }]],
  ])("refuses %s", (_, label, files) => {
    expect(() => makeIso(label, files)).toThrow(expect.objectContaining({ code: "E_ISO9660_WRITE" }));
  });
});
