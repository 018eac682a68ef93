import type { Algorithm } from "./hash.ts";

/** A line of a file of checksums. */
export interface Checksum {
  readonly algorithm: Algorithm;
  /** Lower-case hexadecimal. */
  readonly digest: string;
  /** As the line names the file; null where it names none. */
  readonly name: string | null;
}

/** Hexadecimal digits. */
const LENGTHS: ReadonlyMap<number, Algorithm> = new Map([
  [64, "sha256"],
  [128, "sha512"],
]);

/** `SHA256 (NAME) = HEX` of BSD and `cksum`, and openssl's without blanks. */
const TAGGED = /^(SHA-?256|SHA-?512) ?\((.*)\) ?= ?([0-9a-f]+)$/i;
/** `HEX  NAME` and `HEX *NAME` of sha256sum(1); the name alone, or nothing, beside it. */
const PLAIN = /^(\\?)([0-9a-f]{64,128})(?:[ \t]+\*?(.*))?$/i;

/**
 * The checksums of a text like SHA256SUMS, SHA512SUMS, Fedora's CHECKSUM or NAME.sha256: lines of other kinds (comments,
 * other algorithms) are passed over. Of a signed text the signature's lines are none.
 */
export function parseChecksums(text: string): readonly Checksum[] {
  return text.split("\n").flatMap((line) => readLine(line.trim()) ?? []);
}

function readLine(line: string): Checksum | null {
  const tagged = TAGGED.exec(line);
  if (tagged) return checksum(tagged[3] ?? "", tagged[2] ?? null);
  const plain = PLAIN.exec(line);
  if (!plain) return null;
  const name = plain[3] ? (plain[1] ? unescaped(plain[3]) : plain[3]) : null;
  return checksum(plain[2] ?? "", name);
}

function checksum(digest: string, name: string | null): Checksum | null {
  const algorithm = LENGTHS.get(digest.length);
  return algorithm ? { algorithm, digest: digest.toLowerCase(), name } : null;
}

/** A backslash before the digest says that the name has some of its own (sha256sum(1)). */
const unescaped = (name: string): string =>
  name.replace(/\\([\\nr])/g, (_, char: string) => ({ n: "\n", r: "\r" })[char] ?? char);

/**
 * The digests that the lines give for a file of this name: by its last part, since folders are the publisher's. One that
 * names no file counts where it is the only one of its algorithm.
 */
export function digestsFor(name: string, algorithm: Algorithm, all: readonly Checksum[]): readonly string[] {
  const known = all.filter((each) => each.algorithm === algorithm);
  const named = known.filter((each) => each.name?.replace(/^.*\//s, "") === name);
  const alone = known.length === 1 && known[0]?.name === null ? known : [];
  return [...new Set((named.length > 0 ? named : alone).map(({ digest }) => digest))];
}
