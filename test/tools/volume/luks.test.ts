import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { ext4 } from "../../../core/filesystem/ext4/index.ts";
import { openImage } from "../../../core/format/index.ts";
import { openFileSource } from "../../../core/source/file.ts";
import { memorySource } from "../../../core/source/memory.ts";
import { nodeHost } from "../../../core/source/node.ts";
import { luks } from "../../../core/volume/luks/index.ts";
import { differences, fileSystemFacts } from "../../support/compare-tree.ts";
import { fixture } from "../../support/fixture.ts";
import { contentOf, encipher, noise, openContainer, secretOf } from "../../support/luks.ts";
import { holds } from "../../support/proof.ts";
import { scratch } from "../../support/scratch.ts";
import { run } from "../../support/tool.ts";
import { PASSPHRASE, SECOND_PASSPHRASE, volumeImages } from "../../support/volume-images/index.ts";
import { treeFacts, VARIES } from "../../support/volume-images/tree.ts";

let dir: string;
beforeAll(async () => {
  dir = await scratch("luks");
});

describe("what the kernel wrote through dm-crypt", () => {
  it.each([
    ["luks1", PASSPHRASE, ["0 pbkdf2"]],
    ["luks2", PASSPHRASE, ["0 argon2id", "1 pbkdf2"]],
    ["luks2", SECOND_PASSPHRASE, ["0 argon2id", "1 pbkdf2"]],
  ] as const)("%s, opened by %j", async (disk, passphrase, slots) => {
    const { disks, told } = await volumeImages();
    await using source = await openFileSource(disks[disk]);
    expect(await luks.probe(source)).toBe(true);
    const { device, warnings } = await openContainer(source, [passphrase]);
    expect(device).toMatchObject({ device: `/dev/mapper/luks-6c756b73-0000-4000-8000-00000000000${disk.slice(4)}` });
    expect(told[disk]).toContain(`UUID:          \t${device.uuid}`);
    expect(device.details).toMatchObject({ cipher: "aes-xts-plain64", key_bits: 512, key_slots: slots.join(", ") });
    expect(warnings).toEqual([]);
    if (!device.source) throw device.error;
    const fs = await ext4.open(device.source);
    const made = new Map([...treeFacts()].map(([path, { size: _, ...facts }]) => [path, facts]));
    const found = await fileSystemFacts(fs, [...VARIES, "size"]);
    expect(differences(found, made)).toEqual([]);
  });
});

/** Not of a whole number of batches, nor of megabytes. */
const CONTENT = noise(3, (1 << 20) + 296 * 512);
const SECRET = ["--object", "secret,id=s,data=open sesame"];

const QEMU = {
  xts: "cipher-alg=aes-256",
  "xts-small": "cipher-alg=aes-128,hash-alg=sha512",
  "xts-plain": "cipher-alg=aes-256,ivgen-alg=plain,hash-alg=sha1",
  essiv: "cipher-alg=aes-256,cipher-mode=cbc,ivgen-alg=essiv,ivgen-hash-alg=sha256",
  cbc: "cipher-alg=aes-128,cipher-mode=cbc,hash-alg=ripemd160",
  "cbc-plain": "cipher-alg=aes-256,cipher-mode=cbc,ivgen-alg=plain,hash-alg=sha384",
  ecb: "cipher-alg=aes-256,cipher-mode=ecb,hash-alg=sha224",
  serpent: "cipher-alg=serpent-256",
} as const;

/** Made once: qemu-img measures for seconds how many iterations it can afford. */
async function qemuImages(): Promise<string> {
  const names = Object.keys(QEMU).map((name) => `${name}.luks`);
  return fixture("luks1-qemu", [QEMU, CONTENT.length, 1], build, (made) => holds(made, names));
}

async function build(made: string): Promise<void> {
  const plain = join(made, "plain");
  await writeFile(plain, CONTENT);
  for (const [name, options] of Object.entries(QEMU)) {
    const path = join(made, `${name}.luks`);
    const all = `${options},iter-time=10,key-secret=s`;
    await run("qemu-img", ["create", "-q", ...SECRET, "-f", "luks", "-o", all, path, String(CONTENT.length)]);
    const target = ["-n", "--target-image-opts", `driver=luks,key-secret=s,file.filename=${path}`];
    await run("qemu-img", ["convert", ...SECRET, "-f", "raw", plain, ...target]);
  }
}

describe("LUKS1 by qemu-img", () => {
  const ours = Object.entries(QEMU).filter(([name]) => name !== "serpent");
  it.each(ours)("%s: %s", async (name) => {
    await using source = await openFileSource(join(await qemuImages(), `${name}.luks`));
    const { device } = await openContainer(source, ["open sesame"]);
    expect(Buffer.compare(await contentOf(device), CONTENT)).toBe(0);
  });

  it("is a raw disk with a container in it, and the disk in the container where its format is named", async () => {
    const path = join(await qemuImages(), "essiv.luks");
    const keys = async () => [secretOf("open sesame")];
    await using image = await openImage(await openFileSource(path), nodeHost, { format: "luks", keys });
    expect(image).toMatchObject({ format: "luks", size: CONTENT.length, files: [path] });
    expect(Buffer.compare(await image.read(0, image.size), CONTENT)).toBe(0);
    await using raw = await openImage(await openFileSource(path), nodeHost);
    expect([raw.format, await luks.probe(raw)]).toEqual(["raw", true]);
    const locked = openImage(await openFileSource(path), nodeHost, { format: "luks" });
    await expect(locked).rejects.toMatchObject({ code: "E_LUKS_KEY_MISSING", at: { file: path } });
  });

  it("names a cipher that is not there", async () => {
    await using source = await openFileSource(join(await qemuImages(), "serpent.luks"));
    await expect(openContainer(source, ["open sesame"])).rejects.toMatchObject({
      ...{ code: "E_LUKS_CIPHER", message: expect.stringContaining("serpent") },
    });
  });
});

