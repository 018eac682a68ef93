import { hasMagic } from "../../../kit/magic.ts";
import { type LanguagePackage, languagePackage } from "./package.ts";

const MAGIC = "\xff Go buildinf:";
const HEAD = 32;
/** Behind the pointer's size: strings follow, each with its length before it (Go 1.18 and later). */
const INLINE = 0x02;
/** Marks before and behind the list of modules (cmd/go/internal/modload, infoStart and infoEnd). */
const MARK = 16;

/**
 * Modules of a program as `go version -m` lists them, and Go's own as `stdlib` (debug/buildinfo). What says where else
 * its strings are, as Go before 1.18 did, tells none.
 */
export function parseGoBuildInfo(section: Uint8Array, path: string): readonly LanguagePackage[] {
  if (section.length < HEAD || !hasMagic(section, 0, MAGIC) || !((section[15] ?? 0) & INLINE)) return [];
  const version = stringAt(section, HEAD);
  const modules = version && stringAt(section, version.end);
  if (!version) return [];
  const go = /^go(\d\S*)/.exec(version.text)?.[1] ?? null;
  const list = modules && modules.text.length > 2 * MARK ? modules.text.slice(MARK, -MARK) : "";
  const found = [languagePackage("golang", "stdlib", go, path), ...parseModules(list, path)];
  return found.filter((each) => each !== null);
}

interface Text {
  readonly text: string;
  readonly end: number;
}

/** Characters are bytes: marks are no UTF-8. */
function stringAt(section: Uint8Array, start: number): Text | null {
  let [length, shift, at] = [0, 1, start];
  for (; ; at++) {
    const byte = section[at];
    if (byte === undefined || at - start > 5) return null;
    length += (byte & 0x7f) * shift;
    shift *= 128;
    if (byte < 0x80) break;
  }
  const end = at + 1 + length;
  if (end > section.length) return null;
  return { text: bytesAsText(section.subarray(at + 1, end)), end };
}

function bytesAsText(bytes: Uint8Array): string {
  const pieces: string[] = [];
  for (let at = 0; at < bytes.length; at += 4096) pieces.push(String.fromCharCode(...bytes.subarray(at, at + 4096)));
  return pieces.join("");
}

/** `mod` and `dep` with a name and a version; `=>` says what was taken in place of the one before. */
function parseModules(list: string, path: string): readonly (LanguagePackage | null)[] {
  const found: (LanguagePackage | null)[] = [];
  for (const line of list.split("\n")) {
    const [word, name = "", version = ""] = line.split("\t");
    if (word === "=>") found.pop();
    if (word !== "mod" && word !== "dep" && word !== "=>") continue;
    found.push(languagePackage("golang", name, version === "(devel)" ? null : version, path));
  }
  return found;
}
