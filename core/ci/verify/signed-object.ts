/** A commit or an annotated tag, its signature taken off (gitformat-signature(5)). Bytes as latin1 text. */
export interface SignedObject {
  /** Header lines by name; a name that comes twice has two values. */
  readonly headers: ReadonlyMap<string, readonly string[]>;
  readonly signature: string | null;
  /** What was signed. */
  readonly payload: string;
}

const ARMOR = /^-----BEGIN (?:PGP SIGNATURE|PGP MESSAGE|SSH SIGNATURE|SIGNED MESSAGE)-----$/gm;

/** A commit's signature is its `gpgsig` header. Null where the object has two, or one for another kind of repository. */
export function readCommit(raw: string): SignedObject | null {
  const end = raw.indexOf("\n\n");
  const head = end < 0 ? raw : raw.slice(0, end + 1);
  const fields = [...head.matchAll(/^(\S+) (.*\n(?: .*\n)*)/gm)];
  const signatures = fields.filter(([, name]) => name === "gpgsig" || name === "gpgsig-sha256");
  const [first] = signatures;
  const headers = headersOf(fields);
  if (!first) return { headers, signature: null, payload: raw };
  if (signatures.length > 1 || first[1] !== "gpgsig") return null;
  const payload = raw.slice(0, first.index) + raw.slice(first.index + first[0].length);
  return { headers, signature: (first[2] ?? "").replace(/\n /g, "\n"), payload };
}

/** A tag's signature ends its message. */
export function readTag(raw: string): SignedObject {
  const end = raw.indexOf("\n\n");
  const head = end < 0 ? raw : raw.slice(0, end + 1);
  const headers = headersOf([...head.matchAll(/^(\S+) (.*\n(?: .*\n)*)/gm)]);
  const last = [...raw.matchAll(ARMOR)].at(-1);
  if (!last) return { headers, signature: null, payload: raw };
  return { headers, signature: raw.slice(last.index), payload: raw.slice(0, last.index) };
}

function headersOf(fields: readonly RegExpExecArray[]): ReadonlyMap<string, readonly string[]> {
  const headers = new Map<string, string[]>();
  for (const [, name = "", value = ""] of fields) {
    const values = headers.get(name);
    if (values) values.push(value.replace(/\n$/, ""));
    else headers.set(name, [value.replace(/\n$/, "")]);
  }
  return headers;
}
