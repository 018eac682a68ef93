import type { SshdLine } from "../../sshd-config.ts";

/** A setting as `sshd -T` prints it; one that may be given several times has one for each value. */
export interface SshdSetting {
  /** In small letters. */
  readonly keyword: string;
  readonly value: string;
  /** Where it is said; null of a default. */
  readonly file: string | null;
}

/**
 * Defaults that all releases and distributions have in common (servconf.c, fill_default_server_options). What depends on
 * the release or how it was built (ciphers, Kerberos) is told only where a file says it.
 */
const DEFAULTS: Readonly<Record<string, string>> = {
  port: "22",
  addressfamily: "any",
  usepam: "no",
  logingracetime: "120",
  x11displayoffset: "10",
  maxauthtries: "6",
  maxsessions: "10",
  clientaliveinterval: "0",
  clientalivecountmax: "3",
  permitrootlogin: "without-password",
  ignorerhosts: "yes",
  ignoreuserknownhosts: "no",
  hostbasedauthentication: "no",
  hostbasedusesnamefrompacketonly: "no",
  pubkeyauthentication: "yes",
  passwordauthentication: "yes",
  kbdinteractiveauthentication: "yes",
  printmotd: "yes",
  printlastlog: "yes",
  x11forwarding: "no",
  x11uselocalhost: "yes",
  permittty: "yes",
  permituserrc: "yes",
  strictmodes: "yes",
  tcpkeepalive: "yes",
  permitemptypasswords: "no",
  compression: "yes",
  gatewayports: "no",
  usedns: "no",
  allowtcpforwarding: "yes",
  allowagentforwarding: "yes",
  disableforwarding: "no",
  allowstreamlocalforwarding: "yes",
  streamlocalbindunlink: "no",
  fingerprinthash: "SHA256",
  exposeauthinfo: "no",
  banner: "none",
  forcecommand: "none",
  chrootdirectory: "none",
  trustedusercakeys: "none",
  revokedkeys: "none",
  authorizedprincipalsfile: "none",
  versionaddendum: "none",
  authorizedkeyscommand: "none",
  authorizedkeyscommanduser: "none",
  hostkeyagent: "none",
  loglevel: "INFO",
  syslogfacility: "AUTH",
  authorizedkeysfile: ".ssh/authorized_keys .ssh/authorized_keys2",
  authenticationmethods: "any",
  maxstartups: "10:30:100",
  permittunnel: "no",
  permitopen: "any",
  permitlisten: "any",
  permituserenvironment: "no",
};

const OTHER_NAMES: Readonly<Record<string, string>> = {
  challengeresponseauthentication: "kbdinteractiveauthentication",
  skeyauthentication: "kbdinteractiveauthentication",
  pubkeyacceptedkeytypes: "pubkeyacceptedalgorithms",
  hostbasedacceptedkeytypes: "hostbasedacceptedalgorithms",
  dsaauthentication: "pubkeyauthentication",
  keepalive: "tcpkeepalive",
};
/** Given several times, each counts. */
const LISTS = new Set(["port", "listenaddress", "hostkey", "hostcertificate", "subsystem"]);
/** The same, and a line may have several values. */
const SPREAD = new Set(["allowusers", "denyusers", "allowgroups", "denygroups", "acceptenv", "setenv"]);
const TIMES = new Set(["logingracetime", "clientaliveinterval"]);
const UPPER = new Set(["loglevel", "syslogfacility"]);
const SMALL =
  /^(?:yes|no|any|none|all|inet6?|delayed|true|false|prohibit-password|without-password|forced-commands-only|local|remote|point-to-point|ethernet|clientspecified)$/i;
/** The rest of their line counts as it is. */
const RAW = new Set(["forcecommand", "versionaddendum"]);
/** Older words that mean one of today's. */
const SAME: Readonly<Record<string, string>> = { true: "yes", false: "no", "prohibit-password": "without-password" };
/** Read, and of no consequence since years. */
const GONE =
  /^(?:protocol|serverkeybits|keyregenerationinterval|rsaauthentication|rhostsrsaauthentication|rhostsauthentication|uselogin|useprivilegeseparation|verifyreversemapping|reversemappingcheck|pamauthenticationviakbdint|authorizedkeysfile2|afstokenpassing|kerberostgtpassing|checkmail)$/;

