/** Parallels' images as QEMU's own tools make and read them, and descriptors as Parallels' own documents have them. */
import { open, readFile, writeFile } from "node:fs/promises";
import { beforeAll, expect, test } from "vitest";
import { scratch } from "../../support/run.ts";
import { CONTENT_SIZE, makeContent, type Place, placesIn } from "./images.ts";
import { isAsQemuSays, openPath } from "./same-as-qemu.ts";

const dir = await scratch("parallels");

beforeAll(() => makeContent(dir));

const folder = placesIn(dir);

test.each(["", "cluster_size=64k", "cluster_size=2M"])("converted: %s", async (options) => {
  const tools = await folder();
  const said = options ? ["-o", options] : [];
  await tools.img("convert", "-f", "raw", "-O", "parallels", ...said, "content.raw", "it.hds");
  await isAsQemuSays(tools, "it.hds", "parallels");
  await using image = await openPath(tools.at("it.hds"));
  expect(image).toMatchObject({ format: "parallels", warnings: [], details: { in_use: false } });
});

test("the older kind, whose table counts in sectors, and one that is open", async () => {
  const tools = await folder();
  await tools.img("convert", "-f", "raw", "-O", "parallels", "-o", "cluster_size=64k", "content.raw", "it.hds");
  const bytes = await readFile(tools.at("it.hds"));
  bytes.write("WithoutFreeSpace", 0, "latin1");
  const [tracks, entries] = [bytes.readUInt32LE(28), bytes.readUInt32LE(32)];
  for (let at = 64; at < 64 + entries * 4; at += 4) bytes.writeUInt32LE(bytes.readUInt32LE(at) * tracks, at);
  bytes.writeUInt32LE(0x746f6e59, 44);
  bytes.writeUInt32LE(0xabcd, 40);
  await writeFile(tools.at("old.hds"), bytes);
  await isAsQemuSays(tools, "old.hds", "parallels");
  await using image = await openPath(tools.at("old.hds"));
  expect(image.warnings).toEqual([expect.stringContaining("marked as open")]);
});

const GUIDS = [1, 2, 3].map((digit) => `{${"0".repeat(8)}-0000-4000-8000-${`${digit}`.repeat(12)}}`);
const NOTHING = "{00000000-0000-0000-0000-000000000000}";

interface Part {
  readonly start: number;
  readonly end: number;
  readonly images: readonly (readonly [guid: string, type: string, file: string])[];
}

function descriptor(parts: readonly Part[], shots: readonly (readonly [guid: string, parent: string])[], top: string) {
  const element = (name: string, ...inner: (string | number)[]) => `<${name}>${inner.join("")}</${name}>`;
  const storages = parts.map(({ start, end, images }) => {
    const all = images.map(([guid, type, file]) =>
      element("Image", element("GUID", guid), element("Type", type), element("File", file)),
    );
    return element("Storage", element("Start", start), element("End", end), element("Blocksize", 2048), ...all);
  });
  const known = shots.map(([guid, parent]) => element("Shot", element("GUID", guid), element("ParentGUID", parent)));
  const size = element("Disk_Parameters", element("Disk_size", parts.at(-1)?.end ?? 0));
  const snapshots = element("Snapshots", top ? element("TopGUID", top) : "", ...known);
  const body = `${size}<!-- <Storage> -->${element("StorageData", ...storages)}${snapshots}`;
  return `<?xml version='1.0' encoding='UTF-8'?>\n<Parallels_disk_image Version="1.0">\n${body}\n</Parallels_disk_image>\n`;
}

const SECTORS = CONTENT_SIZE / 512;
const HALF = 8192;

/** A disk of two stretches: a plain one, and one of three states; what it holds now. */
async function bundle({ at, img, io }: Place): Promise<Buffer> {
  const content = await readFile(at("content.raw"));
  await writeFile(at("first.hds"), content.subarray(0, HALF * 512));
  await writeFile(at("rest.raw"), content.subarray(HALF * 512));
  const wanted = Buffer.from(content);
  const rest = CONTENT_SIZE - HALF * 512;
  await img("convert", "-f", "raw", "-O", "parallels", "-o", "cluster_size=64k", "rest.raw", "0.hds");
  for (const [index, byte] of [1, 2].entries()) {
    await img("create", "-q", "-f", "parallels", "-o", "cluster_size=64k", `${index + 1}.hds`, `${rest}`);
    const [start, length] = [(index + 1) << 20, 128 << 10];
    await io(`${index + 1}.hds`, `write -P ${byte} ${start} ${length}`);
    wanted.fill(byte, HALF * 512 + start, HALF * 512 + start + length);
  }
  return wanted;
}

