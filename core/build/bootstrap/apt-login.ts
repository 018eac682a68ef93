import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** Sources without names and passwords, and the lines of apt_auth.conf(5) that say them. */
export interface Parted {
  readonly sources: readonly string[];
  readonly logins: readonly string[];
}

const WITH_LOGIN = /([a-z][a-z0-9+.-]*:\/\/)([^/\s:@]*)(?::([^\s@]*))?@([^/\s]+)(\S*)/i;

/**
 * Takes names and passwords out of one-line sources. In arguments every user of this host would read them, in the image
 * every user of that.
 */
export function partLogins(sources: readonly string[]): Parted {
  const logins: string[] = [];
  const bare = sources.map((line) =>
    line.replace(
      WITH_LOGIN,
      (_, scheme: string, name: string, word: string | undefined, host: string, path: string) => {
        const place = `${scheme.toLowerCase() === "https://" ? "" : scheme}${host}${path}`;
        logins.push(`machine ${place} login ${decoded(name)}${word ? ` password ${decoded(word)}` : ""}`);
        return `${scheme}${host}${path}`;
      },
    ),
  );
  return { sources: bare, logins };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** What this host's apt logs in with, as far as this user may read it. */
export async function hostLogins(): Promise<readonly string[]> {
  const folder = "/etc/apt/auth.conf.d";
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith(".conf")).toSorted();
  const paths = ["/etc/apt/auth.conf", ...names.map((name) => join(folder, name))];
  const texts = await Promise.all(paths.map((path) => readFile(path, "utf8").catch(() => "")));
  return texts.filter((text) => text.trim() !== "");
}
