import { hexOf } from "../../../kit/struct.ts";
import type { Codec } from "../../../source/codec.ts";
import { type DerValue, derContent, derFault, derParts, derValues, oidText, readDer, TAG } from "./der.ts";
import { hostNames, nameText } from "./distinguished-name.ts";

/** What a certificate of X.509 says (RFC 5280). */
export interface Certificate {
  /** `CN=web,O=Example,C=DE`: the last part first, as RFC 4514 writes a name. */
  readonly subject: string;
  readonly issuer: string;
  /** Hexadecimal digits. */
  readonly serial: string;
  /** RFC 3339, UTC. */
  readonly not_before: string;
  readonly not_after: string;
  /** DNS names and addresses that it is good for. */
  readonly hosts: readonly string[];
  /** It may sign others. */
  readonly is_ca: boolean;
  /** It names itself as its issuer, and no other key. */
  readonly self_signed: boolean;
  /** `rsa`, `ec`, `ed25519`; an object identifier of what is none of those. */
  readonly key_type: string;
  /** Of the modulus or the curve; null where that is not known. */
  readonly key_bits: number | null;
  /** Of the whole, hexadecimal digits. */
  readonly sha256: string;
}

const KEYS: Readonly<Record<string, { readonly type: string; readonly bits?: number }>> = {
  "1.2.840.113549.1.1.1": { type: "rsa" },
  "1.2.840.113549.1.1.10": { type: "rsa-pss" },
  "1.2.840.10040.4.1": { type: "dsa" },
  "1.2.840.10045.2.1": { type: "ec" },
  "1.3.101.112": { type: "ed25519", bits: 256 },
  "1.3.101.113": { type: "ed448", bits: 456 },
};
const CURVES: Readonly<Record<string, number>> = {
  "1.2.840.10045.3.1.1": 192,
  "1.3.132.0.33": 224,
  "1.2.840.10045.3.1.7": 256,
  "1.3.132.0.10": 256,
  "1.3.132.0.34": 384,
  "1.3.132.0.35": 521,
  "1.3.36.3.3.2.8.1.1.7": 256,
  "1.3.36.3.3.2.8.1.1.11": 384,
  "1.3.36.3.3.2.8.1.1.13": 512,
};
const EXTENSION = {
  subjectKey: "2.5.29.14",
  alternativeNames: "2.5.29.17",
  basicConstraints: "2.5.29.19",
  authorityKey: "2.5.29.35",
} as const;

/** From its bytes, behind which others may stand. Throws `E_DER_SYNTAX`. */
export function parseCertificate(bytes: Uint8Array, { digest }: Pick<Codec, "digest">): Certificate {
  const { whole, tag, content } = readDer(bytes);
  const [signed] = derParts({ whole, tag, content }, TAG.sequence);
  const all = derParts(signed, TAG.sequence);
  const [serial, , issuer, validity, subject, key, ...more] = all[0]?.tag === 0xa0 ? all.slice(1) : all;
  const [from, until] = derParts(validity, TAG.sequence);
  const extensions = extensionsOf(more.find((each) => each.tag === 0xa3));
  const names = extensions.get(EXTENSION.alternativeNames);
  return {
    subject: nameText(subject),
    issuer: nameText(issuer),
    serial: serialText(derContent(serial, TAG.integer)),
    not_before: timeText(from),
    not_after: timeText(until),
    hosts: names ? hostNames(names) : [],
    is_ca: isAuthority(extensions.get(EXTENSION.basicConstraints)),
    self_signed:
      hexOf(derContent(subject, TAG.sequence)) === hexOf(derContent(issuer, TAG.sequence)) && ownKey(extensions),
    ...keyOf(key),
    sha256: hexOf(digest("sha256", whole)),
  };
}

