import { openNamedFile } from "../../host/plain-file.ts";

/** More than any private key has (bytes). */
const MOST = 64 << 10;
/** What the format of OpenSSH begins with, then the cipher's name with its length (PROTOCOL.key). */
const MAGIC = "openssh-key-v1\0";

/**
 * Why ssh would not log in by a file, nobody being there to type: others may read it (ssh passes over it where it is the
 * user's own), it is no private key, or a passphrase locks it. Null where nothing is wrong, or the file cannot be read.
 */
export async function keyFileFault(path: string): Promise<string | null> {
  const handle = await openNamedFile(path).catch(() => null);
  if (!handle) return null;
  try {
    const { mode, uid } = await handle.stat();
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(MOST), 0, MOST, 0);
    const open = uid === process.getuid?.() && (mode & 0o077) !== 0;
    if (open)
      return `others may use it (mode ${(mode & 0o777).toString(8).padStart(4, "0")}), so that ssh passes over it`;
    return contentFault(buffer.toString("latin1", 0, bytesRead));
  } finally {
    await handle.close();
  }
}

function contentFault(text: string): string | null {
  const found = /^-----BEGIN (?<kind>[A-Z0-9 ]*)PRIVATE KEY-----\r?\n(?<body>[\s\S]*)/m.exec(text);
  if (!found) return /^(ssh|ecdsa|sk)-\S+ AAAA/.test(text) ? "it is the public half of a key" : "it is no private key";
  const { kind = "", body = "" } = found.groups ?? {};
  const isLocked =
    kind.startsWith("ENCRYPTED") ||
    /^Proc-Type:.*ENCRYPTED/m.test(body) ||
    (kind.startsWith("OPENSSH") && hasCipher(body));
  return isLocked ? "it is locked by a passphrase, and nobody is there to type it" : null;
}

function hasCipher(body: string): boolean {
  const bytes = Buffer.from(body, "base64").toString("latin1");
  return bytes.startsWith(MAGIC) && bytes.slice(MAGIC.length + 4, MAGIC.length + 8) !== "none";
}
