import type { Tree } from "../../../filesystem/tree.ts";
import { instant } from "./sessions.ts";

/** A trace of how and when a system came to be. */
export interface FirstSign {
  readonly kind: "installer" | "cloud_init" | "machine_id" | "package_log";
  readonly path: string;
  /** When it was changed last (RFC 3339, UTC). */
  readonly changed_at: string | null;
}

const SIGNS: readonly (readonly [kind: FirstSign["kind"], path: string])[] = [
  ["installer", "/var/log/installer"],
  ["installer", "/var/log/anaconda"],
  ["installer", "/root/anaconda-ks.cfg"],
  ["installer", "/var/log/YaST2"],
  ["installer", "/root/autoinst.xml"],
  ["cloud_init", "/var/lib/cloud/instance/boot-finished"],
  ["cloud_init", "/var/log/cloud-init.log"],
  ["machine_id", "/etc/machine-id"],
  ["package_log", "/var/log/bootstrap.log"],
];

/** Cloud-init's id of the machine that it set up last. */
const INSTANCE = "/var/lib/cloud/data/instance-id";
/** Ids are short; what is longer is none. */
const LONGEST = 256;

export async function readFirstSigns(tree: Tree): Promise<readonly FirstSign[]> {
  const found: FirstSign[] = [];
  for (const [kind, path] of SIGNS) {
    const stat = await tree.stat(path);
    if (stat) found.push({ kind, path, changed_at: instant(stat.mtime.seconds * 1000) });
  }
  return found;
}

/** Null where cloud-init never ran. */
export async function readInstanceId(tree: Tree): Promise<string | null> {
  const size = (await tree.stat(INSTANCE))?.size ?? 0;
  return size === 0 || size > LONGEST ? null : ((await tree.readText(INSTANCE))?.trim() ?? null) || null;
}
