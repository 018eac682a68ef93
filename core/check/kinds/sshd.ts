import { sshdKeyword, sshdValue } from "../../guest/facts/access/sshd-settings.ts";
import { GuestkitError } from "../../kit/errors.ts";
import type { Facts, Sshd } from "../facts.ts";
import type { SshdRule } from "../rule.ts";

const PROGRAMS = ["/usr/sbin/sshd", "/usr/bin/sshd", "/usr/lib/ssh/sshd"];

/** Why a rule about the SSH server does not hold, for everybody or for some; empty where it does, or where there is no server. */
export async function checkSshd(rule: SshdRule, facts: Facts): Promise<readonly string[]> {
  const found = await facts.sshd();
  if (!found && !(await hasServer(facts))) return [];
  return found ? broken(rule, found) : broken(rule, { settings: [], matches: [] });
}

function broken({ setting, allowed }: SshdRule, { settings, matches }: Sshd): readonly string[] {
  const keyword = sshdKeyword(setting);
  const wanted = allowed.map((each) => sshdValue(keyword, each).toLowerCase());
  const isRight = (value: string) => wanted.includes(value.toLowerCase());
  const said = settings.filter((each) => each.keyword === keyword);
  if (said.length === 0) throw unsaid(setting);
  const ofSome = matches.flatMap(({ criteria, settings: own }) =>
    own.filter((each) => sshdKeyword(each.keyword) === keyword).map((each) => ({ ...each, criteria })),
  );
  return [
    ...said
      .filter(({ value }) => !isRight(value))
      .map(({ value, file }) => `${setting} is ${value} (${file ?? "where nothing is said"})`),
    ...ofSome
      .filter(({ value }) => !isRight(sshdValue(keyword, value)))
      .map(({ value, criteria }) => `${setting} is ${value} for ${criteria}`),
  ];
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
