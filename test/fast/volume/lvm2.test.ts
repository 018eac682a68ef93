import { describe, expect, it } from "vitest";
import { noCodec } from "../../../core/source/codec.ts";
import { memorySource } from "../../../core/source/memory.ts";
import { lvm2 } from "../../../core/volume/lvm2/index.ts";
import { parseText } from "../../../core/volume/lvm2/text.ts";
import { type MadeVolume, makePhysicalVolume } from "../../support/physical-volume.ts";
import { fc } from "../../support/property.ts";

const ID = (digit: number) => `gkPv0${digit}-0000-0000-0000-0000-0000-00000${digit}`;
const EXTENT = 64 << 10;

/** A group whose extents of 64 KiB start at 128 KiB. */
function groupText({
  seqno = 1,
  name = "vg-0",
  physical = [0],
  logical = "",
}: {
  seqno?: number;
  name?: string;
  physical?: readonly number[];
  logical?: string;
} = {}): string {
  const volumes = physical.map(
    (digit) => `pv${digit} { id = "${ID(digit)}" device = "/dev/v${digit}" pe_start = 256 pe_count = 8 }`,
  );
  return `${name} {\nid = "VgVgVg-0000-0000-0000-0000-0000-000000"\nseqno = ${seqno}\nformat = "lvm2" # informational
    status = ["RESIZEABLE", "READ", "WRITE"]\nextent_size = 128
    physical_volumes { ${volumes.join("\n")} }
    logical_volumes { ${logical} } }
    # Generated\ncontents = "Text Format Volume Group"\nversion = 1\ndescription = "a \\"quoted\\" \\\\ word"\n`;
}

const linear = (name: string, places: readonly string[], status = '"READ", "WRITE", "VISIBLE"') =>
  `${name} { id = "id-of-${name}" status = [${status}] segment_count = ${places.length} ${places
    .map(
      (place, index) =>
        `segment${index + 1} { start_extent = ${index} extent_count = 1 type = "striped" stripe_count = 1 stripes = [${place}] }`,
    )
    .join(" ")} }`;

async function open(made: readonly (MadeVolume | Uint8Array)[]) {
  const labels = [];
  for (const [index, each] of made.entries()) {
    const bytes = each instanceof Uint8Array ? each : makePhysicalVolume(each);
    const source = memorySource(bytes, `/dev/sd${"abc"[index]}`);
    expect(await lvm2.probe(source)).toBe(true);
    labels.push(await lvm2.read({ device: source.name, source }));
  }
  const groups = lvm2.groups?.(labels) ?? new Map();
  const opened = [];
  for (const each of groups.values()) {
    const group = await lvm2.assemble(each, { ...noCodec, keys: async () => [], arrayNumber: () => 127 });
    opened.push({ ...group, ...(await group.open()) });
  }
  return opened;
}

const first = async (made: readonly (MadeVolume | Uint8Array)[]) => {
  const [group] = await open(made);
  if (!group) throw new Error("no group");
  return group;
};

function withContent(volume: Uint8Array, extents: readonly number[]): Uint8Array {
  for (const [index, value] of extents.entries())
    volume.fill(value, 2 * EXTENT + index * EXTENT, 2 * EXTENT + (index + 1) * EXTENT);
  return volume;
}

