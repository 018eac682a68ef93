import { chmod, chown, mkdir, readFile, rename, rm, stat, symlink, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { type CliResult, guestkit } from "../../support/cli.ts";
import { run, scratch } from "../../support/run.ts";
import { share } from "../../support/slow.ts";
import { descriptorText } from "../../support/vmdk.ts";

/** What a file is, who says so, and which files of the host its header may bring in: seen through the command line. */
let dir = "";
const at = (...path: string[]) => join(dir, ...path);
const img = (...args: string[]) => run("qemu-img", args);
const cli = (...args: string[]) =>
  guestkit(args, { cwd: dir, env: { XDG_DATA_HOME: at("data"), GUESTKIT_CACHE_DIR: at("cache") } });
const record = (name: string) => at(`.${name}.guestkit.json`);
const SECRET = "HOST-ONLY-SECRET";

beforeEach(async () => {
  dir = await scratch("format");
  await mkdir(at("host"));
  await writeFile(at("host/secret"), `${SECRET}\n`);
  await truncate(at("host/secret"), 1 << 20);
});

async function blank(name: string, size = 1 << 20): Promise<void> {
  await writeFile(at(name), "");
  await truncate(at(name), size);
}

/** Writes a qcow2 header that names the host's file to the start of a raw disk, as its guest would. */
async function guestWrites(name: string): Promise<void> {
  await img("create", "-q", "-f", "qcow2", "-F", "raw", "-b", at("host/secret"), at("header.qcow2"));
  await run("dd", [`if=${at("header.qcow2")}`, `of=${at(name)}`, "conv=notrunc", "status=none"]);
  await rm(at("header.qcow2"));
}

async function apply(disks: object, ...more: string[]): Promise<CliResult> {
  await writeFile(at("guestkit.yaml"), stringify({ version: 1, resources: { disk_image: disks } }));
  return await cli("apply", "--auto-approve", ...more);
}

const formatOf = async (name: string, ...more: string[]) => {
  const { exitCode, stdout, stderr } = await cli("info", "--json", name, ...more);
  return exitCode === 0 ? (JSON.parse(stdout.toString()) as { format: string }).format : stderr;
};
const parallelsDescriptor = (file: string) =>
  `<?xml version="1.0"?><Parallels_disk_image><Disk_Parameters><Disk_size>8</Disk_size></Disk_Parameters><StorageData><Storage>
  <Start>0</Start><End>8</End><Image><GUID>{1}</GUID><Type>Plain</Type><File>${file}</File></Image></Storage></StorageData></Parallels_disk_image>`;
const holdsSecret = async (name: string) => (await readFile(at(name))).includes(SECRET);

describe("the first use of a file without a record fixes what it is", () => {
  it.each([
    ["a source", (name: string) => ({ copy: { path: "copy.raw", format: "raw", source: { url: name } } })],
    ["a backing file", (name: string) => ({ over: { path: "over.qcow2", backing_file: name } })],
  ])("as %s", async (_, use) => {
    await blank("disk.raw");
    expect(await apply(use("disk.raw"))).toMatchObject({ exitCode: 0 });
    const kept = JSON.parse(await readFile(record("disk.raw"), "utf8")) as object;
    expect(kept).toMatchObject({ origin: "seen", declared: { format: "raw" } });
    await guestWrites("disk.raw");
    expect(await formatOf("disk.raw")).toBe("raw");
    expect(await apply({ again: { path: "again.raw", format: "raw", source: { url: "disk.raw" } } })).toMatchObject({
      exitCode: 0,
    });
    expect(await holdsSecret("again.raw")).toBe(false);
  });

  it("and gives no right to the file", async () => {
    await blank("disk.raw");
    await apply({ copy: { path: "copy.raw", format: "raw", source: { url: "disk.raw" } } });
    const taken = await apply({ mine: { path: "disk.raw", format: "raw", size: "2M" } });
    expect(taken).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("guestkit did not make this file") });
    expect((await stat(at("disk.raw"))).size).toBe(1 << 20);
    await rm(at("disk.raw"));
    expect(await apply({ mine: { path: "disk.raw", format: "raw", size: "2M" } })).toMatchObject({ exitCode: 0 });
  });

  it("until another file has its name: what would be followed must be said then", async () => {
    await blank("disk.raw");
    await apply({ copy: { path: "copy.raw", format: "raw", source: { url: "disk.raw" } } });
    await img("create", "-q", "-f", "qcow2", at("new.qcow2"), "1M");
    await rename(at("new.qcow2"), at("disk.raw"));
    expect(await formatOf("disk.raw")).toContain("the file that was there before was used as raw");
    expect(await formatOf("disk.raw", "--image-format", "qcow2")).toBe("qcow2");
    await blank("new.raw");
    await rename(at("new.raw"), at("disk.raw"));
    expect(await formatOf("disk.raw")).toBe("raw");
  });
});

