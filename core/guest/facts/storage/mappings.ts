import type { Tree } from "../../../filesystem/tree.ts";
import { type CrypttabEntry, readCrypttab } from "../../crypttab.ts";

/** A line of crypttab: what is opened when the system starts, and by which key. Never the key. */
export interface Mapping {
  /** Below /dev/mapper. */
  readonly name: string;
  /** `UUID=...`, `/dev/sda3`. */
  readonly device: string;
  /** The path of its key: the one that crypttab names, else what systemd takes by itself; null for neither. */
  readonly key_file: string | null;
  /** That the key lies in the image. */
  readonly key_in_image: boolean;
  readonly options: readonly string[];
}

/** In crypttab's order. */
export async function readMappings(tree: Tree): Promise<readonly Mapping[]> {
  const mappings: Mapping[] = [];
  for (const entry of await readCrypttab(tree)) mappings.push(await mapping(tree, entry));
  return mappings;
}

async function mapping(tree: Tree, { name, spec, keyFile, options }: CrypttabEntry): Promise<Mapping> {
  // systemd-cryptsetup looks there where no key is named (crypttab(5)).
  const implied = `/etc/cryptsetup-keys.d/${name}.key`;
  const path = keyFile ?? implied;
  const isThere = (await tree.stat(path))?.type === "file";
  const key_file = keyFile ?? (isThere ? implied : null);
  return { name, device: spec, key_file, key_in_image: isThere, options };
}