const images = GUIDS.map((guid, index) => [guid, "Compressed", `${index}.hds`] as const);
const PARTS: readonly Part[] = [
  { start: 0, end: HALF, images: GUIDS.map((guid) => [guid, index(guid) === 0 ? "Plain" : "Compressed", file(guid)]) },
  { start: HALF, end: SECTORS, images },
];
function index(guid: string): number {
  return GUIDS.indexOf(guid);
}
/** Nothing was written to the first stretch since. */
function file(guid: string): string {
  return index(guid) === 0 ? "first.hds" : `nothing-${index(guid)}.hds`;
}
const SHOTS = GUIDS.map((guid, index) => [guid, GUIDS[index - 1] ?? NOTHING] as const);

test("a descriptor with a plain stretch, and snapshots that stand on one another", async () => {
  const tools = await folder();
  const wanted = await bundle(tools);
  for (const number of [1, 2])
    await tools.img("create", "-q", "-f", "parallels", `nothing-${number}.hds`, `${HALF / 2}k`);
  const read = async (top: string) => {
    await writeFile(tools.at("DiskDescriptor.xml"), descriptor(PARTS, SHOTS, top));
    await using image = await openPath(tools.at("DiskDescriptor.xml"));
    expect(image.format).toBe("parallels");
    return { files: image.files, bytes: Buffer.from(await image.read(0, image.size)) };
  };
  const now = await read((GUIDS[2] ?? "").toUpperCase());
  expect(now.bytes.equals(wanted)).toBe(true);
  expect(now.files).toEqual(
    ["DiskDescriptor.xml", "first.hds", "nothing-1.hds", "nothing-2.hds", "0.hds", "1.hds", "2.hds"].map(tools.at),
  );
  const oldest = await read(GUIDS[0] ?? "");
  expect(oldest.bytes.equals(await readFile(tools.at("content.raw")))).toBe(true);
});

test("what does not hold together in a descriptor is refused by name", async () => {
  const tools = await folder();
  await bundle(tools);
  const plain = (more: Partial<Part> = {}): Part => ({
    ...{ start: 0, end: SECTORS, images: [[GUIDS[0] ?? "", "Plain", "content.raw"]] },
    ...more,
  });
  const refused = async (text: string, code: string, message: string) => {
    await writeFile(tools.at("it.xml"), text);
    const error = { code, message: expect.stringContaining(message) };
    await expect(openPath(tools.at("it.xml"))).rejects.toMatchObject(error);
  };
  const shot = [[GUIDS[0] ?? "", NOTHING]] as const;
  const of = (part: Part) => descriptor([part], shot, GUIDS[0] ?? "");
  {
    await writeFile(tools.at("it.xml"), of(plain()));
    await using image = await openPath(tools.at("it.xml"));
    expect(image.size).toBe(CONTENT_SIZE);
  }
  const [first = "", second = ""] = GUIDS;
  await refused(of(plain({ images: [[first, "Plain", "gone.hds"]] })), "E_IMAGE_BACKING", "gone.hds");
  await refused(of(plain({ start: 8 })), "E_PARALLELS_DESCRIPTOR", "goes from sector 8");
  await refused(of(plain({ end: SECTORS + 8 })), "E_PARALLELS_SIZE", "are to be in it");
  await refused(of(plain({ images: [[first, "Raw", "content.raw"]] })), "E_PARALLELS_DESCRIPTOR", '"Raw"');
  await refused(
    descriptor(
      [plain()],
      [
        [first, second],
        [second, first],
      ],
      first,
    ),
    "E_PARALLELS_CHAIN",
    "a loop",
  );
  await refused(descriptor([plain()], [[second, first]], second), "E_PARALLELS_CHAIN", "has no file");
  await refused(of(plain()).replace("</Snapshots>", "</Shots>"), "E_XML_SYNTAX", "was not opened last");
  const locked = "<Encryption><Engine>{11111111-0000-0000-0000-000000000000}</Engine></Encryption></Disk_Parameters>";
  await refused(of(plain()).replace("</Disk_Parameters>", locked), "E_PARALLELS_ENCRYPTED", "{1111");
});

test("one file of a disk is told to be one, a damaged table refused in its part", async () => {
  const tools = await folder();
  const name = `it.hdd.0.${GUIDS[0]}.hds`;
  await tools.img("convert", "-f", "raw", "-O", "parallels", "-o", "cluster_size=64k", "content.raw", name);
  {
    await using image = await openPath(tools.at(name));
    expect(image.warnings).toEqual([expect.stringContaining("DiskDescriptor.xml")]);
  }
  await using handle = await open(tools.at(name), "r+");
  await handle.write(Uint8Array.of(0xff, 0xff, 0xff, 0x7f), 0, 4, 64 + 20 * 4);
  await using image = await openPath(tools.at(name));
  await image.read(0, 1 << 20);
  await expect(image.read(20 << 16, 16)).rejects.toMatchObject({ code: "E_PARALLELS_DATA_BOUNDS" });
});