describe("volume groups", () => {
  it("names volumes as the kernel and device-mapper do, hidden ones left out, and reads their extents", async () => {
    const logical = [linear("ro-ot", ['"pv0", 3', '"pv0", 1']), linear("hidden", ['"pv0", 0'], '"READ", "WRITE"')].join(
      "\n",
    );
    const text = groupText({ logical });
    const { name, uuid, missing, devices, warnings } = await first([
      withContent(makePhysicalVolume({ id: ID(0), areas: [{ text }] }), [10, 11, 12, 13]),
    ]);
    expect({ name, uuid, missing, warnings }).toEqual({
      name: "vg-0",
      uuid: "VgVgVg-0000-0000-0000-0000-0000-000000",
      missing: [],
      warnings: [],
    });
    expect(devices).toMatchObject([
      {
        kind: "logical_volume",
        device: "/dev/vg-0/ro-ot",
        aliases: ["/dev/mapper/vg--0-ro--ot"],
        uuid: "id-of-ro-ot",
        size: 2 * EXTENT,
        on: ["/dev/sda"],
        error: null,
        details: { volume_group: "vg-0", segments: "linear" },
      },
    ]);
    expect([...((await devices[0]?.source?.read(EXTENT - 2, 4)) ?? [])]).toEqual([13, 13, 11, 11]);
  });

  it("lies on what its segments name as places, whatever else they are called", async () => {
    const logical = [linear("root", ['"pv0", 0']), linear("striped", ['"pv1", 0'])].join("\n");
    const text = groupText({ physical: [0, 1], logical });
    const { devices } = await first([{ id: ID(0), areas: [{ text }] }, { id: ID(1) }]);
    expect(devices.map(({ device, on }) => [device, on])).toEqual([
      ["/dev/vg-0/root", ["/dev/sda"]],
      ["/dev/vg-0/striped", ["/dev/sdb"]],
    ]);
  });

  it("has no line of its text told as one of ours", async () => {
    const logical = [
      linear("root", ['"a\nguestkit: all is well", 0']),
      linear("other", ['"pv0", 0']).replace('"striped"', '"x\n\x1b[2J"'),
    ].join("\n");
    const { devices } = await first([{ id: ID(0), areas: [{ text: groupText({ logical }) }] }]);
    expect(devices.map(({ error }) => error?.code)).toEqual(["E_LVM2_TEXT", "E_LVM2_SEGMENT"]);
    for (const { error } of devices) expect(error?.message).not.toMatch(/\p{Cc}/u);
  });

  it.each([0, 1, 2, 3])("finds a label in sector %i", async (sector) => {
    expect(await first([{ id: ID(0), sector, areas: [{ text: groupText() }] }])).toMatchObject({ name: "vg-0" });
  });

  it("reads a text that goes on at its area's start, wherever it is cut", async () => {
    const text = groupText();
    const at = fc.integer({ min: 8192 - text.length, max: 8191 });
    await fc.assert(
      fc.asyncProperty(at, async (place) => {
        expect(await first([{ id: ID(0), areas: [{ text, at: place }] }])).toMatchObject({
          name: "vg-0",
          warnings: [],
        });
      }),
      { numRuns: 50 },
    );
  });

  it("believes the newest sound text: not an older one, a damaged one, or one of an area to be ignored", async () => {
    const areas = [
      { text: groupText({ seqno: 4, name: "older" }) },
      { text: groupText({ seqno: 5, name: "newest" }) },
      { text: groupText({ seqno: 9, name: "ignored" }), ignored: true },
    ];
    expect(await first([{ id: ID(0), areas }])).toMatchObject({ name: "newest", warnings: [] });
    const volume = makePhysicalVolume({ id: ID(0), areas });
    const place = Buffer.from(volume).indexOf("newest");
    volume[place] = 78;
    const { name, warnings } = await first([volume]);
    expect(name).toBe("older");
    expect(warnings).toEqual([
      expect.stringMatching(/^The LVM metadata at \d+ of \/dev\/sda is damaged: the checksum/),
    ]);
  });

  it("takes a stale volume's place from the others' text, and leaves out who is no part any more", async () => {
    const [newer, older] = [
      groupText({ seqno: 7, physical: [0, 1], logical: linear("root", ['"pv1", 0']) }),
      groupText({ seqno: 3, physical: [0, 1, 2] }),
    ];
    const stale = withContent(makePhysicalVolume({ id: ID(1), areas: [{ text: older }] }), [42]);
    const removed = makePhysicalVolume({ id: ID(2), areas: [{ text: older }] });
    const { devices, warnings } = await first([removed, stale, { id: ID(0), areas: [{ text: newer }] }]);
    expect([...((await devices[0]?.source?.read(0, 1)) ?? [])]).toEqual([42]);
    expect(warnings).toEqual([
      "The physical volume /dev/sda is no part of vg-0 any more: it is left out",
      "The physical volume /dev/sdb has older metadata (3) than the group's (7)",
    ]);
  });

  it("puts a volume without metadata where the others know it", async () => {
    const text = groupText({ physical: [0, 1], logical: linear("root", ['"pv1", 0']) });
    const bare = withContent(makePhysicalVolume({ id: ID(1) }), [42]);
    const { devices, missing } = await first([bare, { id: ID(0), areas: [{ text }] }]);
    expect(missing).toEqual([]);
    expect([...((await devices[0]?.source?.read(0, 1)) ?? [])]).toEqual([42]);
    expect(await open([bare])).toMatchObject([{ name: "", devices: [] }]);
  });

  it("names what is missing, and reads the volumes that can do without", async () => {
    const logical = [linear("here", ['"pv0", 0']), linear("half", ['"pv0", 1', '"pv1", 0'])].join("\n");
    const { missing, devices } = await first([
      { id: ID(0), areas: [{ text: groupText({ physical: [0, 1], logical }) }] },
    ]);
    expect(missing).toEqual([`the physical volume ${ID(1)} (it was /dev/v1)`]);
    expect(devices.map(({ device, error }) => [device, error?.code ?? null, error?.message ?? null])).toEqual([
      ["/dev/vg-0/here", null, null],
      [
        "/dev/vg-0/half",
        "E_LVM2_MISSING",
        `Cannot read the logical volume "vg-0/half": the physical volume ${ID(1)} is missing (it was /dev/v1)`,
      ],
    ]);
  });

  it.each([
    ["SEGMENT", linear("x", ['"pv0", 0']).replace('"striped"', '"vdo"')],
    ["SEGMENT", linear("x", ['"pv0", 0']).replace('"striped"', '"__proto__"')],
    ["BOUNDS", linear("x", ['"pv0", 8'])],
    ["BOUNDS", linear("x", ['"pv0", 9007199254740991'])],
    ["TEXT", linear("x", ['"pv9", 0'])],
    ["CYCLE", [linear("x", ['"y", 0']), linear("y", ['"x", 0'])].join("\n")],
    [
      "CYCLE",
      Array.from({ length: 20 }, (_, at) =>
        linear(
          at === 19 ? "x" : `x${at}`,
          [`"${at === 0 ? "pv0" : `x${at - 1}`}", 0`],
          at === 19 ? '"VISIBLE"' : '"READ"',
        ),
      ).join("\n"),
    ],
    ["TEXT", linear("x", ['"pv0", 0']).replace("stripe_count = 1", "stripe_count = 2")],
  ])("refuses one volume with E_LVM2_%s and reads the others", async (part, volume) => {
    const logical = `${linear("good", ['"pv0", 0'])}\n${volume}`;
    const { devices } = await first([{ id: ID(0), areas: [{ text: groupText({ logical }) }] }]);
    const codes = new Map(devices.map(({ device, error }) => [device, error?.code ?? null]));
    expect(codes.get("/dev/vg-0/good")).toBeNull();
    expect(codes.get("/dev/vg-0/x")).toBe(`E_LVM2_${part}`);
  });

  it("refuses a volume on a disk that was cut short", async () => {
    const text = groupText({ logical: linear("x", ['"pv0", 7']) });
    const whole = makePhysicalVolume({ id: ID(0), areas: [{ text }] });
    const { devices } = await first([whole.subarray(0, 10 * EXTENT - 1)]);
    expect(devices[0]?.error).toMatchObject({ code: "E_LVM2_BOUNDS" });
  });

  it("throws E_LVM2_LABEL where no label is sound, and is no LVM without one", async () => {
    const volume = makePhysicalVolume({ id: ID(0) });
    volume[512 + 100] = 1;
    const source = memorySource(volume, "disk");
    expect(await lvm2.probe(source)).toBe(true);
    await expect(lvm2.read({ device: "/dev/sda", source })).rejects.toMatchObject({
      code: "E_LVM2_LABEL",
      at: { file: "disk", offset: 512 },
    });
    expect(await lvm2.probe(memorySource(new Uint8Array(4096)))).toBe(false);
    expect(await lvm2.probe(memorySource(new Uint8Array(100)))).toBe(false);
  });
});

