import { describe, expect, it } from "vitest";
import { digestsFor, parseChecksums } from "../../../core/build/checksums.ts";

const A = "a".repeat(64);
const B = "b".repeat(64);
const LONG = "c".repeat(128);
const of = (text: string, algorithm: "sha256" | "sha512" = "sha256") =>
  digestsFor("disk.qcow2", algorithm, parseChecksums(text));

describe("a file of checksums", () => {
  const SPELLINGS: readonly (readonly [what: string, text: string])[] = [
    ["GNU, text mode", `${B}  other.qcow2\n${A}  disk.qcow2\n`],
    ["GNU, binary mode", `${A} *disk.qcow2\n`],
    ["BSD", `# comment\nSHA256 (disk.qcow2) = ${A}\n`],
    ["openssl", `SHA256(disk.qcow2)= ${A}\n`],
    ["Fedora's", `# disk.qcow2: 123 bytes\nSHA256 (disk.qcow2) = ${A.toUpperCase()}\n`],
    ["with folders", `${A}  ./images/disk.qcow2\n`],
    ["with Windows' line ends", `${A}  disk.qcow2\r\n`],
    ["of one file, bare", `${A}\n`],
    ["of both algorithms", `SHA512 (disk.qcow2) = ${LONG}\nSHA256 (disk.qcow2) = ${A}\n`],
    ["listed twice alike", `${A}  disk.qcow2\n${A} *disk.qcow2\n`],
  ];

  it.each(SPELLINGS)("%s", (_, text) => {
    expect(of(text)).toEqual([A]);
  });

  it("of SHA-512", () => {
    expect(of(`${LONG}  disk.qcow2\n`, "sha512")).toEqual([LONG]);
    expect(of(`${LONG}  disk.qcow2\n`)).toEqual([]);
  });

  it("gives nothing for another file, and all where it says two things", () => {
    expect(of(`${A}  disk.qcow2.old\n${B}  my-disk.qcow2\n`)).toEqual([]);
    expect(of(`${A}  a/disk.qcow2\n${B}  b/disk.qcow2\n`)).toEqual([A, B]);
    expect(of(`${A}\n${B}\n`)).toEqual([]);
    expect(of("<html>not found</html>")).toEqual([]);
  });

  it("has names with backslashes and line breaks of their own", () => {
    const all = parseChecksums(`\\${A}  a\\\\b\\nc\n`);
    expect(all).toEqual([{ algorithm: "sha256", digest: A, name: "a\\b\nc" }]);
  });
});
