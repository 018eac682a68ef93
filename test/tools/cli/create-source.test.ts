import { createHash } from "node:crypto";
import { access, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, it } from "vitest";
import { commandOf } from "../../../cli/command/table.ts";
import { sourceOf } from "../../../cli/contract/command.ts";
import { fieldOptions } from "../../../cli/contract/options.ts";
import { contractOf } from "../../../core/model/index.ts";
import { guestkit } from "../../support/cli.ts";
import { run, scratch } from "../../support/run.ts";

const cwd = await scratch("create-source");
const bare = Buffer.alloc(1 << 20);
const packed = gzipSync(bare);
const digest = (name: string, bytes: Uint8Array) => createHash(name).update(bytes).digest("hex");
await writeFile(join(cwd, "disk.img.gz"), packed);
await writeFile(join(cwd, "SHA512SUMS"), `${digest("sha512", packed)}  disk.img.gz\n`);
await writeFile(join(cwd, "UNPACKED"), `${digest("sha256", bare)}  disk.img\n`);

const create = async (name: string, ...args: readonly string[]) => {
  const { exitCode, stderr } = await guestkit(["create", ...args, name], { cwd });
  const isThere = await access(join(cwd, name)).then(
    () => true,
    () => false,
  );
  return { exitCode, stderr, isThere };
};

it("create takes whatever a source has, but what it has a word of its own for", () => {
  const { options = {} } = commandOf("create") ?? {};
  for (const { name } of fieldOptions(sourceOf(contractOf("disk_image")))) expect(options).toHaveProperty(name);
  expect(Object.keys(options)).toEqual(
    expect.arrayContaining(["sha256", "sha512", "unpacked-sha256", "keyring", "ca-file", "headers-file"]),
  );
});

it("create checks a source by files of checksums and by what it unpacks to", async () => {
  const source = ["--source", "disk.img.gz"];
  const good = await create("good.img", ...source, "--sha512", "SHA512SUMS", "--unpacked-sha256", "UNPACKED");
  expect(good).toMatchObject({ exitCode: 0, isThere: true });
  await writeFile(join(cwd, "disk.img"), bare);
  await run("qemu-img", ["compare", "-f", "qcow2", "-F", "raw", join(cwd, "good.img"), join(cwd, "disk.img")]);
  for (const option of ["--sha512", "--unpacked-sha256"]) {
    const wrong = digest(option === "--sha512" ? "sha512" : "sha256", Buffer.from("another"));
    const refused = await create("wrong.img", ...source, option, wrong);
    expect(refused).toMatchObject({ exitCode: 1, stderr: expect.stringContaining(wrong), isThere: false });
  }
  const unsigned = await create("unsigned.img", ...source, "--sha512", "SHA512SUMS", "--keyring", "none.gpg");
  expect(unsigned).toMatchObject({ exitCode: 1, isThere: false });
});

it("create refuses what is about a source where there is none", async () => {
  const { exitCode, stderr } = await create("blank.img", "--size", "1M", "--sha256", "0".repeat(64));
  expect([exitCode, stderr]).toEqual([64, expect.stringContaining("--sha256 is about a source")]);
});
