/** Longest word that is compared: what is longer is no slip of the keyboard. */
const LONGEST = 64;

/**
 * The known word that was most likely meant; null where none is near. Edits are letters that were left out, added,
 * replaced or swapped (optimal string alignment); a third of the word may be wrong, and `-` and `_` are the same.
 */
export function nearest(word: string, known: Iterable<string>): string | null {
  if (word.length > LONGEST) return null;
  const plain = word.toLowerCase().replaceAll("-", "_");
  let best: { readonly word: string; readonly edits: number } | null = null;
  for (const each of known) {
    const most = Math.max(1, Math.floor(Math.max(word.length, each.length) / 3));
    const edits = distance(plain, each.toLowerCase().replaceAll("-", "_"), most);
    if (edits <= most && (best === null || edits < best.edits)) best = { word: each, edits };
  }
  return best?.word ?? null;
}

/** `Did you mean memory? ` before other help; nothing where no known word is near. */
export function suggestion(word: string, known: Iterable<string>): string {
  const found = nearest(word, known);
  return found === null ? "" : `Did you mean ${found}? `;
}

/** Edits between two words; more than `most` where they are further apart. */
function distance(a: string, b: string, most: number): number {
  if (Math.abs(a.length - b.length) > most) return most + 1;
  let [before, row]: [readonly number[], readonly number[]] = [[], Array.from({ length: b.length + 1 }, (_, at) => at)];
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) next.push(stepTo(a, b, i, j, before, row, next[j - 1] ?? 0));
    if (Math.min(...next) > most) return most + 1;
    [before, row] = [row, next];
  }
  return row[b.length] ?? 0;
}

function stepTo(
  ...[a, b, i, j, before, row, left]: [string, string, number, number, readonly number[], readonly number[], number]
): number {
  const same = a[i - 1] === b[j - 1] ? 0 : 1;
  const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
  const least = Math.min(left + 1, (row[j] ?? 0) + 1, (row[j - 1] ?? 0) + same);
  return swapped ? Math.min(least, (before[j - 2] ?? 0) + 1) : least;
}
