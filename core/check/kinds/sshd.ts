import type { SshdLine } from "../../guest/sshd-config.ts";
import { GuestkitError } from "../../kit/errors.ts";
import type { Facts } from "../facts.ts";
import type { SshdRule } from "../rule.ts";

/** sshd_config(5): what the server does where nothing is said; the same in every release of the last ten years. */
const DEFAULTS: Readonly<Record<string, string>> = {
  allowagentforwarding: "yes",
  allowtcpforwarding: "yes",
  clientaliveinterval: "0",
  gatewayports: "no",
  gssapiauthentication: "no",
  hostbasedauthentication: "no",
  ignorerhosts: "yes",
  kbdinteractiveauthentication: "yes",
  logingracetime: "120",
  loglevel: "info",
  maxauthtries: "6",
  maxsessions: "10",
  passwordauthentication: "yes",
  permitemptypasswords: "no",
  permitrootlogin: "prohibit-password",
  permittunnel: "no",
  permituserenvironment: "no",
  port: "22",
  pubkeyauthentication: "yes",
  strictmodes: "yes",
  usepam: "no",
  x11forwarding: "no",
};

/** Of several spellings the one that is compared. */
const SPELLINGS: Readonly<Record<string, string>> = {
  "without-password": "prohibit-password",
  challengeresponseauthentication: "kbdinteractiveauthentication",
};
/** Of these every line counts, of all others the first one. */
const SEVERAL = [
  "acceptenv",
  "allowgroups",
  "allowusers",
  "denygroups",
  "denyusers",
  "hostkey",
  "listenaddress",
  "port",
];

const PROGRAMS = ["/usr/sbin/sshd", "/usr/bin/sshd", "/usr/lib/ssh/sshd"];

/** Why a rule about the SSH server does not hold; empty where it does, or where there is no server. */
export async function checkSshd({ setting, values }: SshdRule, facts: Facts): Promise<readonly string[]> {
  const lines = await facts.sshd();
  if (!lines && !(await hasServer(facts))) return [];
  const keyword = spelled(setting);
  const wanted = values.map(spelled);
  const said = saidOf(keyword, lines ?? []);
  if (said.length > 0) {
    const wrong = said.filter(({ values: found }) => !isWanted(keyword, found, wanted));
    return wrong.map(({ text, file }) => `"${text}" stands in ${file}`);
  }
  const silent = DEFAULTS[keyword];
  if (silent === undefined) throw unsaid(setting);
  return wanted.includes(silent) ? [] : [`${setting} is not set, which means ${silent}`];
}

const spelled = (text: string): string => {
  const small = text.toLowerCase();
  return SPELLINGS[small] ?? small;
};

const isWanted = (keyword: string, found: readonly string[], wanted: readonly string[]): boolean =>
  SEVERAL.includes(keyword)
    ? found.every((each) => wanted.includes(spelled(each)))
    : wanted.includes(found.map(spelled).join(" "));

function saidOf(keyword: string, lines: readonly SshdLine[]): readonly SshdLine[] {
  const all = lines.filter((line) => spelled(line.keyword) === keyword);
  return SEVERAL.includes(keyword) ? all : all.slice(0, 1);
}

async function hasServer({ tree }: Facts): Promise<boolean> {
  for (const path of PROGRAMS) if (await tree.resolve(path)) return true;
  return false;
}

function unsaid(setting: string): GuestkitError {
  return new GuestkitError(
    "E_CHECK_SSHD",
    `Cannot tell ${setting}: the configuration does not set it, and releases differ in what that means`,
    { help: `Set it in the image: a line "${setting} VALUE" in /etc/ssh/sshd_config.` },
  );
}
