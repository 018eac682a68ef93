/** A file name as text; `base64` is there as well when the bytes are no UTF-8. */
export interface NameText {
  readonly text: string;
  readonly base64: string | null;
}

/** Made with the first name that is decoded: Node loads them by themselves, for 4 ms. */
let decoders: Readonly<Record<"strict" | "lossy", InstanceType<typeof TextDecoder>>> | undefined;
const encoder = new TextEncoder();

/** Text of raw name bytes, losslessly: what is no UTF-8 carries its bytes in base64 beside the lossy text. */
export function decodeName(raw: Uint8Array): NameText {
  decoders ??= {
    strict: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }),
    lossy: new TextDecoder("utf-8", { ignoreBOM: true }),
  };
  const { strict, lossy } = decoders;
  try {
    return { text: strict.decode(raw), base64: null };
  } catch {
    return { text: lossy.decode(raw), base64: btoa(String.fromCharCode(...raw)) };
  }
}

export function encodeName(text: string): Uint8Array {
  return encoder.encode(text);
}

/** Longest name and path that Linux takes, bytes. */
const [LONGEST_NAME, LONGEST_PATH] = [255, 4095];

/** Why no file can have this path, or null. */
export function pathFault(path: string): string | null {
  if (path.includes("\0")) return "a path cannot have a NUL";
  if (!path.isWellFormed()) return "it is no valid Unicode (half a surrogate pair)";
  if (path.length > LONGEST_PATH || encoder.encode(path).length > LONGEST_PATH) {
    return `it is longer than the ${LONGEST_PATH} bytes that a path may have`;
  }
  const name = path
    .split("/")
    .find((each) => each.length > LONGEST_NAME / 3 && encoder.encode(each).length > LONGEST_NAME);
  return name === undefined ? null : `"${excerpt(name)}" is longer than the ${LONGEST_NAME} bytes that a name may have`;
}

/** The start of a text that may be of any length, for a message. */
export function excerpt(text: string, most = 80): string {
  return text.length <= most ? text : `${text.slice(0, most).toWellFormed()}...`;
}

/** The same text with whatever would disturb a terminal (control characters, bidi marks), or is half a character, written as `\x1b`, `\u202e`. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029\\]/gu, (char) => {
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
