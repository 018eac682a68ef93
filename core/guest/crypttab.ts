import type { Tree } from "../filesystem/tree.ts";

/** A line of crypttab(5): the device below /dev/mapper that is made of an encrypted one. */
export interface CrypttabEntry {
  /** Below /dev/mapper. */
  readonly name: string;
  /** `UUID=...`, `/dev/sda3`. */
  readonly spec: string;
  /** The path of its key; null where the third field names none: a passphrase is asked for, or a program gives it. */
  readonly keyFile: string | null;
  readonly options: readonly string[];
}

export async function readCrypttab(tree: Tree): Promise<readonly CrypttabEntry[]> {
  return parseCrypttab((await tree.readText("/etc/crypttab")) ?? "");
}

/**
 * Lines with at least two fields. A third one that is no path is left out: it may be what a keyscript makes the key of.
 */
export function parseCrypttab(text: string): readonly CrypttabEntry[] {
  const lines = text.split("\n").map((line) => line.trim());
  return lines.flatMap((line) => {
    const [name, spec, key = "", options = ""] = line.startsWith("#") ? [] : line.split(/\s+/);
    if (!name || !spec) return [];
    return [
      {
        name,
        spec: spec.replace(/^([A-Z]+=)"(.*)"$/, "$1$2"),
        keyFile: key.startsWith("/") ? key : null,
        options: options.split(",").filter((option) => option !== ""),
      },
    ];
  });
}
