import type { FstabEntry } from "./fstab.ts";

/** systemd's own reading of fstab(5), to the letter: what libmount and people take more generously, it waits for in vain. */

/** Names by which udev knows what is on a disk: /dev/disk/by-NAME/. */
export type DiskLink = "uuid" | "label" | "partuuid" | "partlabel";

/**
 * The device that systemd waits for: `/dev/disk/by-label/my\\x20disk`; null where it waits for none (shared/fstab-util.c,
 * fstab_node_to_udev_node).
 */
export function systemdDevice({ fields }: Pick<FstabEntry, "fields">): string | null {
  const spec = decodeField(fields[0] ?? "");
  const [, tag, value] = /^(UUID|LABEL|PARTUUID|PARTLABEL)=(.*)$/s.exec(spec) ?? [];
  if (tag !== undefined && value !== undefined) return diskLink(tag.toLowerCase() as DiskLink, unquote(value));
  return spec.startsWith("/dev/") ? spec : null;
}

/** The link that udev makes: letters, digits and a few marks as they are, other bytes of ASCII as `\\x20`. */
export function diskLink(name: DiskLink, value: string): string {
  const encoded = value.replace(/[^A-Za-z0-9#+\-.:=@_\u0080-\u{10ffff}]/gu, escapeByte);
  return `/dev/disk/by-${name}/${encoded}`;
}

const escapeByte = (char: string) => `\\x${char.charCodeAt(0).toString(16).padStart(2, "0")}`;

/** getmntent(3): four escapes and a doubled backslash, no others. */
function decodeField(field: string): string {
  const known: Readonly<Record<string, string>> = { "040": " ", "011": "\t", "012": "\n", "134": "\\", "\\": "\\" };
  return field.replace(/\\(040|011|012|134|\\)/g, (_, code: string) => known[code] ?? "");
}

/** One pair of either quotes, whatever is between. */
function unquote(value: string): string {
  const [first] = value;
  const quoted = value.length >= 2 && (first === '"' || first === "'") && value.endsWith(first);
  return quoted ? value.slice(1, -1) : value;
}
