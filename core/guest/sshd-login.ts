import type { SshdLine } from "./sshd-config.ts";
import { matchesWildcard } from "./wildcard.ts";

/** Who comes, and from where; null is what is not known, of which nothing is said. */
export interface SshLogin {
  readonly user: string;
  readonly groups: readonly string[] | null;
  /** The password is locked: it begins with `!`. */
  readonly locked: boolean | null;
  /** The address that the server sees. */
  readonly from: string | null;
}

/** The first setting of a name, which is the one that counts of most. */
export function sshdSetting(lines: readonly SshdLine[], keyword: string): SshdLine | null {
  return lines.find((line) => line.keyword === keyword) ?? null;
}

/** The line by which the server refuses a user who comes with a key; null where none does (auth.c, allowed_user). */
export function refusalOf(lines: readonly SshdLine[], login: SshLogin): SshdLine | null {
  const { user, groups } = login;
  const isUser = (pattern: string) => matchesUser(pattern, login);
  const isGroup = (pattern: string) => (groups ?? []).some((group) => matchesWildcard(group, pattern));
  const tests: readonly (SshdLine | null)[] = [
    user === "root" ? setTo(lines, "permitrootlogin", /^(?:no|forced-commands-only)$/i) : null,
    setTo(lines, "pubkeyauthentication", /^no$/i),
    needsMore(lines),
    denied(lines, "denyusers", (pattern) => isUser(pattern) === true),
    unlisted(lines, "allowusers", (pattern) => isUser(pattern) !== false),
    groups && denied(lines, "denygroups", isGroup),
    groups && unlisted(lines, "allowgroups", isGroup),
    login.locked ? withoutPam(lines) : null,
  ];
  return tests.find((line) => line !== null) ?? null;
}

function setTo(lines: readonly SshdLine[], keyword: string, value: RegExp): SshdLine | null {
  const line = sshdSetting(lines, keyword);
  return line && value.test(line.values[0] ?? "") ? line : null;
}

/** Without PAM it is the server itself that looks for locked passwords; that is the default where nothing is said. */
function withoutPam(lines: readonly SshdLine[]): SshdLine | null {
  const line = sshdSetting(lines, "usepam");
  if (line) return /^no$/i.test(line.values[0] ?? "") ? line : null;
  return {
    file: lines[0]?.file ?? "/etc/ssh/sshd_config",
    keyword: "usepam",
    values: ["no"],
    rest: "no",
    text: "no UsePAM yes",
  };
}

/** A key alone is not enough by any of the lists. */
function needsMore(lines: readonly SshdLine[]): SshdLine | null {
  const line = sshdSetting(lines, "authenticationmethods");
  return line && !line.values.some((list) => /^(?:any|publickey)$/i.test(list)) ? line : null;
}

/** Lists of several lines are one list. */
function denied(lines: readonly SshdLine[], keyword: string, test: (pattern: string) => boolean): SshdLine | null {
  return lines.find((line) => line.keyword === keyword && line.values.some(test)) ?? null;
}

function unlisted(lines: readonly SshdLine[], keyword: string, test: (pattern: string) => boolean): SshdLine | null {
  const all = lines.filter((line) => line.keyword === keyword);
  return all.some((line) => line.values.some(test)) ? null : (all[0] ?? null);
}

/** `USER` or `USER@HOST`; null where the address is not known and decides. */
function matchesUser(pattern: string, { user, from }: SshLogin): boolean | null {
  const at = pattern.indexOf("@");
  if (at < 0) return matchesWildcard(user, pattern);
  if (!matchesWildcard(user, pattern.slice(0, at))) return false;
  return from === null ? null : matchesHost(pattern.slice(at + 1), from);
}

/** A list of patterns and networks, of which `!` takes some out. */
function matchesHost(list: string, address: string): boolean {
  const parts = list.split(",");
  const isOf = (each: string) => (each.includes("/") ? isWithin(address, each) : matchesWildcard(address, each));
  return (
    parts.some((each) => !each.startsWith("!") && isOf(each)) &&
    !parts.some((each) => each.startsWith("!") && isOf(each.slice(1)))
  );
}

function isWithin(address: string, network: string): boolean {
  const [host = "", length = ""] = network.split("/");
  const [one, other] = [number(address), number(host)];
  const rest = 2 ** (32 - Number(length));
  return one !== null && other !== null && /^\d+$/.test(length) && Math.floor(one / rest) === Math.floor(other / rest);
}

function number(address: string): number | null {
  const parts = /^\d{1,3}(?:\.\d{1,3}){3}$/.test(address) ? address.split(".").map(Number) : null;
  return parts?.every((each) => each < 256) ? parts.reduce((sum, each) => sum * 256 + each, 0) : null;
}

/**
 * The line by which the server does not listen on a port where others reach it; null where it does.
 * @param family whether only IPv4 leads there
 */
export function deafOn(lines: readonly SshdLine[], port: number, family: "ipv4" | "any"): SshdLine | null {
  const ports = lines.filter(({ keyword }) => keyword === "port");
  const numbers = ports.length > 0 ? ports.map(({ values }) => portNumber(values[0] ?? "")) : [22];
  const places = lines.filter(({ keyword }) => keyword === "listenaddress");
  if (places.length === 0) return numbers.includes(port) ? null : (ports[0] ?? null);
  const ofPort = places.filter(({ values }) => (placeOf(values[0] ?? "").port ?? numbers).includes(port));
  const open = ofPort.some(({ values }) => isReached(placeOf(values[0] ?? "").host, family));
  return open ? null : (ofPort[0] ?? ports[0] ?? places[0] ?? null);
}

const portNumber = (text: string) => (text === "ssh" ? 22 : Number(text));

/** `HOST`, `HOST:PORT`, `[HOST]:PORT`, or a bare address of IPv6. */
function placeOf(text: string): { readonly host: string; readonly port: readonly number[] | null } {
  const [, bracketed, plain, port] = /^(?:\[([^\]]*)\]|([^:]*))(?::(\w+))?$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  return host === undefined ? { host: text, port: null } : { host, port: port ? [portNumber(port)] : null };
}

function isReached(host: string, family: "ipv4" | "any"): boolean {
  if (/^127\.|^::1$|localhost/i.test(host)) return false;
  return family === "any" || !host.includes(":");
}
