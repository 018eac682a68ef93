import type { Tree } from "../../../filesystem/tree.ts";
import { SECRET } from "../../../kit/secrets.ts";
import { type FstabEntry, readFstab } from "../../fstab.ts";

/** A line of fstab, whether or not what it names is in this image. */
export interface DeclaredMount {
  /** `UUID=...`, `/dev/sda1`, `tmpfs`, `server:/export`. */
  readonly device: string;
  /** Where it goes; `none` for swap. */
  readonly target: string;
  readonly type: string;
  readonly options: readonly string[];
  /** That what it names is in this image, and was mounted for this report. */
  readonly mounted: boolean;
}

/** Options of cifs, ceph and their like that are secrets themselves. */
const SECRET_OPTION = /^((?:[\w.-]{0,64}(?:pass|passwd|password2?|passphrase|secret|token)|key)=).+$/is;
/** cifs takes `user=name%password`. */
const USER_OPTION = /^(user(?:name)?=[^%]*%).+$/is;
/** `https://user:password@host`, `curlftpfs#user:password@host`. */
const LOGIN = /^([a-z][a-z0-9+.-]*(?::\/\/|#)[^/@:]*:)[^/]*(@)/i;

/** Every line of fstab in its order, without the passwords in it. */
export async function readDeclaredMounts(tree: Tree): Promise<readonly DeclaredMount[]> {
  const there = new Set(tree.mounts.map(({ target }) => target));
  return (await readFstab(tree)).map((entry) => declared(entry, there));
}

function declared({ spec, target, type, options }: FstabEntry, there: ReadonlySet<string>): DeclaredMount {
  return {
    device: spec.replace(LOGIN, `$1${SECRET}$2`),
    target,
    type,
    options: options.map((option) => option.replace(SECRET_OPTION, `$1${SECRET}`).replace(USER_OPTION, `$1${SECRET}`)),
    mounted: target.startsWith("/") && there.has(normal(target)),
  };
}

function normal(target: string): string {
  const names = target.split("/").filter((name) => name !== "");
  return `/${names.join("/")}`;
}
