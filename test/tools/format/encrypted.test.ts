import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { type Image, openImage } from "../../../core/format/index.ts";
import { openFileSource } from "../../../core/source/file.ts";
import { memorySource } from "../../../core/source/memory.ts";
import { nodeHost } from "../../../core/source/node.ts";
import { guestkit } from "../../support/cli.ts";
import { fixture } from "../../support/fixture.ts";
import { secretOf } from "../../support/luks.ts";
import { holds } from "../../support/proof.ts";
import { run } from "../../support/tool.ts";

const SECRETS = ["--object", "secret,id=s,data=open sesame", "--object", "secret,id=p,data=another"];
const luks = (secret: string) => `encrypt.format=luks,encrypt.key-secret=${secret},encrypt.iter-time=10`;

interface Recipe {
  readonly create: readonly string[];
  /** How QEMU opens it, but for its own name. */
  readonly as: (dir: string) => string;
  readonly snapshot?: string;
}

const own = "driver=qcow2,encrypt.key-secret=s";
const RECIPES: Readonly<Record<string, Recipe>> = {
  parent: { create: ["-o", luks("p")], as: () => "driver=qcow2,encrypt.key-secret=p" },
  whole: { create: ["-o", luks("s")], as: () => own, snapshot: "before" },
  "small clusters": { create: ["-o", `${luks("s")},cluster_size=512`], as: () => own },
  subclusters: { create: ["-o", `${luks("s")},cluster_size=16k,extended_l2=on`], as: () => own },
  child: {
    create: ["-o", luks("s"), "-b", "parent", "-F", "qcow2", "-u"],
    as: (dir) =>
      `${own},backing.driver=qcow2,backing.encrypt.key-secret=p,backing.file.filename=${join(dir, "parent")}`,
  },
  apart: { create: ["-o", `${luks("s")},data_file=apart.data`], as: () => own },
};
const WRITES = [
  "write -P 1 0 70k",
  "write -P 2 1000k 5k",
  "write -P 3 3M 300k",
  "write -z 3100k 64k",
  "write -P 4 3900k 196k",
];

/** Made once, with what qemu-img makes of them: it measures for seconds how many iterations it can afford. */
async function images(): Promise<string> {
  const names = Object.keys(RECIPES).flatMap((name) => [name, `${name}.raw`]);
  return fixture("encrypted", [RECIPES, WRITES, 1], build, (dir) => holds(dir, names));
}

async function build(dir: string): Promise<void> {
  const inDir = (tool: string, ...args: string[]) =>
    run("sh", ["-c", 'cd "$1" && shift && exec "$@"', "sh", dir, tool, ...args]);
  for (const [name, { create, as, snapshot }] of Object.entries(RECIPES)) {
    const opened = ["--image-opts", `${as(dir)},file.filename=${join(dir, name)}`];
    await inDir("qemu-img", "create", "-q", ...SECRETS, "-f", "qcow2", ...create, name, "4M");
    const writes = name === "parent" ? ["write -P 9 500k 3M"] : WRITES;
    await inDir("qemu-io", ...SECRETS, ...writes.flatMap((each) => ["-c", each]), ...opened);
    await inDir("qemu-img", "convert", ...SECRETS, ...opened, "-O", "raw", `${name}.raw`);
    if (snapshot === undefined) continue;
    await inDir("qemu-img", "snapshot", ...SECRETS, "-c", snapshot, ...opened);
    await inDir("qemu-io", ...SECRETS, "-c", "write -P 5 0 4M", ...opened);
  }
}

const KEYS: Readonly<Record<string, string>> = { parent: "another" };

async function open(name: string, keys: Readonly<Record<string, string>> = KEYS, snapshot?: string): Promise<Image> {
  const asked = async (image: string, uuid: string) => {
    expect(uuid).toMatch(/^[0-9a-f-]{36}$/);
    return [secretOf("wrong"), secretOf(keys[image.split("/").at(-1) ?? ""] ?? "open sesame")];
  };
  const source = await openFileSource(join(await images(), name));
  return openImage(source, nodeHost, { keys: asked, ...(snapshot !== undefined && { snapshot }) });
}

