import { type NamedArray, readMdadmConf } from "../../mdadm-conf.ts";
import type { FactKind } from "../fact.ts";
import { type DeclaredMount, readDeclaredMounts } from "./declared-mounts.ts";
import { type Mapping, readMappings } from "./mappings.ts";
import { readSwap, type Swap } from "./swap.ts";

/** What a system's own files say of its storage, whether or not it is in this image. */
export interface Storage {
  readonly fstab: readonly DeclaredMount[];
  readonly crypttab: readonly Mapping[];
  readonly swap: readonly Swap[];
  /** Of mdadm.conf. */
  readonly arrays: readonly NamedArray[];
}

export const storage: FactKind<Storage> = {
  read: async (known) => ({
    fstab: await readDeclaredMounts(known.tree),
    crypttab: await readMappings(known.tree),
    swap: await readSwap(known),
    arrays: await readMdadmConf(known.tree),
  }),
};
