import { describe, expect, it } from "vitest";
import { memorySource } from "../../../core/source/memory.ts";
import { nodeHost } from "../../../core/source/node.ts";
import { luks } from "../../../core/volume/luks/index.ts";
import {
  contentOf,
  encipher,
  type Made,
  type Metadata,
  makeLuks1,
  makeLuks2,
  noise,
  openContainer,
  sumHeader,
  writeHeaders,
} from "../../support/luks.ts";

const plain = noise(5, 40_960);
const passphrase = "open sesame";
const container = (made: Partial<Made> = {}) => makeLuks2({ plain, passphrase, ...made });
const changed = (change: (metadata: Metadata) => void) => container({ change });
const open = (bytes: Uint8Array, keys = [passphrase]) => openContainer(memorySource(bytes, "disk.img"), keys);
const holds = async (bytes: Uint8Array) => {
  const { device, warnings } = await open(bytes);
  expect(Buffer.compare(await contentOf(device), plain)).toBe(0);
  return warnings;
};
const reasonOf = (opening: Promise<unknown>): Promise<Error> =>
  opening.then(
    () => Promise.reject(new Error("it opened")),
    (error) => error,
  );
const refuses = (bytes: Uint8Array, code: string, why: string | RegExp) =>
  expect(open(bytes).then(({ device }) => contentOf(device))).rejects.toMatchObject({
    code,
    message: expect.stringMatching(why),
    at: { file: "disk.img" },
  });

describe("a LUKS2 container", () => {
  it.each([512, 1024, 2048, 4096])("with sectors of %i bytes, read at every alignment", async (sectorSize) => {
    const { device } = await open(container({ sectorSize }));
    expect(device).toMatchObject({
      size: plain.length,
      error: null,
      on: ["/dev/sda2"],
      details: { sector_size: sectorSize },
    });
    for (const [at, length] of [
      [0, plain.length],
      [1, 1],
      [511, 4098],
      [4096, 512],
      [plain.length - 3, 3],
      [100, plain.length - 100],
      [7, 0],
    ] as const) {
      const found = await device.source?.read(at, length);
      expect(Buffer.from(found ?? [])).toEqual(Buffer.from(plain.subarray(at, at + length)));
    }
    await expect(device.source?.read(plain.length - 1, 2)).rejects.toMatchObject({ code: "E_SOURCE_BOUNDS" });
    expect(device.source?.extent).toBeUndefined();
  });

  it("whose sectors are numbered from elsewhere", async () => {
    await holds(container({ number: 12_345_678 }));
    await holds(container({ number: 2 ** 40 }));
  });

  it("with several segments, one behind another", async () => {
    const bytes = changed(({ segments, digests }) => {
      const first = { ...segments[0], size: "8192" };
      const second = { ...segments[0], offset: String((1 << 20) + 8192), iv_tweak: "16", size: "4096" };
      const third = { ...segments[0], offset: String((1 << 20) + 12_288), iv_tweak: "1000", sector_size: 4096 };
      Object.assign(segments, { 0: first, 2: second, 10: third });
      digests[0].segments = ["0", "2", "10"];
    });
    const tail = encipher(plain.subarray(12_288), {
      ...{ encryption: "aes-xts-plain64", key: noise(7, 64), sectorSize: 4096, number: 1000 },
    });
    bytes.set(tail, (1 << 20) + 12_288);
    await holds(bytes);
    const { device } = await open(bytes);
    const found = await device.source?.read(8000, 5000);
    expect(Buffer.from(found ?? [])).toEqual(Buffer.from(plain.subarray(8000, 13_000)));
  });

  it("opens by the right one of many keys, and says which slots it tried with none", async () => {
    const { device } = await open(container(), ["wrong", "worse", passphrase]);
    expect(Buffer.compare(await contentOf(device), plain)).toBe(0);
    const wrong = await reasonOf(open(container(), ["first secret", "other secret"]));
    expect(wrong).toMatchObject({
      code: "E_LUKS_KEY",
      message:
        "Cannot open /dev/sda2: it is encrypted (LUKS2, 0123abcd-1111-4222-8333-444455556666), and none of the 2 keys that were given opens key slot 0",
      help: expect.stringContaining("--key 0123abcd-1111-4222-8333-444455556666:file:PATH"),
    });
    expect(`${wrong.stack}${JSON.stringify(wrong)}`).not.toMatch(/first secret|other secret/);
    const none = await reasonOf(open(container(), []));
    expect(none).toMatchObject({ code: "E_LUKS_KEY_MISSING", message: expect.stringContaining("no key was given") });
  });

  it("derives no key that no slot of the data takes, and the preferred slot's before others", async () => {
    const asked: number[] = [];
    const bytes = changed(({ keyslots, digests }) => {
      const slot = (iterations: number, more: object) => ({
        ...keyslots[0],
        ...more,
        kdf: { ...keyslots[0].kdf, iterations },
      });
      Object.assign(keyslots, { 1: slot(1001, {}), 2: slot(1002, { priority: 2 }), 3: slot(1003, { priority: 0 }) });
      // The key of no segment.
      keyslots[4] = slot(1004, {});
      digests[0].keyslots = ["0", "1", "2", "3"];
      digests[1] = { ...digests[0], keyslots: ["4"], segments: [] };
    });
    const node = await nodeHost.ciphers();
    const pbkdf2: typeof node.pbkdf2 = (options) => {
      if (options.length === 64) asked.push(options.iterations);
      return node.pbkdf2(options);
    };
    await reasonOf(openContainer(memorySource(bytes), ["wrong"], { ciphers: async () => ({ ...node, pbkdf2 }) }));
    expect(asked).toEqual([1002, 1000, 1001]);
  });

  it("passes over a slot that cannot be tried, and says so with the others", async () => {
    const bytes = changed(({ keyslots, digests }) => {
      keyslots[1] = { ...keyslots[0], area: { ...keyslots[0].area, encryption: "serpent-xts-plain64" } };
      keyslots[2] = { ...keyslots[0], area: { ...keyslots[0].area, offset: String(1 << 30) } };
      digests[0].keyslots = ["1", "2", "0"];
    });
    await holds(bytes);
    expect((await reasonOf(open(bytes, ["wrong"]))).message).toMatch(
      /does not open key slot 0; slot 1 was not tried: .*serpent.*; slot 2 was not tried: .*ends past/,
    );
  });
});

