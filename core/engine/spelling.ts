import { resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { elsewhere, hostsOwn, isElsewhere, ofHost } from "../kit/caller-path.ts";
import { pathFault } from "../kit/name.ts";
import type { Side, TextForm } from "../model/contract.ts";

type Spell = (text: string, baseDir: string) => string;

/** How each form is spelled where all mean the same; what is none of the form stays as it is. */
const FORMS: Readonly<Record<TextForm, Spell>> = {
  digest,
  digestPlace: (text, baseDir) => (isDigest(text) ? digest(text) : place(text, baseDir)),
  fingerprint: (text) => text.replaceAll(" ", "").toUpperCase(),
  guestPath: (text) => text.replace(/\/(?:\.?\/)+/g, "/").replace(/(.)\/\.?$/, "$1"),
  ip: ipAddress,
  mac: hardwareAddress,
  octal: (text) => (/^[0-7]+$/.test(text) ? text.replace(/^0+(?=.)/, "").padStart(4, "0") : text),
  place,
  repository,
  uuid: (text) => (/^[0-9a-f]{4}-[0-9a-f]{4}$/i.test(text) ? text.toUpperCase() : text.toLowerCase()),
};

/**
 * The one spelling of a text of a form: `52-54-00-AA-BB-CC` is `52:54:00:aa:bb:cc`, a path or a file: address is absolute
 * (relative ones from `baseDir`).
 */
export function spelledAs(form: TextForm, text: string, baseDir: string): string {
  return FORMS[form](text, baseDir);
}

/** Where relative paths start: one folder, or one of each side where the caller's machine is another one. */
export type BaseDir = string | { readonly host: string; readonly caller: string };

export const hostBase = (base: BaseDir): string => (typeof base === "string" ? base : base.host);

/** The one spelling of a path, of a side. */
export const spelledPath = (text: string, side: Side | undefined, base: BaseDir): string =>
  onSide(
    text,
    side,
    base,
    (path, folder) => resolve(folder, path),
    () => true,
  );

/** The one spelling of a text of a form that may be a path of the caller's. */
export function spelledOn(side: Side | undefined, form: TextForm, text: string, base: BaseDir): string {
  const isPath = (spelled: string) => !isRemote(text) && (isFileAddress(text) || spelled.startsWith("/"));
  return onSide(text, side, base, (each, folder) => spelledAs(form, each, folder), isPath);
}

/** Of a caller on another machine it begins with what no file here does (kit/caller-path). */
function onSide(
  text: string,
  side: Side | undefined,
  base: BaseDir,
  spell: Spell,
  isPath: (spelled: string) => boolean,
): string {
  if (side === undefined) return spell(text, hostBase(base));
  if (isElsewhere(text)) return text;
  const own = hostsOwn(text);
  if (typeof base === "string") return own === null ? spell(text, base) : resolve(base, own);
  if (own !== null) return ofHost(resolve(base.host, own));
  const spelled = spell(text, base.caller);
  return isPath(spelled) ? elsewhere(spelled) : spelled;
}

/** Why a text can stand for no file, where it is a path or a file: address; null where it can, or is neither. */
export function placeFault(form: TextForm, text: string): string | null {
  if (form === "digestPlace" ? isDigest(text) : form !== "place") return null;
  if (isRemote(text)) return null;
  if (!isFileAddress(text)) return text === "" ? "a path cannot be empty" : pathFault(text);
  return filePath(text, "/") === null ? "this file: address stands for no path of this host" : null;
}

const DIGEST = /^(?:sha\d+:)?(?:[0-9a-f]{2})+$/i;

/** Whether a text is a digest, and no place of one. */
export const isDigest = (text: string): boolean => DIGEST.test(text);

function digest(text: string): string {
  return isDigest(text) ? text.replace(/^.*:/, "").toLowerCase() : text;
}

const isRemote = (text: string): boolean => /^https?:/i.test(text);
const isFileAddress = (text: string): boolean => /^file:/i.test(text);
/** Schemes that nothing here follows: whoever gets the text says so. */
const isOther = (text: string): boolean => /^[a-z][a-z0-9+.-]+:\/\//i.test(text);

/** Scheme and host have no case; of the rest every byte counts. */
const withHost = (text: string): string => text.replace(/^[a-z]+:\/\/[^/?#]*/i, (start) => start.toLowerCase());

function place(text: string, baseDir: string): string {
  if (isRemote(text)) return withHost(text);
  if (isFileAddress(text)) return filePath(text, baseDir) ?? text;
  return isOther(text) ? text : resolve(baseDir, text);
}

/** `file:///a/b`, and `file:b` from the folder (RFC 8089, WHATWG's relative file URLs); null with a host, or `%2F`. */
function filePath(text: string, baseDir: string): string | null {
  try {
    return fileURLToPath(new URL(text, pathToFileURL(`${baseDir}/`)));
  } catch {
    return null;
  }
}

/** As git takes it (git-clone(1), GIT URLS): a colon before the first slash is HOST:PATH. */
function repository(text: string, baseDir: string): string {
  if (isOther(text) && !isFileAddress(text)) return withHost(text);
  if (isFileAddress(text) || !/^(?:-|[^/]+:)/.test(text)) return place(text, baseDir);
  return text;
}

/** Colons, dashes or Cisco's dots between the digits. */
function hardwareAddress(text: string): string {
  const digits = text.toLowerCase().replace(/[:.-]/g, "");
  return /^[0-9a-f]{12}$/.test(digits) ? (digits.match(/../g) ?? []).join(":") : text;
}

/** An address as RFC 5952 spells it, its prefix length after it; IPv4 has one spelling. */
function ipAddress(text: string): string {
  const [address = "", ...length] = text.split("/");
  if (!address.includes(":") || !URL.canParse(`http://[${address}]/`)) return text;
  return [new URL(`http://[${address}]/`).hostname.slice(1, -1), ...length].join("/");
}
