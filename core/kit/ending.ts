const endings = new Set<() => void>();

/** Keeps what must be done if this process ends at once, as at a second Ctrl-C. Gives what takes it back. */
export function atSuddenEnd(end: () => void): () => void {
  endings.add(end);
  return () => void endings.delete(end);
}

/** Does all that is kept: nothing of it may wait. */
export function endAll(): void {
  for (const end of endings) end();
  endings.clear();
}