it.each(Object.keys(RECIPES))("%s: byte for byte what qemu-img makes of it", async (name) => {
  const { snapshot } = RECIPES[name] ?? {};
  await using image = await open(name, KEYS, snapshot);
  const expected = await readFile(join(await images(), `${name}.raw`));
  expect(image.details.encryption).toBe("luks");
  expect(Buffer.compare(await image.read(0, image.size), expected)).toBe(0);
  for (const [at, length] of [
    [1, 1],
    [69 * 1024 + 7, 3000],
    [1000 * 1024 - 5, 6000],
    [image.size - 3, 3],
  ] as const) {
    expect(Buffer.from(await image.read(at, length))).toEqual(expected.subarray(at, at + length));
  }
  for (let at = 0; at < image.size; ) {
    const { length, zero } = (await image.extent?.(at, image.size - at)) ?? { length: 1, zero: false };
    if (zero) expect(expected.subarray(at, at + length).every((byte) => byte === 0)).toBe(true);
    at += length;
  }
});

it("says that it is encrypted, and how its key is given", async () => {
  const path = join(await images(), "whole");
  await expect(openImage(await openFileSource(path), nodeHost)).rejects.toMatchObject({
    code: "E_LUKS_KEY_MISSING",
    message: expect.stringMatching(
      /^Cannot open ".*whole": it is encrypted \(LUKS1, .*\), and no key was given for it$/,
    ),
    help: expect.stringContaining("--key"),
    at: { file: path },
  });
  await expect(open("child", { child: "open sesame", parent: "wrong, too" })).rejects.toMatchObject({
    code: "E_LUKS_KEY",
    message: expect.stringContaining("parent"),
  });
});

it.each([
  ["any", "*"],
  ["the image's path", "whole"],
  ["the disk's name", "sda"],
])("is opened on the command line by a key for %s", async (_, selector) => {
  const path = join(await images(), "whole");
  const which = selector === "whole" ? path : selector;
  const env = { DISK_KEY: "open sesame", OTHER_KEY: "another" };
  const told = await guestkit(["info", path, "--json", "--key", `${which}:env:DISK_KEY`], { env });
  expect(JSON.parse(String(told.stdout))).toMatchObject({ format: "qcow2", details: { encryption: "luks" } });
  const refused = await guestkit(["info", path, "--key", `${which}:env:OTHER_KEY`], { env });
  expect([refused.exitCode, refused.stderr]).toEqual([1, expect.stringContaining("does not open key slot 0")]);
});

it("refuses a header that does not hold together", async () => {
  const bytes = new Uint8Array(await readFile(join(await images(), "whole")));
  const view = new DataView(bytes.buffer);
  const at = Buffer.from(bytes.buffer).indexOf("0537be77", 0, "hex");
  const patched = async (offset: number, value: bigint) => {
    const before = view.getBigUint64(offset);
    view.setBigUint64(offset, value);
    try {
      await openImage(memorySource(bytes, "whole"), nodeHost, { keys: async () => [secretOf("open sesame")] });
    } finally {
      view.setBigUint64(offset, before);
    }
  };
  const luksAt = Number(view.getBigUint64(at + 8));
  for (const [offset, value, code] of [
    [at + 8, 1n << 40n, "E_QCOW2_LUKS"],
    [at + 8, 513n, "E_QCOW2_LUKS"],
    [at + 8, 0n, "E_LUKS_HEADER"],
    [at + 16, 1n << 40n, "E_QCOW2_LUKS"],
    [at, 0x0537be7700000008n, "E_QCOW2_EXTENSION"],
    [at, 0x1234567800000010n, "E_QCOW2_EXTENSION"],
    [luksAt, 0x4c554b53babe0002n, "E_LUKS_HEADER"],
    [luksAt, 0n, "E_LUKS_HEADER"],
  ] as const) {
    await expect(patched(offset, value)).rejects.toMatchObject({ code, at: { file: "whole" } });
  }
});