describe("a record", () => {
  const claims = (format: string, more: object = {}) =>
    JSON.stringify({
      format_version: 1,
      contract: "disk_image",
      origin: "created",
      declared: { format },
      details: {},
      ...more,
    });

  it("of somebody else is told, and decides nothing", async () => {
    await img("create", "-q", "-f", "qcow2", at("a.qcow2"), "1M");
    await writeFile(record("a.qcow2"), claims("raw"));
    await chown(record("a.qcow2"), 12345, 12345);
    expect(await formatOf("a.qcow2")).toBe("qcow2");
    expect((await cli("info", "a.qcow2")).stderr).toContain("does not count: user 12345 owns it");
    await chown(record("a.qcow2"), 0, 0);
    await chmod(record("a.qcow2"), 0o666);
    expect((await cli("info", "a.qcow2")).stderr).toContain("others may write to it");
    const taken = await apply({ a: { path: "a.qcow2", size: "2M" } });
    expect(taken).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("guestkit did not make this file") });
  });

  it("that is a link is refused by its name", async () => {
    await img("create", "-q", "-f", "qcow2", at("a.qcow2"), "1M");
    await writeFile(at("elsewhere"), claims("raw"));
    await symlink(at("elsewhere"), record("a.qcow2"));
    expect(await formatOf("a.qcow2")).toMatch(/E_RECORD_KIND.*it is a symbolic link/);
  });

  it("goes before an overlay's word on its parent, unless that says raw", async () => {
    await apply({ disk: { path: "disk.raw", format: "raw", size: "1M" } });
    await guestWrites("disk.raw");
    await img("create", "-q", "-u", "-f", "qcow2", "-F", "qcow2", "-b", "disk.raw", at("over.qcow2"), "1M");
    const { stdout } = await cli("info", "--json", "over.qcow2");
    expect((JSON.parse(stdout.toString()) as { files: string[] }).files).toEqual(["over.qcow2", at("disk.raw")]);
    await cli("create", "--source", "over.qcow2", "--format", "raw", "copy.raw");
    expect(await holdsSecret("copy.raw")).toBe(false);
  });
});

describe("a file that is two things", () => {
  it("is refused by name until one is said", async () => {
    await img("create", "-q", "-f", "qcow2", at("both.img"), "1M");
    await run("sh", [
      "-c",
      `printf '\\125\\252' | dd of="$1" bs=1 seek=510 conv=notrunc status=none`,
      "sh",
      at("both.img"),
    ]);
    expect(await formatOf("both.img")).toContain("has the mark of qcow2, and that of a DOS partition table");
    for (const use of [
      { path: "x.raw", format: "raw", source: { url: "both.img" } },
      { path: "x.qcow2", backing_file: "both.img" },
    ])
      expect(await apply({ use })).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("Cannot tell what") });
    expect(await formatOf("both.img", "--image-format", "raw")).toBe("raw");
    expect(
      await apply({ use: { path: "x.raw", format: "raw", source: { url: "both.img", format: "raw" } } }),
    ).toMatchObject({ exitCode: 0 });
    // That use has said it.
    expect(await formatOf("both.img")).toBe("raw");
  });
});