const HOST_KEYS = ["rsa", "ecdsa", "ed25519"].map((type) => `/etc/ssh/ssh_host_${type}_key`);

/** What counts for everybody: of most settings the first line, of some all of them, and defaults. */
export function sshdSettings(lines: readonly SshdLine[]): readonly SshdSetting[] {
  const found = new Map<string, SshdSetting[]>();
  for (const { keyword: written, values, file, rest } of lines) {
    const keyword = sshdKeyword(written);
    const known = found.get(keyword);
    if (GONE.test(keyword) || (known && !LISTS.has(keyword) && !SPREAD.has(keyword))) continue;
    const settings = known ?? [];
    for (const value of SPREAD.has(keyword) ? values : [RAW.has(keyword) ? rest : values.join(" ")])
      settings.push({ keyword, value: sshdValue(keyword, value), file });
    found.set(keyword, settings);
  }
  for (const [keyword, value] of Object.entries(DEFAULTS))
    if (!found.has(keyword)) found.set(keyword, [{ keyword, value, file: null }]);
  const told = (keyword: string) => (found.get(keyword) ?? []).map(({ value }) => value);
  if (!found.has("hostkey"))
    found.set(
      "hostkey",
      HOST_KEYS.map((value) => ({ keyword: "hostkey", value, file: null })),
    );
  found.set("listenaddress", addresses(found.get("listenaddress"), told("port"), told("addressfamily")[0]));
  return [...found.values()].flat().sort((a, b) => (a.keyword < b.keyword ? -1 : a.keyword > b.keyword ? 1 : 0));
}

/** `ADDRESS:PORT`: every port where an address has none of its own, and every address where none is said. */
function addresses(
  given: readonly SshdSetting[] | undefined,
  ports: readonly string[],
  family?: string,
): SshdSetting[] {
  const all = ["[::]", "0.0.0.0"].filter((host) => family === "any" || (family === "inet6") === host.startsWith("["));
  const places = given ?? all.map((value) => ({ keyword: "listenaddress", value, file: null }));
  return places.flatMap(({ keyword, value, file }) => {
    const [host = "", ...more] = value.split(" ");
    const [, name, port] = /^(\[[^\]]*\]|[^:]*)(?::(\d+))?$/.exec(host) ?? [];
    const shown = name ?? `[${host}]`;
    const rest = more.length > 0 ? ` ${more.join(" ")}` : "";
    return (port === undefined ? ports : [port]).map((each) => ({ keyword, value: `${shown}:${each}${rest}`, file }));
  });
}

/** Of the names that a setting goes by the one that is told. */
export function sshdKeyword(written: string): string {
  const small = written.toLowerCase();
  return OTHER_NAMES[small] ?? small;
}

/** Of the spellings of a value the one that is told. */
export function sshdValue(keyword: string, value: string): string {
  if (TIMES.has(keyword)) return String(secondsOf(value) ?? value);
  if (UPPER.has(keyword) || keyword === "fingerprinthash") return value.toUpperCase().replace(/^DEBUG1$/, "DEBUG");
  if (keyword === "maxstartups" && /^\d+$/.test(value)) return `${value}:30:${value}`;
  if (keyword === "compression" && /^delayed$/i.test(value)) return "yes";
  const small = SMALL.test(value) ? value.toLowerCase() : value;
  return SAME[small] ?? small;
}

const UNITS: Readonly<Record<string, number>> = { "": 1, s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };

/** Seconds of `90`, `2m`, `1h30m` (TIME FORMATS of sshd_config(5)); null where it is none. */
function secondsOf(text: string): number | null {
  if (!/^(?:\d{1,9}[smhdw]?)+$/i.test(text) || text.length > 40) return null;
  let total = 0;
  for (const [, number, unit = ""] of text.matchAll(/(\d+)([smhdw]?)/gi))
    total += Number(number) * (UNITS[unit.toLowerCase()] ?? 1);
  return total;
}
