import { createHash } from "node:crypto";
import { readdir, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { publicHalf } from "../../../core/machine/key-format.ts";
import type { Network } from "../../../core/machine/machine.ts";
import { macOf } from "../../../core/machine/macs.ts";
import { contractOf, type ValueObject } from "../../../core/model/index.ts";
import { createEngine } from "../../../core/resource/index.ts";
import { scratch } from "../../support/scratch.ts";

const dir = await scratch("answers");
const engine = createEngine({ baseDir: dir, settings: { cacheDir: join(dir, "cache") } });
const ask = (name: string, input: ValueObject) => engine.query(contractOf(name, "secret", "function"), input);

describe("functions", () => {
  it.each([
    ["20G", 20 * 2 ** 30],
    ["20GB", 20e9],
    ["1.5KiB", 1536],
    [17, 17],
  ])("parses %s as every field of a size does", async (size, bytes) => {
    expect(await ask("parse_size", { size })).toMatchObject({ bytes });
  });

  it("derives the address that a machine's network gets by its name", async () => {
    const { mac } = await ask("mac_for", { machine: "web", network: "net0" });
    expect(mac).toBe(macOf("web", "net0", { mac: null } as Network));
    expect(mac).toMatch(/^52:54:00(?::[0-9a-f]{2}){3}$/);
  });

  it("digests a file, and reads it anew only where it was touched", async () => {
    const path = join(dir, "disk.raw");
    const digest = (text: string, algorithm = "sha256") => createHash(algorithm).update(text).digest("hex");
    await writeFile(path, "one");
    await utimes(path, 1, 1);
    expect(await ask("file_digest", { path: "disk.raw" })).toMatchObject({ digest: digest("one") });
    expect(await ask("file_digest", { path, algorithm: "sha512" })).toMatchObject({ digest: digest("one", "sha512") });
    expect(await readdir(join(dir, "cache/digests"))).toHaveLength(2);
    await writeFile(path, "two");
    expect(await ask("file_digest", { path })).toMatchObject({ digest: digest("two") });
  });

  it.each([
    ["parse_size", { size: "20X" }, "E_SIZE_SYNTAX", "size"],
    ["mac_for", { machine: "", network: "net0" }, "E_FIELD_LENGTH", "machine"],
    ["file_digest", { path: "nowhere" }, "E_DIGEST_FILE", "path"],
    ["file_digest", { path: "." }, "E_DIGEST_FILE", "path"],
    ["file_digest", { path: "a", algorithm: "md5" }, "E_FIELD_CHOICE", "algorithm"],
  ])("%s of %o is refused at the argument", async (name, input, code, field) => {
    await expect(ask(name, input as ValueObject)).rejects.toMatchObject({ code, at: { field: [field] } });
  });
});

describe("secrets", () => {
  it("are another key pair each time, whose halves belong together", async () => {
    const [one, two] = [await ask("key_pair", { comment: "web" }), await ask("key_pair", {})];
    expect(one.private_key).not.toBe(two.private_key);
    expect(String(one.public_key)).toBe(`${publicHalf(String(one.private_key))} web`);
    expect(one.fingerprint).toMatch(/^SHA256:[A-Za-z0-9+/]{43}$/);
  });

  it("are another hash of one password each time, with the rounds that were asked for", async () => {
    const hash = async (input: ValueObject) => String((await ask("password_hash", { password: "x", ...input })).hash);
    expect(await hash({})).not.toBe(await hash({}));
    expect(await hash({})).toMatch(/^\$6\$[./0-9A-Za-z]{16}\$[./0-9A-Za-z]{86}$/);
    expect(await hash({ rounds: 1000 })).toMatch(/^\$6\$rounds=1000\$/);
  });

  it.each([
    [{ password: "" }, "password"],
    [{ password: "a\0b" }, "password"],
    [{ password: "a".repeat(513) }, "password"],
    [{ password: "a", rounds: 1 }, "rounds"],
  ])("refuses %o, and says no password", async (input, field) => {
    const refused = expect(ask("password_hash", input)).rejects;
    await refused.toMatchObject({ at: { field: [field] } });
    if (input.password.length > 2)
      await expect(ask("password_hash", input)).rejects.not.toThrow(new RegExp(input.password));
  });

  it("stops where the caller does", async () => {
    const signal = AbortSignal.abort(new Error("enough"));
    const contract = contractOf("password_hash");
    await expect(engine.query(contract, { password: "x" }, { signal })).rejects.toThrow("enough");
  });
});