describe("a stranger's image", () => {
  const refusal = expect.stringContaining("names a file of this host outside its own folder");
  const kinds: Readonly<Record<string, () => Promise<unknown>>> = {
    "an absolute name": () => stranger(at("host/secret")),
    "a name with ..": () => stranger("../host/secret"),
    "a json: name": () => stranger(`json:{"driver":"raw","file":{"driver":"file","filename":"${at("host/secret")}"}}`),
    "a link in its folder": async () => {
      await symlink(at("host/secret"), at("inbox/inner"));
      await stranger("inner");
    },
    "a parent's parent": async () => {
      await img("create", "-q", "-f", "qcow2", "-F", "raw", "-b", at("host/secret"), at("inbox/inner.qcow2"));
      await img("create", "-q", "-f", "qcow2", "-F", "qcow2", "-b", "inner.qcow2", at("inbox/image.qcow2"));
    },
    "a data file": async () => {
      await img(
        "create",
        "-q",
        "-f",
        "qcow2",
        "-o",
        `data_file=${at("inbox/data")},data_file_raw=on`,
        at("inbox/image.qcow2"),
        "1M",
      );
      await img("amend", "-f", "qcow2", "-o", `data_file=${at("host/secret")}`, at("inbox/image.qcow2"));
    },
  };
  const stranger = (name: string) =>
    img("create", "-q", "-u", "-f", "qcow2", "-F", "raw", "-b", name, at("inbox/image.qcow2"), "1M");

  /** Others are spellings of a name. */
  const others = ["a name with ..", "a json: name", "a link in its folder"];
  const named = share(Object.entries(kinds), ([each]) => others.includes(each));
  it.each(named)("with %s is told by readers, and nothing is made of it unasked", async (_, make) => {
    await mkdir(at("inbox"));
    await make();
    for (const args of [
      ["info", "inbox/image.qcow2"],
      ["inspect", "inbox/image.qcow2"],
    ]) {
      const { stderr } = await cli(...args);
      expect(stderr.split("\n").filter((line) => line.includes("outside its own folder"))).toHaveLength(1);
    }
    const copied = await cli("create", "--source", "inbox/image.qcow2", "--format", "raw", "copy.raw");
    expect(copied).toMatchObject({ exitCode: 1, stderr: refusal });
    expect(await cli("create", "--backing", "inbox/image.qcow2", "over.qcow2")).toMatchObject({
      exitCode: 1,
      stderr: refusal,
    });
    const allowed = await cli(
      "create",
      "--source",
      "inbox/image.qcow2",
      "--format",
      "raw",
      "--allow-backing-files",
      "copy.raw",
    );
    expect(allowed).toMatchObject({ exitCode: 0 });
    expect(await holdsSecret("copy.raw")).toBe(true);
  });

  /** Each names the secret by a header of its own; `image` is what is opened. */
  const descriptors: Readonly<Record<string, readonly [image: string, text: (name: string) => string]>> = {
    "an extent of a VMDK": ["image.vmdk", (name) => descriptorText("monolithicFlat", [`RW 8 FLAT "${name}" 0`])],
    "a file of a Parallels disk": ["DiskDescriptor.xml", parallelsDescriptor],
  };
  it.each(Object.entries(descriptors))(
    "with %s is told by readers, and nothing is made of it unasked",
    async (_, each) => {
      const [image, text] = each;
      await mkdir(at("inbox"));
      for (const name of [at("host/secret"), "../host/secret"]) {
        await writeFile(at(`inbox/${image}`), text(name));
        for (const verb of ["info", "inspect"]) {
          const { stderr } = await cli(verb, `inbox/${image}`);
          expect(stderr.split("\n").filter((line) => line.includes("outside its own folder"))).toHaveLength(1);
        }
        const copied = await cli("create", "--source", `inbox/${image}`, "--format", "raw", "copy.raw");
        expect(copied).toMatchObject({ exitCode: 1, stderr: refusal });
        const over = await cli("create", "--backing", `inbox/${image}`, "over.qcow2");
        expect(over).toMatchObject({ exitCode: 1, stderr: expect.stringMatching(/its format is (?:vmdk|parallels)/) });
      }
    },
  );

  it("is told by verbs that list and copy, too", async () => {
    await mkdir(at("inbox"));
    await stranger(at("host/secret"));
    for (const args of [
      ["ls", "inbox/image.qcow2"],
      ["cat", "inbox/image.qcow2", "/x"],
      ["cp", "inbox/image.qcow2:/x", "y"],
      ["tar", "inbox/image.qcow2"],
    ])
      expect((await cli(...args)).stderr, args.join(" ")).toContain("outside its own folder");
  });

  it("may lean on what lies beside it", async () => {
    await mkdir(at("inbox/parts"), { recursive: true });
    await blank("inbox/parts/base.raw");
    await img("create", "-q", "-f", "qcow2", "-F", "raw", "-b", "parts/base.raw", at("inbox/image.qcow2"));
    expect(await cli("create", "--source", "inbox/image.qcow2", "copy.qcow2")).toMatchObject({
      exitCode: 0,
      stderr: expect.not.stringContaining("outside"),
    });
  });
});