interface Format {
  readonly options: readonly string[];
  readonly encryption: string;
  readonly keyBytes: number;
  readonly sectorSize?: number;
}

const CHEAP = {
  pbkdf2: ["--pbkdf", "pbkdf2", "--pbkdf-force-iterations", "1000"],
  argon2i: ["--pbkdf", "argon2i", "--pbkdf-memory", "1024", "--pbkdf-parallel", "2", "--pbkdf-force-iterations", "4"],
  argon2id: ["--pbkdf", "argon2id", "--pbkdf-memory", "2048", "--pbkdf-parallel", "4", "--pbkdf-force-iterations", "5"],
} as const;

const FORMATS: Readonly<Record<string, Format>> = {
  "LUKS2 by argon2i, sectors of 4096": {
    options: ["--type", "luks2", ...CHEAP.argon2i, "--sector-size", "4096"],
    ...{ encryption: "aes-xts-plain64", keyBytes: 64, sectorSize: 4096 },
  },
  "LUKS2 by argon2id, sectors of 512, a smaller key": {
    options: ["--type", "luks2", ...CHEAP.argon2id, "--sector-size", "512"],
    ...{ encryption: "aes-xts-plain64", keyBytes: 32 },
  },
  "LUKS2 with large metadata and another hash": {
    options: [
      "--type",
      "luks2",
      ...CHEAP.pbkdf2,
      "--hash",
      "sha512",
      "--luks2-metadata-size",
      "64k",
      "--sector-size",
      "2048",
    ],
    ...{ encryption: "aes-cbc-essiv:sha256", keyBytes: 32, sectorSize: 2048 },
  },
  "LUKS2 of camellia": {
    options: ["--type", "luks2", ...CHEAP.pbkdf2, "--sector-size", "1024"],
    ...{ encryption: "camellia-cbc-plain64", keyBytes: 32, sectorSize: 1024 },
  },
  "LUKS1 of 192 bits": {
    options: ["--type", "luks1", ...CHEAP.pbkdf2, "--hash", "ripemd160"],
    ...{ encryption: "aes-cbc-plain64", keyBytes: 24 },
  },
};

describe("by cryptsetup, with a known key and content that OpenSSL enciphered", () => {
  it.each(Object.entries(FORMATS))("%s", async (name, { options, encryption, keyBytes, sectorSize = 512 }) => {
    const at = (suffix: string) => join(dir, `${name.replaceAll(" ", "-")}.${suffix}`);
    const key = noise(11, keyBytes);
    await writeFile(at("key"), key);
    await writeFile(at("pass"), "open sesame");
    await writeFile(at("second"), "a second key");
    await run("truncate", ["-s", String((18 << 20) + CONTENT.length), at("img")]);
    const cryptsetup = (...args: string[]) => run("cryptsetup", ["-q", ...args]);
    const size = ["--key-size", String(keyBytes * 8), "--cipher", encryption];
    const pass = ["--key-file", at("pass")];
    await cryptsetup("luksFormat", ...options, ...size, ...pass, "--volume-key-file", at("key"), at("img"));
    await cryptsetup("luksAddKey", ...CHEAP.pbkdf2, ...pass, "--key-slot", "7", at("img"), at("second"));
    await cryptsetup("luksAddKey", ...CHEAP.pbkdf2, ...pass, at("img"), at("key"));
    await cryptsetup("luksRemoveKey", at("img"), at("pass"));
    const bytes = new Uint8Array(await readFile(at("img")));
    const offset = await dataOffset(at("img"));
    bytes.set(encipher(CONTENT, { encryption, key, sectorSize }), offset);
    const { device } = await openContainer(memorySource(bytes), ["a second key"]);
    const found = await contentOf(device);
    expect(Buffer.compare(found.subarray(0, CONTENT.length), CONTENT)).toBe(0);
    await expect(openContainer(memorySource(bytes), ["open sesame"])).rejects.toThrow("opens none of key slots 1, 7");
  });
});

/** Of a copy's header: luksDump writes. */
async function dataOffset(path: string): Promise<number> {
  const copy = `${path}.copy`;
  await run("cp", [path, copy]);
  const told = await run("cryptsetup", ["luksDump", copy]);
  const [, sectors] = /^Payload offset:\s*(\d+)/m.exec(told) ?? [];
  return sectors === undefined ? Number(/^\s+offset: (\d+) \[bytes\]/m.exec(told)?.[1]) : Number(sectors) * 512;
}
