/** A file name as text; `base64` is there as well when the bytes are no UTF-8. */
export interface NameText {
  readonly text: string;
  readonly base64: string | null;
}

const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const lossy = new TextDecoder("utf-8", { ignoreBOM: true });
const encoder = new TextEncoder();

/** Text of raw name bytes, losslessly: what is no UTF-8 carries its bytes in base64 beside the lossy text. */
export function decodeName(raw: Uint8Array): NameText {
  try {
    return { text: strict.decode(raw), base64: null };
  } catch {
    return { text: lossy.decode(raw), base64: btoa(String.fromCharCode(...raw)) };
  }
}

export function encodeName(text: string): Uint8Array {
  return encoder.encode(text);
}

/** The same text with whatever would disturb a terminal (control characters, bidi marks) written as `\x1b`, `\u202e`. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029\\]/gu, (char) => {
    if (char === "\\") return "\\\\";
    const code = char.codePointAt(0) ?? 0;
    return code < 256 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u{${code.toString(16)}}`;
  });
}

/** The same for a text of several lines, in which a backslash stays one. */
export function printableLines(text: string): string {
  return text
    .split("\n")
    .map((line) => printable(line).replaceAll("\\\\", "\\"))
    .join("\n");
}
