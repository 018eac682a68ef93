import { resolve } from "node:path";
import { GuestkitError } from "../kit/errors.ts";
import type { Share } from "../machine/machine.ts";

/** Folders of the host as `HOST:GUEST[:ro]`. Throws `E_SHARE_SYNTAX`. */
export function sharesOf(texts: readonly string[]): Readonly<Record<string, Share>> {
  return Object.fromEntries(texts.map((text, at) => [`share-${at + 1}`, shareOf(text)]));
}

function shareOf(text: string): Share {
  const [, path = "", mount = "", mode] = /^(.+?):(\/[^:]*)(:r[ow])?$/.exec(text) ?? [];
  if (path === "") throw notAShare(text);
  const read_only = mode === ":ro";
  return { path: resolve(path), mount, read_only, kind: null, options: [], ownership: "squash" };
}

const notAShare = (text: string) =>
  new GuestkitError("E_SHARE_SYNTAX", `Cannot share "${text}": it is no HOST:GUEST[:ro]`, {
    at: { field: ["shares"] },
    help: "Name a folder here and an absolute path in the guest: ./in:/mnt/in:ro",
  });
