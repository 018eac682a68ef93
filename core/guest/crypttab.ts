import type { Tree } from "../filesystem/tree.ts";

/** A line of crypttab(5): the device below /dev/mapper that is made of an encrypted one. */
export interface CrypttabEntry {
  /** Below /dev/mapper. */
  readonly name: string;
  /** `UUID=...`, `/dev/sda3`. */
  readonly spec: string;
}

export async function readCrypttab(tree: Tree): Promise<readonly CrypttabEntry[]> {
  return parseCrypttab((await tree.readText("/etc/crypttab")) ?? "");
}

/** Lines with at least two fields. */
export function parseCrypttab(text: string): readonly CrypttabEntry[] {
  const lines = text.split("\n").map((line) => line.trim());
  return lines.flatMap((line) => {
    const [name, spec] = line.startsWith("#") ? [] : line.split(/\s+/);
    return name && spec ? [{ name, spec: spec.replace(/^([A-Z]+=)"(.*)"$/, "$1$2") }] : [];
  });
}