describe("an overlay of guestkit's own over an image elsewhere", () => {
  let over = {};
  beforeEach(async () => {
    const base = join(await scratch("elsewhere"), "base.raw");
    await writeFile(base, "");
    await truncate(base, 1 << 20);
    over = { over: { path: "over.qcow2", backing_file: base } };
  });

  it("needs no word", async () => {
    await apply(over);
    expect((await cli("info", "over.qcow2")).stderr).toBe("");
    expect(await cli("create", "--source", "over.qcow2", "copy.qcow2")).toMatchObject({ exitCode: 0 });
  });

  it("that an older release made goes on, is told, and is vouched for from the next apply on", async () => {
    await apply(over);
    const kept = JSON.parse(await readFile(record("over.qcow2"), "utf8")) as { details: Record<string, unknown> };
    const { file: _, names: __, ...details } = kept.details;
    await writeFile(record("over.qcow2"), JSON.stringify({ ...kept, details }));
    expect((await cli("info", "over.qcow2")).stderr).toContain("outside its own folder");
    expect(await cli("create", "--source", "over.qcow2", "copy.qcow2")).toMatchObject({ exitCode: 1 });
    expect((await cli("plan")).stdout.toString()).toContain("older release's");
    expect(await apply(over)).toMatchObject({ exitCode: 0 });
    expect((await cli("info", "over.qcow2")).stderr).toBe("");
    expect((await cli("plan", "--detailed-exitcode")).exitCode).toBe(0);
  });

  it("is a stranger's where an archive brought image and record", async () => {
    await apply(over);
    await mkdir(at("inbox"));
    await run("cp", ["-a", at("over.qcow2"), record("over.qcow2"), at("inbox")]);
    expect((await cli("info", "inbox/over.qcow2")).stderr).toContain("outside its own folder");
  });
});

it("grows a raw disk as raw, whatever its guest wrote to it", async () => {
  await apply({ disk: { path: "disk.raw", format: "raw", size: "1M" } });
  await guestWrites("disk.raw");
  const before = await readFile(at("disk.raw"));
  expect(await apply({ disk: { path: "disk.raw", format: "raw", size: "2M" } })).toMatchObject({ exitCode: 0 });
  const after = await readFile(at("disk.raw"));
  expect(after.length).toBe(2 << 20);
  expect(after.subarray(0, before.length).equals(before)).toBe(true);
});

it("takes no real image for two things", async () => {
  await img("create", "-q", "-f", "raw", at("disk.raw"), "8M");
  await run("sh", ["-c", 'echo "label: gpt" | sfdisk -q "$1"', "sh", at("disk.raw")]);
  for (const options of [
    "cluster_size=512",
    "cluster_size=4096",
    "cluster_size=65536",
    "cluster_size=2M",
    "compat=0.10",
    "extended_l2=on,cluster_size=128k",
  ]) {
    await img("convert", "-f", "raw", "-O", "qcow2", "-o", options, at("disk.raw"), at("disk.qcow2"));
    expect(await formatOf("disk.qcow2"), options).toBe("qcow2");
  }
  expect(await formatOf("disk.raw")).toBe("raw");
});
