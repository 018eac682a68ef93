import { posix } from "node:path";

/** One word of a shell script, whatever it holds (but NUL). */
export function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** Shell: makes a file of the tree "$1", folders and all. */
export function put(path: string, text: string, mode = "0644"): string {
  const place = `"$1"${quote(path)}`;
  return [
    `mkdir -p "$1"${quote(posix.dirname(path))}`,
    `rm -f ${place}`,
    `printf %s ${quote(text)} > ${place}`,
    `chmod ${mode} ${place}`,
  ].join("\n");
}

/** Shell: runs a program of the tree "$1" in it. */
export function inside(...words: readonly string[]): string {
  return `chroot "$1" ${words.map(quote).join(" ")}`;
}

/** A whole script for `sh -eu`, called with the tree's path. */
export function script(...parts: readonly string[]): string {
  return `${["umask 022", "export PATH=/usr/sbin:/usr/bin:/sbin:/bin", ...parts].join("\n")}\n`;
}
