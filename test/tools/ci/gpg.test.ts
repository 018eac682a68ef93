import { mkdir, readFile, writeFile } from "node:fs/promises";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Signing, Workshop } from "./workshop.ts";

/** Stands still (`!`): a clock that runs from here in each process can sign before the key was made. */
const LONG_AGO = "20200101T000000!";

describe("OpenPGP signatures", async () => {
  const shop = await Workshop.open();
  const home = shop.path("gnupg");

  const gpg = async (...args: readonly string[]) =>
    (await execa("gpg", ["--homedir", home, "--batch", "--no-tty", "--quiet", ...args])).stdout;

  /** Makes a key; gives its fingerprint. */
  async function key(name: string, expires: string, when: readonly string[] = []): Promise<string> {
    const quick = ["--passphrase", "", "--quick-gen-key", `${name} <${name}@example.org>`, "ed25519", "sign", expires];
    await gpg(...when, ...quick);
    const listed = await gpg("--with-colons", "--list-keys", name);
    return /^fpr:::::::::([0-9A-F]+):/m.exec(listed)?.[1] ?? "";
  }

  async function keyring(name: string, ...fingerprints: readonly string[]): Promise<string> {
    await writeFile(shop.path(name), await gpg("--armor", "--export", ...fingerprints));
    return shop.path(name);
  }

  const by = (fingerprint: string): Signing => [
    "-c",
    `gpg.program=${shop.path("sign")}`,
    "-c",
    `user.signingKey=${fingerprint}`,
  ];
  const inThePast = (fingerprint: string): Signing => [
    ...by(fingerprint),
    "-c",
    `gpg.program=${shop.path("sign-then")}`,
  ];

  beforeAll(async () => {
    await mkdir(home, { mode: 0o700 });
    const program = (more: string) => `#!/bin/sh\nexec gpg --homedir ${home} ${more} "$@"\n`;
    await writeFile(shop.path("sign"), program(""), { mode: 0o755 });
    await writeFile(shop.path("sign-then"), program(`--faked-system-time ${LONG_AGO}`), { mode: 0o755 });
  });
  afterAll(() => execa("gpgconf", ["--homedir", home, "--kill", "all"]));

  async function refused(name: string, ref: string, signers: Record<string, string | string[]>): Promise<string> {
    await shop.job(name, { ref, signers });
    const error = await shop.run(name).then(
      () => null,
      (thrown: Error) => thrown,
    );
    expect(error).toMatchObject({ code: "E_CI_SIGNATURE" });
    expect(await shop.status(name)).toMatchObject({ result: "refused", signer: null });
    return error?.message ?? "";
  }

  it("takes commits and tags that a key of the keyring signed, all or those that are named", async () => {
    const [ada, bob] = [await key("ada", "never"), await key("bob", "never")];
    const ring = await keyring("both.asc", ada, bob);
    const commit = await shop.commit("first", { "file.txt": "one\n" }, by(ada));
    await shop.job("good", { signers: { keyring: ring } });
    expect(await shop.run("good")).toMatchObject({ commit, signer: "ada <ada@example.org>" });
    expect(await shop.status("good")).toMatchObject({ signer: { kind: "gpg", key: ada } });
    await shop.job("named", {
      signers: { keyring: ring, fingerprints: [ada.replace(/.{4}/g, "$& ").trim().toLowerCase()] },
    });
    expect(await shop.run("named")).toMatchObject({ commit });
    expect(await refused("other", "main", { keyring: ring, fingerprints: [bob] })).toContain("fingerprints");
    expect(await refused("absent", "main", { keyring: await keyring("bob.asc", bob) })).toContain(
      "not in the job's keyring",
    );
    await shop.git([...by(bob), "tag", "-s", "v1", "-m", "one"]);
    await shop.job("tag", { ref: "v1", signers: { keyring: ring } });
    expect(await shop.run("tag")).toMatchObject({ commit, signer: "bob <bob@example.org>" });
    const raw = `${await shop.git(["cat-file", "commit", "main"])}\n`;
    const oid = await shop.git(
      ["hash-object", "-t", "commit", "-w", "--stdin"],
      {},
      raw.replace("\n\nfirst", "\n\nworse"),
    );
    await shop.git(["update-ref", "refs/heads/tampered", oid]);
    expect(await refused("tampered", "tampered", { keyring: ring })).toContain("does not fit");
    expect(await readFile(shop.path("data/ci/good/work/file.txt"), "utf8")).toBe("one\n");
  });

  it("refuses keys that have expired or were revoked, though the signature is as good as ever", async () => {
    const expired = await key("carl", "1y", ["--faked-system-time", LONG_AGO]);
    await shop.git(["checkout", "--quiet", "-b", "expired"]);
    await shop.commit("then", {}, inThePast(expired), { GIT_COMMITTER_DATE: "2020-01-02T00:00:00Z" });
    expect(await refused("expired", "expired", { keyring: await keyring("carl.asc", expired) })).toContain("expired");
    const revoked = await key("dora", "never");
    await shop.git(["checkout", "--quiet", "-b", "revoked"]);
    const commit = await shop.commit("before", {}, by(revoked));
    await shop.job("revoked", { ref: "revoked", signers: { keyring: await keyring("dora.asc", revoked) } });
    expect(await shop.run("revoked")).toMatchObject({ commit });
    // GnuPG makes the certificate with the key, and a colon in front keeps it from being taken by mistake.
    const certificate = await readFile(`${home}/openpgp-revocs.d/${revoked}.rev`, "utf8");
    await writeFile(shop.path("revoke.asc"), certificate.replace(/^:-----/m, "-----"));
    await gpg("--import", shop.path("revoke.asc"));
    expect(await refused("revoked", "revoked", { keyring: await keyring("dora.asc", revoked) })).toContain("revoked");
  });
});
