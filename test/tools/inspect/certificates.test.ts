import { X509Certificate } from "node:crypto";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { parseCertificate } from "../../../core/guest/facts/security/certificate.ts";
import { pemBlocks, pemBytes } from "../../../core/guest/facts/security/pem.ts";
import { privateKeys } from "../../../core/guest/facts/security/private-key.ts";
import { nodeHost } from "../../../core/source/node.ts";
import { scratch } from "../../support/scratch.ts";
import { run } from "../../support/tool.ts";

const dir = await scratch("certificates");
/** Roots of authorities from all over the world: names in every way to write one. */
const STORE = "/usr/share/ca-certificates/mozilla";

const parsed = async (file: string) => {
  const [block] = pemBlocks(await readFile(file, "latin1"));
  return parseCertificate((block && pemBytes(block)) as Uint8Array, nodeHost);
};

/** What OpenSSL says of a certificate, in our words. */
async function told(file: string) {
  const names = ["-nameopt", "RFC2253,-esc_msb,utf8", "-dateopt", "iso_8601"];
  const what = ["-subject", "-issuer", "-serial", "-startdate", "-enddate", "-fingerprint", "-sha256", "-text"];
  const text = await run("openssl", ["x509", "-in", file, "-noout", ...names, ...what]);
  const value = (name: string) => new RegExp(`^${name} ?=(.*)$`, "m").exec(text)?.[1] ?? "";
  const time = (name: string) => value(name).replace(" ", "T");
  return {
    subject: value("subject"),
    issuer: value("issuer"),
    serial: value("serial").toLowerCase(),
    not_before: time("notBefore"),
    not_after: time("notAfter"),
    is_ca: /CA:TRUE/.test(text),
    key_bits: Number(/Public-Key: \((\d+) bit\)/.exec(text)?.[1] ?? 256),
    sha256: value("sha256 Fingerprint").replaceAll(":", "").toLowerCase(),
  };
}

async function make(name: string, key: readonly string[], more: readonly string[]): Promise<string> {
  const [file, secret] = [join(dir, `${name}.crt`), join(dir, `${name}.key`)];
  await run("openssl", ["genpkey", "-out", secret, ...key]);
  await run("openssl", ["req", "-x509", "-key", secret, "-out", file, "-utf8", ...more]);
  return file;
}

const RSA = ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024"];
const curve = (name: string) => ["-algorithm", "EC", "-pkeyopt", `ec_paramgen_curve:${name}`];

describe("a certificate", () => {
  let made: readonly string[] = [];

  beforeAll(async () => {
    made = await Promise.all([
      make("rsa", RSA, ["-subj", "/C=DE/O=Example, Inc. + Söhne/CN= #web;<a>\\\\ ", "-set_serial", "-1"]),
      make("p256", curve("P-256"), [
        "-subj",
        "/DC=example/DC=net/UID=u+CN=x/emailAddress=a@b.c",
        "-set_serial",
        "0x80ff",
      ]),
      make("p384", curve("P-384"), ["-subj", "/1.2.3.4=other/CN=日本/street=1\\/2", "-days", "20000"]),
      make("p521", curve("P-521"), ["-subj", "/CN=leaf", "-addext", "basicConstraints=critical,CA:FALSE"]),
      make("ed25519", ["-algorithm", "ED25519"], ["-subj", "/CN=e"]),
    ]);
  });

  it("reads as OpenSSL prints it, whatever its names and keys", async () => {
    // Every fifth of them: OpenSSL is started for each.
    const some = (await readdir(STORE)).filter((_, index) => index % 5 === 0).map((name) => join(STORE, name));
    const all = [...made, ...some];
    const [ours, theirs] = [await Promise.all(all.map(parsed)), await Promise.all(all.map(told))];
    expect(ours.map(({ hosts, key_type, self_signed, ...rest }) => rest)).toEqual(theirs);
    expect(ours.length).toBeGreaterThan(made.length + 10);
  });

  it("of every root that a distribution ships says what Node says of it", async () => {
    const files = (await readdir(STORE)).map((name) => join(STORE, name));
    const ours = await Promise.all(files.map(parsed));
    const theirs = await Promise.all(files.map(async (file) => new X509Certificate(await readFile(file))));
    expect(ours.map(({ is_ca, sha256, not_after }) => [is_ca, sha256, Date.parse(not_after)])).toEqual(
      theirs.map(({ ca, fingerprint256, validToDate }) => [
        ca,
        fingerprint256.replaceAll(":", "").toLowerCase(),
        validToDate.getTime(),
      ]),
    );
    expect(ours.filter((each) => !each.self_signed).map(({ subject }) => subject)).toEqual([]);
    expect(ours.length).toBeGreaterThan(50);
  });

  it("is good for the hosts that it names, and signed by whom it says", async () => {
    const names = "subjectAltName=DNS:web.example,IP:192.0.2.1,email:a@b.c,IP:2001:db8:0:0:0:0:0:1";
    const file = await make("hosts", curve("P-256"), ["-subj", "/CN=leaf", "-addext", names]);
    const { hosts, key_type, self_signed } = await parsed(file);
    expect([hosts, key_type, self_signed]).toEqual([["web.example", "192.0.2.1", "2001:db8::1"], "ec", true]);
    const [request, signed] = [join(dir, "r.csr"), join(dir, "signed.crt")];
    const [key, ca, secret] = [join(dir, "hosts.key"), join(dir, "p256.crt"), join(dir, "p256.key")];
    await run("openssl", ["req", "-new", "-key", key, "-subj", "/CN=leaf", "-out", request]);
    await run("openssl", ["x509", "-req", "-in", request, "-CA", ca, "-CAkey", secret, "-out", signed]);
    const { issuer, ...leaf } = await parsed(signed);
    expect([leaf.self_signed, leaf.is_ca, issuer]).toEqual([false, false, (await told(ca)).subject]);
  });
});

describe("a private key", () => {
  it("is told by the form in which the tools write it, encrypted or not", async () => {
    const at = (name: string) => join(dir, name);
    const secret = ["-aes256", "-passout", "pass:long enough"];
    await run("openssl", ["genrsa", "-traditional", "-out", at("rsa1"), "1024"]);
    await run("openssl", ["genrsa", "-traditional", ...secret, "-out", at("rsa2"), "1024"]);
    await run("openssl", ["ecparam", "-name", "prime256v1", "-genkey", "-out", at("ec")]);
    await run("openssl", ["genpkey", "-algorithm", "ED25519", "-out", at("pkcs8")]);
    await run("openssl", [
      "genpkey",
      "-algorithm",
      "ED25519",
      "-aes256",
      "-pass",
      "pass:long enough",
      "-out",
      at("pkcs8x"),
    ]);
    await run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", at("ssh")]);
    await run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "long enough", "-f", at("sshx")]);
    await writeFile(at("none"), await run("ssh-keygen", ["-y", "-f", at("ssh")]));
    const names = ["rsa1", "rsa2", "ec", "pkcs8", "pkcs8x", "ssh", "sshx", "none"];
    const found = await Promise.all(names.map(async (name) => privateKeys(name, await readFile(at(name), "latin1"))));
    expect(found.map((keys) => keys.map(({ kind, encrypted }) => `${kind} ${encrypted}`).join())).toEqual([
      ...["rsa false", "rsa true", "ec false", "pkcs8 false", "pkcs8 true", "openssh false", "openssh true", ""],
    ]);
  });
});
