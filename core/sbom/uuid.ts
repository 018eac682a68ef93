/** Names by their content: https://www.rfc-editor.org/rfc/rfc9562, section 5.5. */
import { createHash } from "node:crypto";

/** The namespace of guestkit's lists: a UUID of its own that means nothing else. */
const NAMESPACE = Buffer.from("6d0b1f1c5e8e4e1a9c0c2f7d3a4b5c61", "hex");

/** The UUID of version 5 of a text: the same text has the same one. */
export function uuidOf(name: string): string {
  const bytes = createHash("sha1").update(NAMESPACE).update(name).digest().subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x50;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
