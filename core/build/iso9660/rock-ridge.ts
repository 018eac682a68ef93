import { ascii, both32, join, SHORT_DATE } from "./fields.ts";

/** Entries of a system use area (SUSP 1.10, RRIP 1.10): signature, length, version, fields. */
function entry(signature: string, ...fields: readonly (Uint8Array | readonly number[])[]): Uint8Array {
  const body = join(...fields);
  return join(ascii(signature), [body.length + 4, 1], body);
}

const DIRECTORY = 0o040555;
/** Nobody but root is to read what may hold secrets. */
const FILE = 0o100400;
const MODIFY_ACCESS_ATTRIBUTES = 0x0e;

const times = entry("TF", [MODIFY_ACCESS_ATTRIBUTES], SHORT_DATE, SHORT_DATE, SHORT_DATE);
const attributes = (mode: number, links: number) => entry("PX", both32(mode), both32(links), both32(0), both32(0));

/** What the root says of itself: that SUSP is used, and where the extension is named. */
export const rootUse = (continuation: number): Uint8Array =>
  join(
    entry("SP", [0xbe, 0xef, 0]),
    attributes(DIRECTORY, 2),
    times,
    entry("CE", both32(continuation), both32(0), both32(extensionUse.length)),
  );

export const parentUse: Uint8Array = join(attributes(DIRECTORY, 2), times);

export const fileUse = (name: string): Uint8Array =>
  join(entry("NM", [0], new TextEncoder().encode(name)), attributes(FILE, 1), times);

const IDENTIFIER = "RRIP_1991A";
const DESCRIPTION = "THE ROCK RIDGE INTERCHANGE PROTOCOL PROVIDES SUPPORT FOR POSIX FILE SYSTEM SEMANTICS";

/** The continuation area: which extension this is. */
export const extensionUse: Uint8Array = entry(
  "ER",
  [IDENTIFIER.length, DESCRIPTION.length, 0, 1],
  ascii(IDENTIFIER),
  ascii(DESCRIPTION),
);
