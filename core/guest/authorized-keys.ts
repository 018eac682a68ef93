import type { Tree } from "../filesystem/tree.ts";
import type { User } from "./accounts.ts";
import type { SshdLine } from "./sshd-config.ts";
import { sshdSetting } from "./sshd-login.ts";

/** Who is let in by which key. */
export interface UserKeys {
  /** Public keys, `type base64`, that let a user in, by the user's name. */
  readonly authorizedKeys: Readonly<Record<string, readonly string[]>>;
  /** By user: the file or folder of whose owner or permissions the server disapproves, so that no key counts. */
  readonly loose: Readonly<Record<string, string>>;
}

/** Where keys are looked for, and whether owners and permissions count. */
export interface KeyPlaces {
  /** AuthorizedKeysFile: below the home unless absolute, with tokens. */
  readonly files: readonly string[];
  /** StrictModes. */
  readonly strict: boolean;
}

const USUAL = [".ssh/authorized_keys", ".ssh/authorized_keys2"];
/** More accounts with a shell than a machine has; a list made to be long is cut. */
const MAX_USERS = 200;
const MAX_FILES = 8;

export function keyPlaces(lines: readonly SshdLine[]): KeyPlaces {
  const files = sshdSetting(lines, "authorizedkeysfile")?.values ?? USUAL;
  const strict = !/^no$/i.test(sshdSetting(lines, "strictmodes")?.values[0] ?? "yes");
  return { files: files.filter((each) => !/^none$/i.test(each)).slice(0, MAX_FILES), strict };
}

/** A place with its tokens put in: %u, %h, %U, %%. */
export function keyFile(place: string, { name, home, uid }: Pick<User, "name" | "home" | "uid">): string {
  const tokens: Readonly<Record<string, string>> = { u: name, h: home, U: String(uid), "%": "%" };
  const path = place.replace(/%([uhU%])/g, (_, token: string) => tokens[token] ?? "");
  return path.startsWith("/") ? path : `${home}/${path}`;
}

/** Keys of those who can log in. */
export async function readKeys(tree: Tree, users: readonly User[], { files, strict }: KeyPlaces): Promise<UserKeys> {
  const able = users.filter(({ uid, shell }) => (uid === 0 || uid >= 500) && !/(?:nologin|false)$/.test(shell));
  const authorizedKeys: Record<string, readonly string[]> = {};
  const loose: Record<string, string> = {};
  for (const user of able.slice(0, MAX_USERS)) {
    const keys: string[] = [];
    for (const place of files) {
      const path = keyFile(place, user);
      const own = keysOf((await tree.readText(path)) ?? "");
      const fault = strict && own.length > 0 ? await loosePart(tree, path, user) : null;
      if (fault === null) for (const key of own) keys.push(key);
      else loose[user.name] = fault;
    }
    if (keys.length > 0) authorizedKeys[user.name] = keys;
  }
  return { authorizedKeys, loose };
}

/** From the file up to the home, or the root: owned by the user or root, writable by nobody else (misc.c, safe_path). */
async function loosePart(tree: Tree, path: string, { uid, home }: User): Promise<string | null> {
  for (let at = path; at !== ""; at = at.slice(0, at.lastIndexOf("/"))) {
    const stat = await tree.stat(at);
    if (stat && ((stat.uid !== 0 && stat.uid !== uid) || (stat.mode & 0o022) !== 0)) return at;
    if (at === home) return null;
  }
  return null;
}

/** `type base64` of each line, without options and comment. */
export function keysOf(text: string): readonly string[] {
  const pattern = /(?:^|\s)((?:ssh-|ecdsa-|sk-)\S+ AAAA[A-Za-z0-9+/=]+)/;
  return text.split("\n").flatMap((line) => (line.startsWith("#") ? [] : (pattern.exec(line)?.[1] ?? [])));
}
