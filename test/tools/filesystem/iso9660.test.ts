import { chmod, chown, lutimes, mkdir, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeIso } from "../../../core/build/iso9660/image.ts";
import type { FileSystem } from "../../../core/filesystem/filesystem.ts";
import { openFileSystem } from "../../../core/filesystem/index.ts";
import { openFileSource } from "../../../core/source/file.ts";
import type { ByteSource } from "../../../core/source/source.ts";
import { guestkitText } from "../../support/cli.ts";
import { differences, type Facts, fileSystemFacts, hostFacts } from "../../support/compare-tree.ts";
import { run, scratch } from "../../support/run.ts";
import { type Listing, walkFileSystem, walkHost } from "../../support/walk.ts";

const dir = await scratch("iso9660");
const tree = join(dir, "tree");
const opened: ByteSource[] = [];
afterAll(() => Promise.all(opened.map((source) => source[Symbol.asyncDispose]())));
const at = (name: string) => join(dir, name);
const LONG = "a name of two hundred and some bytes ".repeat(6);

beforeAll(async () => {
  await makeTree();
  const mkisofs = ["-as", "mkisofs", "-quiet", "-V", "My_Label"];
  await run("mkfifo", [join(tree, "fifo")]);
  await symlink(`../${"deep/".repeat(60)}./x`, join(tree, "long-link"));
  await run("xorriso", [...mkisofs, "-J", "-R", "-o", at("xorriso.iso"), tree]);
  // genisoimage waits for somebody to write into the one, and never ends over the other.
  for (const name of ["fifo", "long-link"]) await rm(join(tree, name));
  await run("genisoimage", ["-quiet", "-V", "My_Label", "-J", "-R", "-o", at("genisoimage.iso"), tree]);
  await run("genisoimage", ["-quiet", "-V", "My_Label", "-R", "-o", at("rock.iso"), tree]);
  const names = ["-quiet", "-input-charset", "utf-8", "-V", "My_Label"];
  await run("genisoimage", [...names, "-J", "-joliet-long", "-o", at("joliet.iso"), join(tree, "names")]);
  await run("genisoimage", [...names, "-o", at("plain.iso"), join(tree, "names")]);
});

const DEVICES = { block: { type: "block", device: [8, 30] }, char: { type: "char", device: [1, 3] } };

/** Everything that Rock Ridge can hold. */
async function makeTree(): Promise<void> {
  const deep = join(tree, "deep/2/3/4/5/6/7/8/9/10");
  await mkdir(deep, { recursive: true });
  await mkdir(join(tree, "many"));
  await mkdir(join(tree, "names/Sub dir"), { recursive: true });
  await writeFile(join(deep, "below"), "below");
  for (const name of ["Read Me.txt", "über.txt", "a.b.c.d", "UPPER", "日本語"]) {
    await writeFile(join(tree, "names", name), name);
  }
  await writeFile(join(tree, "names/Sub dir/x"), "x");
  for (let index = 0; index < 300; index++) await writeFile(join(tree, "many", `file number ${index}`), `${index}`);
  await writeFile(join(tree, LONG), "long");
  await writeFile(join(tree, "empty"), "");
  await writeFile(join(tree, "large"), Buffer.alloc(300_001, "large "));
  await chmod(join(tree, "large"), 0o4751);
  await chown(join(tree, "large"), 1234, 70_000);
  await symlink("/absolute/../target", join(tree, "link"));
  await symlink(`../${"deep/".repeat(20)}./x`, join(tree, "other-link"));
  await run("mknod", [join(tree, "block"), "b", "8", "30"]);
  await run("mknod", [join(tree, "char"), "c", "1", "3"]);
  await lutimes(join(tree, "empty"), 1_000_000_000, 1_000_000_000);
}

async function open(name: string): Promise<FileSystem> {
  const source = await openFileSource(at(name));
  opened.push(source);
  const fs = await openFileSystem(source);
  if (fs?.type !== "iso9660") throw new Error(`${name} is no ISO 9660`);
  return fs;
}

