import { type PemBlock, pemBlocks, pemBytes } from "./pem.ts";

/** How a private key is written, and whether a passphrase keeps it; null where that does not show. */
export interface KeyKind {
  readonly kind: "rsa" | "dsa" | "ec" | "pkcs8" | "openssh" | "pgp" | "gnupg" | "putty" | "pkcs12" | "wireguard";
  readonly encrypted: boolean | null;
}

/** By a PEM block's label. */
const LABELS: Readonly<Record<string, KeyKind["kind"]>> = {
  "RSA PRIVATE KEY": "rsa",
  "DSA PRIVATE KEY": "dsa",
  "EC PRIVATE KEY": "ec",
  "PRIVATE KEY": "pkcs8",
  "ENCRYPTED PRIVATE KEY": "pkcs8",
  "OPENSSH PRIVATE KEY": "openssh",
  "PGP PRIVATE KEY BLOCK": "pgp",
};

/** The private key of a block; null where it holds something else. */
export function privateKeyOf(block: PemBlock): KeyKind | null {
  const kind = LABELS[block.label];
  if (kind === undefined) return null;
  if (kind === "pkcs8") return { kind, encrypted: block.label.startsWith("ENCRYPTED") };
  if (kind === "openssh") return { kind, encrypted: isOpensshEncrypted(block) };
  if (kind === "pgp") return { kind, encrypted: null };
  return { kind, encrypted: block.lines.some((line) => /^Proc-Type:\s*4,\s*ENCRYPTED/.test(line)) };
}

const MAGIC = "openssh-key-v1\0";

/** PROTOCOL.key of OpenSSH: behind the magic the cipher's name, `none` where there is none. */
function isOpensshEncrypted(block: PemBlock): boolean | null {
  const head = String.fromCharCode(...(pemBytes(block)?.subarray(0, 32) ?? []));
  return head.startsWith(MAGIC) ? !head.startsWith("\0\0\0\x04none", MAGIC.length) : null;
}

/** What shows by a text's own form, or by the file's name, that it is a key; null where neither does. */
export function looseKey(path: string, text: string): KeyKind | null {
  if (/^PuTTY-User-Key-File-\d/.test(text)) return { kind: "putty", encrypted: !/^Encryption: none\s*$/m.test(text) };
  if (/\/private-keys-v1\.d\/[0-9A-F]+\.key$/.test(path)) {
    return { kind: "gnupg", encrypted: /\((?:\d+:)?protected-private-key/.test(text) };
  }
  if (/\.(?:p12|pfx)$/i.test(path) && text.startsWith("0")) return { kind: "pkcs12", encrypted: null };
  const isWireguard = /^\/etc\/wireguard\//.test(path) && /^[ \t]*PrivateKey[ \t]*=[ \t]*\S/im.test(text);
  return isWireguard ? { kind: "wireguard", encrypted: false } : null;
}

/** Every private key in a file's text. */
export function privateKeys(path: string, text: string): readonly KeyKind[] {
  const loose = looseKey(path, text);
  return [...pemBlocks(text).flatMap((block) => privateKeyOf(block) ?? []), ...(loose ? [loose] : [])];
}
