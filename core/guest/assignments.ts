/** Longer lines are passed over: nothing that is looked for is that long, and patterns stay quick. */
const MAX_LINE = 4096;

/**
 * `NAME=value` lines as os-release(5), locale.conf(5) and sysconfig files have them: shell quoting, no expansion; of two
 * assignments the last counts. Lines end as on any system. Comments and whatever is no assignment are passed over.
 */
export function parseAssignments(text: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const line of text.split(/\r\n?|\n/)) {
    const match = line.length > MAX_LINE ? null : /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)=(.*)$/s.exec(line);
    if (match) found.set(match[1] as string, unquote((match[2] as string).trim()));
  }
  return found;
}

function unquote(raw: string): string {
  const single = /^'([^']*)'/.exec(raw);
  if (single) return single[1] as string;
  const double = /^"((?:[^"\\]|\\.)*)"/.exec(raw);
  if (double) return (double[1] as string).replace(/\\(["$`\\])/g, "$1");
  return raw
    .replace(/\s#.*$/, "")
    .trimEnd()
    .replace(/\\(.)/g, "$1");
}