describe("a LUKS1 container", () => {
  const patched = (at: number, value: number) => {
    const bytes = makeLuks1({ plain, passphrase });
    new DataView(bytes.buffer).setUint32(at, value);
    return bytes;
  };
  const SLOT_2 = 208 + 2 * 48;

  it("opens by the slot that is in use", async () => {
    expect(await holds(makeLuks1({ plain, passphrase }))).toEqual([]);
    const { device } = await open(makeLuks1({ plain, passphrase }));
    expect(device.details).toEqual({
      ...{ version: 1, cipher: "aes-xts-plain64", sector_size: 512, key_bits: 512, key_slots: "2 pbkdf2" },
    });
  });

  it.each<[string, string, RegExp, number, number]>([
    ["a reencryption of old", "E_LUKS_FEATURE", /being reencrypted/, 4, 0xdead0001],
    ["a key of no bytes", "E_LUKS_HEADER", /a key has 0 bytes/, 108, 0],
    ["a key without end", "E_LUKS_HEADER", /a key has 4294967295 bytes/, 108, 0xffffffff],
    ["a cipher without a name", "E_LUKS_HEADER", /"" is no name/, 8, 0],
    ["a UUID that is none", "E_LUKS_HEADER", /no UUID/, 168, 0x2f2e2e2f],
    ["a slot that is neither", "E_LUKS_SLOT", /key slot 2 is neither in use nor empty/, SLOT_2, 1],
    ["no slot", "E_LUKS_SLOT", /no key slot/, SLOT_2, 0xdead],
    ["stripes without end", "E_LUKS_SLOT", /split into 4294967295 stripes/, SLOT_2 + 44, 0xffffffff],
    ["a slot behind the end", "E_LUKS_SLOT", /key slot 2 ends past/, SLOT_2 + 40, 0xffffff],
    ["no iterations", "E_LUKS_SLOT", /derived in no iterations/, SLOT_2 + 4, 0],
    ["endless iterations", "E_LUKS_FEATURE", /key slot 2 asks for 4294967295 iterations/, SLOT_2 + 4, 0xffffffff],
    ["data behind the end", "E_LUKS_SEGMENT", /ends past the device's end/, 104, 0xffffffff],
    ["a header whose data is elsewhere", "E_LUKS_DETACHED", /a LUKS header alone/, 104, 0],
    ["another key", "E_LUKS_KEY", /does not open key slot 2$/, 112, 0],
  ])("%s is refused by name", async (_, code, why, at, value) => {
    await refuses(patched(at, value), code, why);
  });
});

describe("of the two headers", () => {
  it("a damaged first one is passed over, wherever the second stands", async () => {
    const bytes = container();
    for (const field of [5, 8, 168, 256]) {
      const damaged = container();
      damaged.fill(0xff, field, field + 8);
      expect(await holds(damaged)).toEqual([expect.stringContaining("The first LUKS header is damaged")]);
    }
    bytes.fill(0xa5, 0, 512);
    expect(await holds(bytes)).toEqual([expect.stringContaining("The first LUKS header is damaged")]);
    bytes.fill(0, 0, 16_384);
    expect(await luks.probe(memorySource(bytes))).toBe(true);
    expect(await holds(bytes)).toEqual([expect.stringContaining("The first LUKS header is damaged")]);
  });

  it("a damaged second one is said", async () => {
    const bytes = container();
    bytes[16_384 + 5000] = 1;
    expect(await holds(bytes)).toEqual([
      expect.stringContaining("The second LUKS header is damaged (its checksum is wrong)"),
    ]);
  });

  it("the newer counts", async () => {
    const json = (bytes: Uint8Array) => new TextDecoder().decode(bytes.subarray(4096, 16_384)).replace(/\0+$/, "");
    const bytes = container();
    const good = json(bytes);
    for (const [first, second, sequence] of [
      [good, "{}", [4, 3]],
      ["{}", good, [4, 5]],
    ] as const) {
      writeHeaders(bytes, first, sequence);
      Buffer.from(bytes.buffer)
        .fill(0, 16_384 + 4096, 32_768)
        .write(second, 16_384 + 4096);
      sumHeader(bytes, 16_384);
      expect(await holds(bytes)).toEqual([expect.stringContaining("The two LUKS headers differ")]);
    }
  });

  it("neither is sound", async () => {
    const bytes = container();
    bytes[5000] = 1;
    bytes[16_384 + 5000] = 1;
    await refuses(bytes, "E_LUKS_HEADER", /first.*: its checksum is wrong; the second: it is at none of its places/);
  });

  it("the second is a leftover where something else has taken the first one's place", async () => {
    for (const [at, mark] of [
      [510, "\x55\xaa"],
      [1080, "\x53\xef"],
      [0, "XFSB"],
      [512, "LABELONE"],
      [4086, "SWAPSPACE2"],
      [4096, "\xfc\x4e\x2b\xa9"],
      [0, "something else"],
    ] as const) {
      const bytes = container();
      bytes.fill(0, 0, mark === "something else" ? 5000 : 4096);
      bytes.set(Buffer.from(mark, "latin1"), at);
      expect([mark, await luks.probe(memorySource(bytes))]).toEqual([mark, false]);
    }
    expect(await luks.probe(memorySource(new Uint8Array(100)))).toBe(false);
    expect(await luks.probe(memorySource(new Uint8Array(1 << 20)))).toBe(false);
  });
});

describe("is refused by name", () => {
  it.each<[string, string, RegExp, (metadata: Metadata) => void]>([
    [
      "a reencryption",
      "E_LUKS_FEATURE",
      /being reencrypted \(online-reencrypt-v2\)/,
      ({ config }) => {
        config.requirements = { mandatory: ["online-reencrypt-v2"] };
      },
    ],
    [
      "a segment in reencryption",
      "E_LUKS_FEATURE",
      /being reencrypted/,
      ({ segments }) => {
        segments[0].flags = ["in-reencryption"];
      },
    ],
    [
      "what a newer cryptsetup requires",
      "E_LUKS_FEATURE",
      /requires inline-hw-tags, opal/,
      ({ config }) => {
        config.requirements = { mandatory: ["inline-hw-tags", "opal"] };
      },
    ],
    [
      "authentication",
      "E_LUKS_FEATURE",
      /authenticated \(hmac\(sha256\)\)/,
      ({ segments }) => {
        segments[0].integrity = { type: "hmac(sha256)", journal_encryption: "none" };
      },
    ],
    [
      "a plain segment",
      "E_LUKS_FEATURE",
      /segment of type "linear"/,
      ({ segments }) => {
        segments[0].type = "linear";
      },
    ],
    [
      "segments with two keys",
      "E_LUKS_FEATURE",
      /several keys/,
      ({ segments, digests }) => {
        segments[0].size = "4096";
        segments[1] = { ...segments[0], offset: String((1 << 20) + 4096) };
        digests[1] = { ...digests[0], segments: ["1"] };
      },
    ],
    [
      "a slot of a reencryption",
      "E_LUKS_JSON",
      /keyslots.0.type is "reencrypt"/,
      ({ keyslots }) => {
        keyslots[0].type = "reencrypt";
      },
    ],
    [
      "more memory than there is",
      "E_LUKS_FEATURE",
      /4194305 KiB of memory, and at most 4194304 KiB/,
      ({ keyslots }) => {
        const { salt } = keyslots[0].kdf;
        keyslots[0].kdf = { type: "argon2id", time: 4, memory: 4_194_305, cpus: 1, salt };
      },
    ],
    [
      "endless passes",
      "E_LUKS_FEATURE",
      /4294967295 passes over 1024 KiB/,
      ({ keyslots }) => {
        const { salt } = keyslots[0].kdf;
        keyslots[0].kdf = { type: "argon2i", time: 4_294_967_295, memory: 1024, cpus: 4, salt };
      },
    ],
    [
      "endless iterations",
      "E_LUKS_FEATURE",
      /4294967295 iterations/,
      ({ keyslots }) => {
        keyslots[0].kdf.iterations = 4_294_967_295;
      },
    ],
    [
      "an endless digest",
      "E_LUKS_FEATURE",
      /the key's digest asks for 4294967295/,
      ({ digests }) => {
        digests[0].iterations = 4_294_967_295;
      },
    ],
    [
      "a hash that is not there",
      "E_LUKS_CIPHER",
      /its hash is whirlpool, which is not there/,
      ({ keyslots }) => {
        keyslots[0].af.hash = "whirlpool";
      },
    ],
    [
      "a header whose data is elsewhere",
      "E_LUKS_DETACHED",
      /a LUKS header alone/,
      ({ segments }) => {
        segments[0].offset = "0";
      },
    ],
    [
      "data behind the end",
      "E_LUKS_SEGMENT",
      /its data at 1073741824 ends past/,
      ({ segments }) => {
        segments[0].offset = "1073741824";
      },
    ],
    [
      "data longer than the device",
      "E_LUKS_SEGMENT",
      /ends past the device's end/,
      ({ segments }) => {
        segments[0].size = "41472";
      },
    ],
    [
      "a number that is none",
      "E_LUKS_JSON",
      /segments.0.offset is no number of bytes: "0x10"/,
      ({ segments }) => {
        segments[0].offset = "0x10";
      },
    ],
    [
      "a number past 2^53",
      "E_LUKS_JSON",
      /segments.0.iv_tweak/,
      ({ segments }) => {
        segments[0].iv_tweak = "18446744073709551615";
      },
    ],
    [
      "a sector of 513 bytes",
      "E_LUKS_JSON",
      /sector_size is 513/,
      ({ segments }) => {
        segments[0].sector_size = 513;
      },
    ],
    [
      "stripes without end",
      "E_LUKS_JSON",
      /af.stripes/,
      ({ keyslots }) => {
        keyslots[0].af.stripes = 1e9;
      },
    ],
    [
      "an area that is too small",
      "E_LUKS_JSON",
      /area.size is 16/,
      ({ keyslots }) => {
        keyslots[0].area.size = "16";
      },
    ],
    [
      "no digest for the data",
      "E_LUKS_JSON",
      /digests has none for the data/,
      ({ digests }) => {
        digests[0].segments = ["7"];
      },
    ],
    [
      "a segment before the last without end",
      "E_LUKS_JSON",
      /segments has one behind/,
      ({ segments, digests }) => {
        segments[1] = segments[0];
        digests[0].segments = ["0", "1"];
      },
    ],
    [
      "no slot",
      "E_LUKS_SLOT",
      /no key slot holds the key of the data/,
      ({ digests }) => {
        digests[0].keyslots = [];
      },
    ],
    [
      "a cipher that is not there",
      "E_LUKS_CIPHER",
      /serpent/,
      ({ segments }) => {
        segments[0].encryption = "serpent-xts-plain64";
      },
    ],
    [
      "a name full of escapes",
      "E_LUKS_HEADER",
      /no name of a cipher or hash/,
      ({ segments }) => {
        segments[0].encryption = "aes\u001b[2J";
      },
    ],
    [
      "what is no JSON",
      "E_LUKS_JSON",
      /is no JSON/,
      (metadata) => {
        metadata.raw = "{";
      },
    ],
    [
      "JSON of brackets",
      "E_LUKS_JSON",
      /too many parts/,
      (metadata) => {
        metadata.raw = "[".repeat(6000) + "]".repeat(6000);
      },
    ],
    [
      "segments without end",
      "E_LUKS_JSON",
      /segments has 65 entries/,
      (metadata) => {
        metadata.segments = Object.fromEntries(Array.from({ length: 65 }, (_, at) => [at, 1]));
      },
    ],
    [
      "a list for an object",
      "E_LUKS_JSON",
      /segments is no object/,
      (metadata) => {
        metadata.segments = [];
      },
    ],
  ])("%s", async (_, code, why, change) => {
    await refuses(changed(change), code, why);
  });

  it("Argon2 where the platform has none", async () => {
    const bytes = changed(({ keyslots }) => {
      const { salt } = keyslots[0].kdf;
      keyslots[0].kdf = { type: "argon2id", time: 4, memory: 1024, cpus: 1, salt };
    });
    const node = await nodeHost.ciphers();
    const ciphers = async () => ({ ...node, argon2: null });
    expect(await reasonOf(openContainer(memorySource(bytes), ["x"], { ciphers }))).toMatchObject({
      code: "E_LUKS_CIPHER",
      message: expect.stringContaining("Node 24.7"),
    });
  });
});
