import type { Tree } from "../../../filesystem/tree.ts";
import { parseAssignments } from "../../assignments.ts";

/** SELinux as the next boot will have it (selinux_config(5)); the kernel's command line may say otherwise. */
export interface Selinux {
  /** `enforcing`, `permissive`, `disabled`. */
  readonly mode: string;
  /** `targeted`, `default`, `mls`. */
  readonly type: string | null;
  /** The compiled policy of that type, the newest; null where none is installed. */
  readonly policy: string | null;
  /** Every file is labelled anew by the next boot. */
  readonly relabel: boolean;
}

/** Null where nothing is set. */
export async function readSelinux(tree: Tree): Promise<Selinux | null> {
  const text = await tree.readText("/etc/selinux/config");
  if (text === null) return null;
  const settings = parseAssignments(text);
  const type = settings.get("SELINUXTYPE") || null;
  const mode = settings.get("SELINUX")?.toLowerCase();
  return {
    mode: mode === "enforcing" || mode === "permissive" ? mode : "disabled",
    type,
    policy: type && (await newestPolicy(tree, `/etc/selinux/${type}/policy`)),
    relabel: (await tree.resolve("/.autorelabel")) !== null,
  };
}

/** `policy.33`: files are named by the version of their format. */
async function newestPolicy(tree: Tree, folder: string): Promise<string | null> {
  const versions = (await tree.names(folder)).flatMap((name) => /^policy\.(\d{1,4})$/.exec(name)?.[1] ?? []);
  const newest = versions.sort((a, b) => Number(a) - Number(b)).at(-1);
  return newest === undefined ? null : `${folder}/policy.${newest}`;
}
