import type { Tree } from "../filesystem/tree.ts";
import { GuestkitError } from "../kit/errors.ts";
import { printable } from "../kit/name.ts";
import type { Package } from "./package.ts";

const STATUS = "/var/lib/dpkg/status";
/** Where images without dpkg (distroless) keep one file a package. */
const STATUS_D = "/var/lib/dpkg/status.d";
/** Entries that dpkg had no time to merge: they stand above `status`, in the order of their numbers. */
const UPDATES = "/var/lib/dpkg/updates";

/** Three times what the largest archive holds: a database of more is made to exhaust its reader. */
const MAX_PACKAGES = 200_000;

/** More than any one package says. */
const MAX_STANZA = 16 << 20;
const NEWLINE = 0x0a;

/**
 * Packages as dpkg has them, sorted by name; null where there is no dpkg database. Throws `E_DPKG_SYNTAX` and whatever
 * reading throws: a list is whole or none.
 */
export async function readDpkg(tree: Tree): Promise<readonly Package[] | null> {
  const status = await tree.stream(STATUS);
  const single = (await tree.names(STATUS_D)).filter((name) => !name.endsWith(".md5sums"));
  if (!status && single.length === 0) return null;
  const found = new Map<string, Package>();
  if (status) await collect(status, STATUS, found);
  for (const name of single) await collectFile(tree, `${STATUS_D}/${name}`, found);
  const updates = (await tree.names(UPDATES)).filter((name) => /^\d+$/.test(name));
  for (const name of updates) await collectFile(tree, `${UPDATES}/${name}`, found);
  return [...found.values()].filter((each) => each.status !== "not-installed").sort(byName);
}

async function collectFile(tree: Tree, path: string, found: Map<string, Package>): Promise<void> {
  const content = await tree.stream(path);
  if (content) await collect(content, path, found);
}

async function collect(content: AsyncIterable<Uint8Array>, path: string, found: Map<string, Package>): Promise<void> {
  for await (const text of stanzaBlocks(content, path)) {
    for (const each of parseStatus(text, path)) found.set(`${each.name}:${each.arch}`, each);
    if (found.size > MAX_PACKAGES) throw badStatus(path, `more than ${MAX_PACKAGES} packages`);
  }
}

function byName(a: Package, b: Package): number {
  if (a.name !== b.name) return a.name < b.name ? -1 : 1;
  return (a.arch ?? "") < (b.arch ?? "") ? -1 : 1;
}

/** Text in pieces that end where a stanza ends. */
async function* stanzaBlocks(content: AsyncIterable<Uint8Array>, path: string): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = new Uint8Array(0);
  for await (const piece of content) {
    const joined = rest.length === 0 ? piece : concat(rest, piece);
    const end = lastBlankLine(joined);
    if (end > 0) yield decoder.decode(joined.subarray(0, end));
    rest = joined.slice(end);
    if (rest.length > MAX_STANZA) throw badStatus(path, "a paragraph has no end");
  }
  if (rest.length > 0) yield decoder.decode(rest);
}

function concat(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(a.length + b.length);
  joined.set(a);
  joined.set(b, a.length);
  return joined;
}

/** Just past the last empty line; 0 without one. */
function lastBlankLine(bytes: Uint8Array): number {
  for (let at = bytes.lastIndexOf(NEWLINE); at > 0; at = bytes.lastIndexOf(NEWLINE, at - 1)) {
    if (bytes[at - 1] === NEWLINE) return at + 1;
  }
  return 0;
}

interface Stanza {
  package?: string;
  status?: string;
  version?: string;
  architecture?: string;
  source?: string;
  "installed-size"?: string;
}

const WANTED: ReadonlySet<string> = new Set([
  "package",
  "status",
  "version",
  "architecture",
  "source",
  "installed-size",
] satisfies (keyof Stanza)[]);

/** Packages of whole stanzas (deb-control(5)). Exported for tests. Throws `E_DPKG_SYNTAX`. */
export function parseStatus(text: string, path = STATUS): Package[] {
  const found: Package[] = [];
  let stanza: Stanza | null = null;
  for (let at = 0; at <= text.length; ) {
    const newline = text.indexOf("\n", at);
    const end = newline < 0 ? text.length : newline;
    if (isBlank(text, at, end)) {
      if (stanza) found.push(toPackage(stanza, path));
      stanza = null;
    } else {
      stanza ??= {};
      readField(text, at, end, stanza, path);
    }
    at = end + 1;
  }
  if (stanza) found.push(toPackage(stanza, path));
  return found;
}

function isBlank(text: string, start: number, end: number): boolean {
  return start === end || (end - start < 8 && text.slice(start, end).trim() === "");
}

function readField(text: string, start: number, end: number, stanza: Stanza, path: string): void {
  const first = text.charCodeAt(start);
  if (first === 0x20 || first === 0x09) return;
  const colon = text.indexOf(":", start);
  if (colon < 0 || colon >= end || first <= 0x20 || first >= 0x7f) {
    throw badStatus(path, `"${printable(text.slice(start, Math.min(end, start + 60)))}" is no field`);
  }
  if (colon - start > 14) return;
  const name = text.slice(start, colon).toLowerCase();
  if (WANTED.has(name)) stanza[name as keyof Stanza] = text.slice(colon + 1, end).trim();
}

function toPackage(stanza: Stanza, path: string): Package {
  const { package: name, version = "", architecture = null, source, status } = stanza;
  if (!name) throw badStatus(path, "a paragraph names no package");
  const kilobytes = stanza["installed-size"];
  return {
    name,
    ...splitVersion(version),
    arch: architecture,
    status: status === undefined ? "installed" : (status.split(/\s+/)[2] ?? status),
    source: source?.split(/\s/, 1)[0] || name,
    size: kilobytes && /^\d{1,12}$/.test(kilobytes) ? Number(kilobytes) * 1024 : null,
  };
}

/** `[epoch:]version[-release]` (deb-version(7)): the release starts at the last hyphen. */
export function splitVersion(text: string): Pick<Package, "epoch" | "version" | "release"> {
  const colon = text.indexOf(":");
  const rest = text.slice(colon + 1);
  const hyphen = rest.lastIndexOf("-");
  return {
    epoch: /^\d+:/.test(text) ? Number(text.slice(0, colon)) : null,
    version: hyphen < 0 ? rest : rest.slice(0, hyphen),
    release: hyphen < 0 ? null : rest.slice(hyphen + 1),
  };
}

function badStatus(path: string, what: string): GuestkitError {
  return new GuestkitError("E_DPKG_SYNTAX", `Cannot read the packages in "${path}": ${what}`, {
    at: { file: path },
    help: "The database is damaged; a copy of it may be in /var/backups or /var/lib/dpkg/status-old.",
  });
}
