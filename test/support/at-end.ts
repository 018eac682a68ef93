const works: (() => Promise<unknown>)[] = [];

/**
 * Has work done after the file's tests, the last first, wherever it is asked for: `afterAll` inside a test or a hook is
 * heard by nobody.
 */
export function atEnd(work: () => Promise<unknown>): void {
  works.push(work);
}

/** Does it. What one of them throws is thrown once all were tried. */
export async function finish(): Promise<void> {
  const failures: unknown[] = [];
  for (const work of works.splice(0).toReversed()) await work().catch((error: unknown) => failures.push(error));
  if (failures.length > 0) throw new AggregateError(failures, failures.map(String).join("; "));
}
