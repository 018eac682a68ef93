/** Whether a word fits a pattern in which `*` stands for anything and `?` for one character. */
export function fits(pattern: string, word: string): boolean {
  // By hand: a pattern of many stars must not take exponential time.
  let at = 0;
  let next = 0;
  let star = -1;
  let resume = 0;
  while (next < word.length) {
    const want = pattern[at];
    if (want === "*") {
      star = at++;
      resume = next;
    } else if (want === "?" || (want !== undefined && want === word[next])) {
      at++;
      next++;
    } else if (star >= 0) {
      at = star + 1;
      next = ++resume;
    } else {
      return false;
    }
  }
  while (pattern[at] === "*") at++;
  return at === pattern.length;
}

/** Whether it is a pattern, and not the very word. */
export const isPattern = (text: string): boolean => /[*?]/.test(text);