describe.each(["xorriso.iso", "genisoimage.iso", "rock.iso"])("%s", (name) => {
  it("holds with Rock Ridge what xorriso takes out of it", async () => {
    const out = at(`${name}.out`);
    await run("xorriso", ["-report_about", "SORRY", "-osirrox", "on", "-indev", at(name), "-extract", "/", out]);
    const leftOut = ["inode", "links", "size", "atime", "ctime", "xattrs"] as const;
    const found = withoutLinkTimes(await fileSystemFacts(await open(name), leftOut));
    // Device numbers, which the two programs write each in its own way, are not for xorriso to tell.
    for (const [device, facts] of Object.entries(DEVICES)) {
      expect(found.get(Buffer.from(device).toString("hex"))).toMatchObject(facts);
      (found as Map<string, unknown>).delete(Buffer.from(device).toString("hex"));
    }
    const expected = withoutLinkTimes(await hostFacts(out, leftOut));
    expect(expected.size).toBeGreaterThan(320);
    expect(differences(found, expected)).toEqual([]);
    expect([...found.keys()]).toContain(Buffer.from("deep/2/3/4/5/6/7/8/9/10/below").toString("hex"));
  });

  it("has the label and the UUID that blkid tells", async () => {
    const fs = await open(name);
    const told = await run("blkid", ["-p", "-o", "export", at(name)]);
    expect(told).toContain(`LABEL=${fs.label}\n`);
    expect(told).toContain(`UUID=${fs.uuid}\n`);
  });
});

describe("without Rock Ridge", () => {
  it("Joliet's names are those that bsdtar takes out", async () => {
    await mkdir(at("joliet.out"));
    await run("bsdtar", ["-xf", at("joliet.iso"), "-C", at("joliet.out")]);
    expect(contents(await walkFileSystem(await open("joliet.iso")))).toEqual(
      contents(await walkHost(at("joliet.out"))),
    );
  });

  it("plain names are those that isoinfo lists, in small letters", async () => {
    const listed = await run("isoinfo", ["-f", "-i", at("plain.iso")]);
    const expected = listed.split("\n").filter(Boolean);
    const shown = expected.map((path) =>
      path
        .slice(1)
        .toLowerCase()
        .replace(/\.?;1$/, ""),
    );
    expect(Object.keys(await walkFileSystem(await open("plain.iso"))).sort()).toEqual(shown.sort());
  });
});

it("is listed, read and told by the command line", async () => {
  const image = at("xorriso.iso");
  expect(await guestkitText(["cat", image, "/deep/2/3/4/5/6/7/8/9/10/below"])).toBe("below");
  expect(await guestkitText(["ls", image, "/names"])).toContain("über.txt\n");
  expect(JSON.parse(await guestkitText(["inspect", "--json", image])).filesystems).toMatchObject([
    { type: "iso9660", label: "My_Label" },
  ]);
});

describe("an image of our own", () => {
  const bytes = (text: string) => new TextEncoder().encode(text);
  const files = [
    ...["user-data", "meta-data", "network-config"].map((name) => ({ name, content: bytes(name.repeat(1000)) })),
    { name: "Empty.ü", content: bytes("") },
    ...Array.from({ length: 60 }, (_, index) => ({ name: `file-${index}`, content: bytes(`${index}`) })),
  ];

  beforeAll(() => writeFile(at("own.iso"), makeIso("cidata", files)));

  it("is read alike by xorriso, bsdtar and isoinfo, and told by blkid", async () => {
    const expected = Object.fromEntries(files.map(({ name, content }) => [name, content.length]));
    const out = at("own.xorriso");
    await run("xorriso", ["-abort_on", "WARNING", "-osirrox", "on", "-indev", at("own.iso"), "-extract", "/", out]);
    await mkdir(at("own.bsdtar"));
    await run("bsdtar", ["-xf", at("own.iso"), "-C", at("own.bsdtar")]);
    for (const folder of [out, at("own.bsdtar")]) expect(sizes(await walkHost(folder)), folder).toEqual(expected);
    const joliet = await run("isoinfo", ["-J", "-f", "-i", at("own.iso")]);
    expect(joliet.split("\n").filter(Boolean).length).toBe(files.length);
    expect(await run("isoinfo", ["-x", "/USER_DATA.;1", "-i", at("own.iso")])).toBe("user-data".repeat(1000));
    expect(await run("blkid", ["-p", "-o", "export", at("own.iso")])).toMatch(/LABEL=cidata\n(.*\n)*TYPE=iso9660/);
  });

  it("lets nobody but root read what it holds", async () => {
    const fs = await open("own.iso");
    const inode = (await fs.lookup(fs.root, bytes("user-data"))) as number;
    expect(await fs.stat(inode)).toMatchObject({ mode: 0o400, uid: 0, gid: 0 });
  });
});

/** xorriso makes links with the time of day. */
function withoutLinkTimes(facts: Facts): Facts {
  for (const [path, { mtime: _, ...rest }] of facts)
    if (rest.target) (facts as Map<string, typeof rest>).set(path, rest);
  return facts;
}

const sizes = (listing: Listing) => Object.fromEntries(Object.entries(listing).map(([path, { size }]) => [path, size]));
const contents = (listing: Listing) =>
  Object.fromEntries(Object.entries(listing).map(([path, { type, sha256 }]) => [path, [type, sha256]]));