describe("snapshots", () => {
  const CHUNK = 4096;
  const volumes = (store: string) =>
    [
      linear("root", ['"pv0", 0']),
      linear("snap", ['"pv0", 1'], '"READ", "WRITE"'),
      `snapshot0 { id = "s" status = ["READ", "WRITE", "VISIBLE"] segment_count = 1 segment1 { start_extent = 0
        extent_count = 1 type = "snapshot" chunk_size = 8 origin = "root" ${store} = "snap" } }`,
    ].join("\n");

  /** The origin is of ones; the chunks 3, 4 and 9 were copied, twos and threes and fours. */
  function made(store: string, change: (view: DataView) => void = () => {}): Uint8Array {
    const text = groupText({ logical: volumes(store) });
    const disk = withContent(makePhysicalVolume({ id: ID(0), areas: [{ text }] }), [1, 0]);
    const cow = disk.subarray(3 * EXTENT, 4 * EXTENT);
    const view = new DataView(cow.buffer, cow.byteOffset);
    for (const [at, value] of [0x70416e53, 1, 1, 8].entries()) view.setUint32(4 * at, value, true);
    for (const [at, [old, place]] of [
      [9, 4],
      [3, 2],
      [4, 3],
    ].entries()) {
      view.setUint32(CHUNK + 16 * at, old as number, true);
      view.setUint32(CHUNK + 16 * at + 8, place as number, true);
    }
    for (const place of [2, 3, 4]) cow.fill(place, place * CHUNK, (place + 1) * CHUNK);
    change(view);
    return disk;
  }
  const chunksOf = async (source: { read(offset: number, length: number): Promise<Uint8Array> } | null | undefined) => {
    const bytes = (await source?.read(0, EXTENT)) ?? new Uint8Array(0);
    return Array.from({ length: 16 }, (_, chunk) => bytes[chunk * CHUNK + 7]).join("");
  };

  it("has its own chunks and its origin's, under the name of its store", async () => {
    const { devices } = await first([made("cow_store")]);
    expect(devices.map(({ device, uuid }) => [device, uuid])).toEqual([
      ["/dev/vg-0/root", "id-of-root"],
      ["/dev/vg-0/snap", "id-of-snap"],
    ]);
    expect(await chunksOf(devices[0]?.source)).toBe("1".repeat(16));
    expect(await chunksOf(devices[1]?.source)).toBe("1112311114111111");
  });

  it("is what its origin shows while it is merged into it", async () => {
    const { devices } = await first([made("merging_store")]);
    expect(devices.map(({ device }) => device)).toEqual(["/dev/vg-0/root"]);
    expect(await chunksOf(devices[0]?.source)).toBe("1112311114111111");
  });

  it.each([
    ["was full", (view: DataView) => view.setUint32(4, 0, true)],
    ["told of twice", (view: DataView) => view.setUint32(CHUNK, 3, true)],
    ["no mark", (view: DataView) => view.setUint32(0, 7, true)],
    ["said to lie at 99", (view: DataView) => view.setUint32(CHUNK + 8, 99, true)],
  ])("is refused where its store %s, and its origin is read", async (words, change) => {
    const { devices } = await first([made("cow_store", change)]);
    expect(await chunksOf(devices[0]?.source)).toBe("1".repeat(16));
    expect(devices[1]?.error).toMatchObject({ code: "E_LVM2_SNAPSHOT", message: expect.stringContaining(words) });
  });
});

