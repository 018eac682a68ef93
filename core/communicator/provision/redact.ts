/** Shorter values are found everywhere: masking them would tell more than it hides. */
const SHORTEST = 4;

/** Masks secrets in a text, and every line of those that have several. */
export function redactor(secrets: readonly string[]): (text: string) => string {
  const parts = secrets
    .flatMap((secret) => [secret, ...secret.split("\n")])
    .filter((part) => part.trim().length >= SHORTEST)
    .toSorted((a, b) => b.length - a.length);
  return (text) => parts.reduce((result, part) => result.replaceAll(part, "***"), text);
}
