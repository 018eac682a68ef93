/** A block between lines of dashes (RFC 7468). */
export interface PemBlock {
  /** `CERTIFICATE`, `RSA PRIVATE KEY`. */
  readonly label: string;
  /** What stands between, line by line. */
  readonly lines: readonly string[];
}

const BEGIN = /^-----BEGIN ([A-Z0-9 ]{1,64})-----\s*$/;

/** The blocks of a file; one that does not end, ends where the next one begins. */
export function pemBlocks(text: string): readonly PemBlock[] {
  const blocks: PemBlock[] = [];
  let open: { readonly label: string; readonly lines: string[] } | null = null;
  for (const line of text.split("\n")) {
    const label = line.startsWith("-----") ? BEGIN.exec(line)?.[1] : undefined;
    if (label !== undefined) {
      open = { label, lines: [] };
      blocks.push(open);
    } else if (line.startsWith("-----END ")) open = null;
    else open?.lines.push(line);
  }
  return blocks;
}

/** The bytes of a block, without the headers that stand before them; null where they are no base64. */
export function pemBytes({ lines }: PemBlock): Uint8Array | null {
  const text = lines.filter((line) => !line.includes(":")).join("");
  try {
    return Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
  } catch {
    return null;
  }
}
