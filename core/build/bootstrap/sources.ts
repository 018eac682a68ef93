import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { holdsLogin } from "../../kit/address.ts";
import type { Context } from "../../kit/context.ts";
import { GuestkitError } from "../../kit/errors.ts";
import type { BootstrapInput } from "./input.ts";

/** Where packages come from. */
export interface Sources {
  /** One-line apt sources, or none: mmdebstrap's own default for the release. */
  readonly lines: readonly string[];
  /** Keyrings named in the lines. */
  readonly keyrings: readonly string[];
  /** Whether they are the host's own. */
  readonly ofHost: boolean;
}

/** An apt source of the host, one for each address and suite. */
export interface AptSource {
  readonly uri: string;
  readonly suite: string;
  readonly signedBy: string | null;
}

/** Debian's keyring under its older and its newer name. */
const DEBIAN_KEYRINGS = [
  "/usr/share/keyrings/debian-archive-keyring.gpg",
  "/usr/share/keyrings/debian-archive-keyring.pgp",
];

/**
 * The mirror declared, else the one set (`GUESTKIT_MIRROR`), else a Debian host's own apt sources, else mmdebstrap's.
 * A mirror is an address, or whole one-line sources ("deb ...") separated by line breaks.
 * Throws `E_BOOTSTRAP_SNAPSHOT` where date and `{snapshot}` do not come together, `E_ADDRESS_LOGIN`.
 */
export async function chooseSources(input: BootstrapInput, context: Context): Promise<Sources> {
  const fault = loginInMirror(context.settings.mirror);
  if (fault) throw fault;
  const mirror = dated(input.mirror ?? context.settings.mirror, input.snapshot);
  const keyring = input.keyring ?? DEBIAN_KEYRINGS.find(existsSync) ?? DEBIAN_KEYRINGS[0] ?? "";
  if (mirror !== null) return fromMirror(mirror, input, keyring);
  const own = mapSuites(await hostSources(), await hostRelease(), input.release);
  if (own.length === 0) return { lines: [], keyrings: [keyring], ofHost: false };
  return {
    lines: own.map((each) => line(each.uri, each.suite, input.components, input.keyring ?? each.signedBy ?? keyring)),
    keyrings: [...new Set(own.map((each) => input.keyring ?? each.signedBy ?? keyring))],
    ofHost: true,
  };
}

/** What is wrong with the setting; the field's rule stands in its contract. */
export function loginInMirror(mirror: string | null): GuestkitError | null {
  if (mirror === null || !holdsLogin(mirror)) return null;
  const why = "there is a name or password in the address, which logs and other users would see";
  return new GuestkitError("E_ADDRESS_LOGIN", `Cannot use GUESTKIT_MIRROR (the setting mirror): ${why}`, {
    help: "Give them in apt's own file (machine HOST login NAME password WORD in /etc/apt/auth.conf.d/HOST.conf, apt_auth.conf(5)).",
  });
}

function dated(mirror: string | null, snapshot: string | undefined): string | null {
  const hasPlace = mirror?.includes("{snapshot}") ?? false;
  if (hasPlace && snapshot !== undefined) return mirror?.replaceAll("{snapshot}", snapshot) ?? null;
  if (!hasPlace && snapshot === undefined) return mirror;
  const why = hasPlace ? "its mirror wants a {snapshot}, and none is declared" : "its mirror has no {snapshot} in it";
  throw new GuestkitError("E_BOOTSTRAP_SNAPSHOT", `Cannot bootstrap from a snapshot: ${why}`, {
    help: 'Declare both, as the mirror "http://HOST/archive/debian/{snapshot}" with the snapshot "20261101T000000Z".',
    at: { field: ["bootstrap", "snapshot"] },
  });
}

function fromMirror(mirror: string, input: BootstrapInput, keyring: string): Sources {
  const given = mirror.split("\n").filter((each) => each.trim() !== "");
  if (given.some((each) => each.startsWith("deb ")))
    return { lines: given, keyrings: given.flatMap(keyringsIn), ofHost: false };
  return {
    lines: given.map((uri) => line(uri, input.release, input.components, keyring)),
    keyrings: [keyring],
    ofHost: false,
  };
}

function keyringsIn(source: string): string[] {
  const match = /signed-by="?([^"\s\]]+)/.exec(source);
  return match?.[1] ? [match[1]] : [];
}

function line(uri: string, suite: string, components: readonly string[], keyring: string): string {
  return `deb [signed-by="${keyring}"] ${uri} ${suite} ${components.join(" ")}`;
}

/** The host's sources of its own release, said for another one; none where the host is no Debian. */
export function mapSuites(sources: readonly AptSource[], host: string | null, release: string): readonly AptSource[] {
  if (host === null) return [];
  const kept = ["", "-updates", "-security"].filter((suffix) => suffix === "" || !isRolling(release));
  const mapped = sources.flatMap((each) => {
    const suffix = kept.find((known) => each.suite === `${host}${known}`);
    return suffix === undefined ? [] : [{ ...each, suite: `${release}${suffix}` }];
  });
  return mapped.some((each) => each.suite === release) ? mapped : [];
}

function isRolling(release: string): boolean {
  return ["sid", "unstable", "experimental"].includes(release);
}

async function hostRelease(): Promise<string | null> {
  const text = await readFile("/etc/os-release", "utf8").catch(() => "");
  const value = (key: string) => new RegExp(`^${key}="?([^"\\n]*)`, "m").exec(text)?.[1];
  return value("ID") === "debian" ? (value("VERSION_CODENAME") ?? null) : null;
}

async function hostSources(): Promise<readonly AptSource[]> {
  const folder = "/etc/apt/sources.list.d";
  const names = (await readdir(folder).catch(() => [])).map((name) => join(folder, name)).sort();
  const texts = ["/etc/apt/sources.list", ...names].map(async (path) => {
    const text = await readFile(path, "utf8").catch(() => "");
    if (path.endsWith(".sources")) return parseDeb822(text);
    return path.endsWith(".list") ? parseOneLine(text) : [];
  });
  return (await Promise.all(texts)).flat();
}

/** sources.list(5), one-line style. */
export function parseOneLine(text: string): readonly AptSource[] {
  return text.split("\n").flatMap((each) => {
    const match = /^\s*deb\s+(?:\[([^\]]*)\]\s*)?(\S+)\s+(\S+)/.exec(each);
    if (!match?.[2] || !match[3]) return [];
    return [{ uri: match[2], suite: match[3], signedBy: fileOf(/signed-by="?([^"\s]+)/i.exec(match[1] ?? "")?.[1]) }];
  });
}

/** sources.list(5), deb822 style. */
export function parseDeb822(text: string): readonly AptSource[] {
  const stanzas = text.replace(/^#.*\n?/gm, "").split(/\n\s*\n/);
  return stanzas.flatMap((stanza) => {
    const words = (key: string) =>
      new RegExp(`^${key}:[ \\t]*(.*)`, "im").exec(stanza)?.[1]?.trim().split(/\s+/).filter(Boolean) ?? [];
    if (!words("Types").includes("deb") || words("Enabled")[0]?.toLowerCase() === "no") return [];
    const signedBy = fileOf(words("Signed-By")[0]);
    return words("URIs").flatMap((uri) => words("Suites").map((suite) => ({ uri, suite, signedBy })));
  });
}

function fileOf(signedBy: string | undefined): string | null {
  return signedBy?.startsWith("/") ? signedBy : null;
}