describe("LVM2's text format", () => {
  it("has values, lists and sections, strings with escapes, comments and trailing commas", () => {
    const { values, sections } = parseText(
      'a = 1 # one\nb="x \\"y\\" \\\\"\nc = [ 1, "two", ]\nd { e = -2.5 f {} }\nempty = []\n\'q\' = \'a\\b\'\n#end',
    );
    expect(Object.fromEntries(values)).toEqual({ a: 1, b: 'x "y" \\', c: [1, "two"], empty: [], q: "a\\b" });
    expect(sections.get("d")?.values.get("e")).toBe(-2.5);
    expect(sections.get("d")?.sections.has("f")).toBe(true);
  });

  it.each([
    ["a", "neither = nor {"],
    ["a =", "a value is missing"],
    ["a = 99999999999999999999", "too large"],
    ['a = "x', "a string does not end"],
    ["a = [1 2]", "a list does not end"],
    ["a { b = 1", "a name is missing"],
    ["a = 1 a = 2", "stands there twice"],
    ["}", "a name is missing"],
    ["a {".repeat(40), "levels deep"],
  ])("refuses %j: %s", (text, words) => {
    expect(() => parseText(text)).toThrow(SyntaxError);
    expect(() => parseText(text)).toThrow(words);
  });

  it("refuses more names than any group has, before they fill the memory", () => {
    const text = Array.from({ length: 500_001 }, (_, at) => `n${at}{}`).join("");
    expect(() => parseText(text)).toThrow("it has more than 500000 names");
  });
});
