/**
 * The text without whatever of `characters` stands at its end. By hand: a pattern such as `/\/+$/` looks at every run of
 * them from each of its characters anew, and a text may be one long run with something behind it.
 */
export function withoutTail(text: string, characters: string): string {
  let end = text.length;
  while (end > 0 && characters.includes(text[end - 1] as string)) end--;
  return text.slice(0, end);
}
