import { printable } from "../../kit/name.ts";
import type { ByteSource } from "../../source/source.ts";
import { damaged } from "./fault.ts";

/** A member's digest by the manifest. */
export interface ListedDigest {
  readonly member: string;
  readonly algorithm: "sha1" | "sha256" | "sha512";
  /** Hexadecimal, lower case. */
  readonly digest: string;
}

/** Digits of each. */
const DIGITS = { sha1: 40, sha256: 64, sha512: 128 } as const;
const LINE = /^(SHA\d{1,3}) ?\((.{1,4096})\) ?= ?([0-9a-fA-F]{40,128})$/i;

/**
 * Lines of `SHA256(NAME)= DIGEST`. Throws `E_OVA_MANIFEST` for any other, and for a member that is told of twice: each line
 * costs a look at all of it. @param at where they stand in `source`
 */
export function parseManifest(text: string, source: ByteSource, at: number): readonly ListedDigest[] {
  const listed = linesOf(text, source, at);
  const seen = new Set<string>();
  for (const { member, algorithm } of listed) {
    if (seen.has(`${algorithm} ${member}`))
      throw damaged(source, "MANIFEST", at, `its manifest has two lines of "${printable(member)}"`);
    seen.add(`${algorithm} ${member}`);
  }
  return listed;
}

function linesOf(text: string, source: ByteSource, at: number): readonly ListedDigest[] {
  return text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .map((line) => {
      const [, name = "", member = "", digest = ""] = LINE.exec(line) ?? [];
      const algorithm = name.toLowerCase();
      if (isKnown(algorithm) && digest.length === DIGITS[algorithm])
        return { member: member.replace(/^(?:\.\/)+/, ""), algorithm, digest: digest.toLowerCase() };
      throw damaged(source, "MANIFEST", at, `its manifest has the line "${printable(line.slice(0, 200))}"`);
    });
}

const isKnown = (name: string): name is keyof typeof DIGITS => Object.hasOwn(DIGITS, name);
