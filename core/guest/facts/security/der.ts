import { GuestkitError } from "../../../kit/errors.ts";

/** One value of ASN.1's distinguished encoding (X.690, 8.1). */
export interface DerValue {
  /** Class, form and number in one octet. */
  readonly tag: number;
  readonly content: Uint8Array;
  /** With tag and length. */
  readonly whole: Uint8Array;
}

export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  oid: 0x06,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const;

/** The value at the bytes' start. Throws `E_DER_SYNTAX` where there is none, or it ends past them. */
export function readDer(bytes: Uint8Array): DerValue {
  const [tag, first] = bytes;
  if (tag === undefined || first === undefined) throw derFault("it ends within a value");
  if ((tag & 0x1f) === 0x1f) throw derFault("a tag takes more than one octet");
  const [start, length] = first < 0x80 ? [2, first] : longLength(bytes, first & 0x7f);
  if (length > bytes.length - start) throw derFault("a value ends past what holds it");
  return { tag, content: bytes.subarray(start, start + length), whole: bytes.subarray(0, start + length) };
}

/** Octets of the length, four at most; none is the indefinite form, which this encoding forbids. */
function longLength(bytes: Uint8Array, octets: number): readonly [start: number, length: number] {
  if (octets === 0 || octets > 4 || bytes.length < 2 + octets) throw derFault("a length is none");
  return [2 + octets, bytes.subarray(2, 2 + octets).reduce((sum, octet) => sum * 256 + octet, 0)];
}

/** The values one after another in what holds them. Throws `E_DER_SYNTAX`. */
export function derValues(content: Uint8Array): readonly DerValue[] {
  const values: DerValue[] = [];
  for (let rest = content; rest.length > 0; rest = rest.subarray((values.at(-1) as DerValue).whole.length)) {
    values.push(readDer(rest));
  }
  return values;
}

/** The values in one of a tag that is demanded. Throws `E_DER_SYNTAX`. */
export function derParts(value: DerValue | undefined, tag: number): readonly DerValue[] {
  return derValues(derContent(value, tag));
}

/** The content of a value of a tag that is demanded. Throws `E_DER_SYNTAX`. */
export function derContent(value: DerValue | undefined, tag: number): Uint8Array {
  if (value?.tag !== tag) throw derFault("a value is missing, or of another kind");
  return value.content;
}

/** Longer ones are none that anybody registered. */
const MAX_OID = 64;

/** `2.5.4.3` of an object identifier's content (X.690, 8.19). Throws `E_DER_SYNTAX`. */
export function oidText(content: Uint8Array): string {
  if (content.length === 0 || content.length > MAX_OID) throw derFault("an object identifier is none");
  const arcs: bigint[] = [];
  let arc = 0n;
  for (const octet of content) {
    arc = (arc << 7n) | BigInt(octet & 0x7f);
    if (octet >= 0x80) continue;
    arcs.push(arc);
    arc = 0n;
  }
  const [first = 0n, ...others] = arcs;
  const top = first < 80n ? first / 40n : 2n;
  return [top, first - top * 40n, ...others].join(".");
}

export function derFault(what: string): GuestkitError {
  return new GuestkitError("E_DER_SYNTAX", `Cannot read the certificate: ${what}`, {
    help: "It is damaged, or no certificate: see what openssl x509 -in FILE -noout -text says of it.",
  });
}
