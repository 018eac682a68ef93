const HEADER = "# GRUB Environment Block\n";
/** A line up to its end: a newline behind a backslash is part of a value. */
const LINE = /([^=\n]*)(=?)((?:\\[\s\S]|[^\\\n])*)[\\\n]?/y;

/** Variables of GRUB's environment block, as grub-editenv lists them; none of what is no such block. */
export function parseGrubenv(text: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  LINE.lastIndex = HEADER.length;
  while (text.startsWith(HEADER) && LINE.lastIndex < text.length) {
    const [, name = "", equals, value = ""] = LINE.exec(text) ?? [];
    if (equals && name !== "" && !name.startsWith("#")) found.set(name, value.replace(/\\([\s\S])/g, "$1"));
  }
  return found;
}