/** By their object identifiers: what their octet strings hold (RFC 5280, section 4.1). */
function extensionsOf(tagged: DerValue | undefined): ReadonlyMap<string, Uint8Array> {
  const [list] = tagged ? derValues(tagged.content) : [];
  const found = new Map<string, Uint8Array>();
  for (const each of list ? derParts(list, TAG.sequence) : []) {
    const parts = derParts(each, TAG.sequence);
    found.set(oidText(derContent(parts[0], TAG.oid)), derContent(parts.at(-1), TAG.octetString));
  }
  return found;
}

/** Section 4.2.1.9: cA stands first, and is left out where it is false. */
function isAuthority(constraints: Uint8Array | undefined): boolean {
  const [first] = constraints ? derParts(readDer(constraints), TAG.sequence) : [];
  return first?.tag === TAG.boolean && first.content[0] !== 0;
}

/** Whether the key that signed it, where that is said, is its own (sections 4.2.1.1 and 4.2.1.2). */
function ownKey(extensions: ReadonlyMap<string, Uint8Array>): boolean {
  const [authority, subject] = [extensions.get(EXTENSION.authorityKey), extensions.get(EXTENSION.subjectKey)];
  const parts = authority ? derParts(readDer(authority), TAG.sequence) : [];
  const signer = parts.find(({ tag }) => tag === 0x80);
  return !signer || !subject || hexOf(signer.content) === hexOf(derContent(readDer(subject), TAG.octetString));
}

function keyOf(key: DerValue | undefined): Pick<Certificate, "key_type" | "key_bits"> {
  const [algorithm, bits] = derParts(key, TAG.sequence);
  const [id, parameters] = derParts(algorithm, TAG.sequence);
  const number = oidText(derContent(id, TAG.oid));
  const { type, bits: fixed = null } = KEYS[number] ?? { type: number };
  if (type === "ec") return { key_type: type, key_bits: curveBits(parameters) };
  if (type === "dsa") return { key_type: type, key_bits: parameters ? firstBits(parameters) : null };
  if (!type.startsWith("rsa")) return { key_type: type, key_bits: fixed };
  return { key_type: type, key_bits: firstBits(readDer(derContent(bits, TAG.bitString).subarray(1))) };
}

const curveBits = (parameters: DerValue | undefined): number | null =>
  parameters?.tag === TAG.oid ? (CURVES[oidText(parameters.content)] ?? null) : null;

/** Bits of the first number of a sequence: the modulus of RSA, the prime of DSA. */
function firstBits(sequence: DerValue): number {
  const [first] = derParts(sequence, TAG.sequence);
  const digits = hexOf(derContent(first, TAG.integer)).replace(/^0+/, "");
  return digits === "" ? 0 : digits.length * 4 - Math.clz32(Number.parseInt(digits[0] as string, 16)) + 28;
}

/** Numbers below zero are none that a certificate should bear, and stand in some. */
function serialText(content: Uint8Array): string {
  const number = BigInt.asIntN(content.length * 8, BigInt(`0x${hexOf(content) || "0"}`));
  const digits = (number < 0n ? -number : number).toString(16);
  return `${number < 0n ? "-" : ""}${digits.padStart(digits.length + (digits.length % 2), "0")}`;
}

/** `YYMMDDHHMMSSZ` or `YYYYMMDDHHMMSSZ` (section 4.1.2.5): years of two digits are those from 1950 on. */
function timeText(time: DerValue | undefined): string {
  const text = String.fromCharCode(...(time?.content.subarray(0, 32) ?? []));
  const isShort = time?.tag === TAG.utcTime;
  if (!time || (!isShort && time.tag !== TAG.generalizedTime)) throw derFault("a time is missing");
  const full = isShort ? `${text < "50" ? "20" : "19"}${text}` : text;
  const parts = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(full);
  const [, year, month, day, hour, minute, second] = parts ?? [];
  const told = `${year}-${month}-${day}T${hour}:${minute}:${second}Z`;
  if (Number.isNaN(Date.parse(told))) throw derFault("a time is none");
  return told;
}
