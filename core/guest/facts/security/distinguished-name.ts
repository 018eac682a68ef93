import { encodeName } from "../../../kit/name.ts";
import { hexOf } from "../../../kit/struct.ts";
import { type DerValue, derContent, derParts, derValues, oidText, TAG } from "./der.ts";

/** Names of attributes as OpenSSL prints them; others stand by their numbers (RFC 4514, section 2.3). */
const ATTRIBUTES: Readonly<Record<string, string>> = {
  "2.5.4.3": "CN",
  "2.5.4.4": "SN",
  "2.5.4.5": "serialNumber",
  "2.5.4.6": "C",
  "2.5.4.7": "L",
  "2.5.4.8": "ST",
  "2.5.4.9": "street",
  "2.5.4.10": "O",
  "2.5.4.11": "OU",
  "2.5.4.12": "title",
  "2.5.4.13": "description",
  "2.5.4.15": "businessCategory",
  "2.5.4.17": "postalCode",
  "2.5.4.41": "name",
  "2.5.4.42": "GN",
  "2.5.4.43": "initials",
  "2.5.4.46": "dnQualifier",
  "2.5.4.65": "pseudonym",
  "2.5.4.97": "organizationIdentifier",
  "0.9.2342.19200300.100.1.1": "UID",
  "0.9.2342.19200300.100.1.25": "DC",
  "1.2.840.113549.1.9.1": "emailAddress",
  "1.3.6.1.4.1.311.60.2.1.1": "jurisdictionL",
  "1.3.6.1.4.1.311.60.2.1.2": "jurisdictionST",
  "1.3.6.1.4.1.311.60.2.1.3": "jurisdictionC",
};

const latin1 = (bytes: Uint8Array) => Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
const utf8 = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

/** How strings are written, by their tag. */
const STRINGS: Readonly<Record<number, (bytes: Uint8Array) => string>> = {
  12: utf8,
  18: latin1,
  19: latin1,
  20: latin1,
  22: latin1,
  26: latin1,
  28: (bytes) => wide(bytes, 4),
  30: (bytes) => wide(bytes, 2),
};

/** `CN=web,O=Example,C=DE`: the last part first, as RFC 4514 writes a name. Throws `E_DER_SYNTAX`. */
export function nameText(name: DerValue | undefined): string {
  // Those that share a part are turned round with all others, as OpenSSL does.
  const parts = derParts(name, TAG.sequence).map((part) => derParts(part, TAG.set).map(attribute).reverse().join("+"));
  return parts.reverse().join(",");
}

function attribute(pair: DerValue): string {
  const [type, value] = derParts(pair, TAG.sequence);
  const number = oidText(derContent(type, TAG.oid));
  const name = ATTRIBUTES[number];
  const decode = value && STRINGS[value.tag];
  if (name === undefined || !decode) return `${name ?? number}=#${hexOf(value?.whole ?? new Uint8Array(0))}`;
  return `${name}=${escaped(decode(value.content))}`;
}

/** What would read as something else is written behind a backslash (RFC 4514, section 2.4). */
function escaped(text: string): string {
  return text.replace(/[,+"\\<>;\p{Cc}]|^[ #]| $/gu, (char) => (/\p{Cc}/u.test(char) ? octets(char) : `\\${char}`));
}

const octets = (char: string): string => hexOf(encodeName(char)).toUpperCase().replace(/../g, "\\$&");

/** Characters of as many octets, the highest first. */
function wide(bytes: Uint8Array, width: number): string {
  let text = "";
  for (let at = 0; at + width <= bytes.length; at += width) {
    const code = bytes.subarray(at, at + width).reduce((sum, octet) => sum * 256 + octet, 0);
    text += code > 0x10ffff ? "\ufffd" : String.fromCodePoint(code);
  }
  return text;
}

/** DNS names and addresses of a certificate's alternative names (RFC 5280, section 4.2.1.6). Throws `E_DER_SYNTAX`. */
export function hostNames(extension: Uint8Array): readonly string[] {
  return derValues(extension).flatMap(({ content: names }) =>
    derValues(names).flatMap(({ tag, content }) => {
      if (tag === 0x82) return [latin1(content)];
      return tag === 0x87 ? (address(content) ?? []) : [];
    }),
  );
}

function address(bytes: Uint8Array): string | null {
  if (bytes.length === 4) return bytes.join(".");
  if (bytes.length !== 16) return null;
  const words = Array.from({ length: 8 }, (_, at) =>
    (((bytes[2 * at] ?? 0) << 8) | (bytes[2 * at + 1] ?? 0)).toString(16),
  );
  // The platform's own shortest form.
  return new URL(`http://[${words.join(":")}]/`).hostname.slice(1, -1);
}
