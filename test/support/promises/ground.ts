import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type MicroGuest, microGuest } from "../micro-guest/index.ts";
import { run } from "../run.ts";

/** Files on the host that random declarations name. */
export interface Ground {
  readonly folder: string;
  /** Of `source.qcow2`. */
  readonly sha256: string;
  readonly guest: MicroGuest;
}

export async function makeGround(folder: string): Promise<Ground> {
  const at = (name: string) => join(folder, name);
  await mkdir(at("content"), { recursive: true });
  await mkdir(at("shared"));
  await writeFile(at("content/hello"), "Hello.\n");
  await writeFile(at("file.txt"), "From the host.\n");
  for (const name of ["one.iso", "two.iso"]) await writeFile(at(name), new Uint8Array(2 ** 16));
  for (const [name, size] of [
    ["first", "32M"],
    ["second", "48M"],
    ["base", "32M"],
  ] as const) {
    await run("qemu-img", ["create", "-q", "-f", "qcow2", at(`${name}.qcow2`), size]);
  }
  await run("mke2fs", ["-q", "-F", "-t", "ext4", at("source.raw"), "32M"]);
  await run("qemu-img", ["convert", "-f", "raw", "-O", "qcow2", at("source.raw"), at("source.qcow2")]);
  await run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", at("key")]);
  const sha256 = createHash("sha256")
    .update(await readFile(at("source.qcow2")))
    .digest("hex");
  return { folder, sha256, guest: await microGuest() };
}
