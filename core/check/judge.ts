import { type Disk, findSystems, type TreeChoice } from "../inspect/index.ts";
import { type Allowance, isLate } from "../kit/budget.ts";
import { GuestkitError } from "../kit/errors.ts";
import { type Facts, factsOf } from "./facts.ts";
import { checkCertificates } from "./kinds/certificates.ts";
import { checkFile } from "./kinds/file.ts";
import { checkLeftovers } from "./kinds/leftovers.ts";
import { checkPackage } from "./kinds/package.ts";
import { checkService } from "./kinds/service.ts";
import { checkSshd } from "./kinds/sshd.ts";
import { checkUser } from "./kinds/user.ts";
import type { Result, Rule, RuleKinds, RuleSet, Waiver } from "./rule.ts";

/** Why a rule does not hold; empty where it does. Throws where that cannot be told. */
const KINDS: {
  readonly [K in keyof RuleKinds]: (rule: NonNullable<RuleKinds[K]>, facts: Facts) => Promise<readonly string[]>;
} = {
  package: checkPackage,
  file: checkFile,
  service: checkService,
  user: checkUser,
  sshd: checkSshd,
  certificates: checkCertificates,
  leftovers: checkLeftovers,
};
export const RULE_KINDS = Object.keys(KINDS) as readonly (keyof RuleKinds)[];

/** What one rule may ask for: a list of packages, or a file whose digest is asked for. */
const RULE_SHARE: Partial<Allowance> = { bytes: 256 << 20, names: 300_000 };

export interface JudgeOptions extends TreeChoice {
  /** The day by which certificates are judged (UTC): `2026-11-30`. */
  readonly today: string;
}

export interface Judged {
  readonly results: readonly Result[];
  /** What lies beside the systems, and nobody could look into. */
  readonly unread: readonly string[];
}

/**
 * What becomes of each rule in each system of a disk, of one that is chosen in that alone, in the order of their names. A rule
 * whose facts cannot be read is an `error`, as every rule is where there is no system, or where there may be one that cannot
 * be read. Nothing is waived yet: see `waive`.
 */
export async function judgeDisk(
  disk: Disk,
  rules: RuleSet["rules"],
  { today, ...choice }: JudgeOptions,
): Promise<Judged> {
  const { roots, failed, unread } = await findSystems(disk, choice);
  const found: Result[] = [];
  const judge = async (system: number, verdict: (rule: Rule) => Promise<Verdict>) => {
    for (const name of Object.keys(rules).toSorted()) {
      const rule = rules[name] as Rule;
      found.push(resultOf(name, rule, system, await verdict(rule)));
    }
  };
  for (const [system, root] of roots.entries()) {
    const facts = await factsOf(root, disk.codec, today);
    await judge(system, (rule) => disk.budget.part("a check", () => verdictOf(rule, facts), RULE_SHARE));
  }
  const hidden = spelled(unread);
  const doubts = [...spelled(failed), ...(roots.length === 0 ? hidden : [])];
  const reasons = roots.length + doubts.length === 0 ? ["there is no system in it"] : doubts;
  if (reasons.length > 0) await judge(roots.length, async () => ({ state: "error", reasons }));
  return { results: found, unread: roots.length > 0 ? hidden : [] };
}

const spelled = (errors: ReadonlyMap<string, GuestkitError>): readonly string[] =>
  [...errors].map(([device, { message }]) => `${device} may hold a system that cannot be read: ${message}`);

type Verdict = Pick<Result, "state" | "reasons">;

async function verdictOf(rule: Rule, facts: Facts): Promise<Verdict> {
  try {
    const reasons = await faultsOf(rule, facts);
    return { state: reasons.length > 0 ? "failed" : "passed", reasons };
  } catch (error) {
    if (!(error instanceof GuestkitError) || isLate(error)) throw error;
    return { state: "error", reasons: [error.message] };
  }
}

async function faultsOf(rule: Rule, facts: Facts): Promise<readonly string[]> {
  const found: string[] = [];
  for (const kind of RULE_KINDS) found.push(...(await faultsOfKind(kind, rule, facts)));
  return found;
}

async function faultsOfKind<K extends keyof RuleKinds>(
  kind: K,
  rule: RuleKinds,
  facts: Facts,
): Promise<readonly string[]> {
  const own = rule[kind];
  return own ? await KINDS[kind](own, facts) : [];
}

const resultOf = (check: string, { title, severity }: Rule, system: number, verdict: Verdict): Result => ({
  ...{ check, title, severity, system },
  ...verdict,
  waiver: null,
});

/** The same with what is waived on a day (UTC, `2026-11-30`): a waiver that is past its last day counts no more. */
export function waive(results: readonly Result[], waivers: readonly Waiver[], today: string): readonly Result[] {
  return results.map((each) => {
    const waiver = waivers.find(({ check, until }) => check === each.check && until >= today);
    if (!waiver || each.state === "passed") return each;
    return { ...each, state: "waived", waiver: { reason: waiver.reason, until: waiver.until } };
  });
}

/** Those that stop a deployment: what is only told does not. */
export const stopping = (results: readonly Result[]): readonly Result[] =>
  results.filter(({ state, severity }) => (state === "failed" || state === "error") && severity !== "info");

/** What is odd about rules: there are none, and waivers that name no rule, or are past their last day. */
export function ruleWarnings({ rules, waivers }: RuleSet, today: string): readonly string[] {
  const odd = waivers.flatMap(({ check, until }) => {
    if (!Object.hasOwn(rules, check)) return [`a waiver names "${check}", and there is no such rule`];
    return until < today ? [`the waiver of "${check}" counts no more: it ended on ${until}`] : [];
  });
  return Object.keys(rules).length === 0 ? ["there is no rule: nothing is judged", ...odd] : odd;
}

/** Whether what becomes of a rule is another one on another day, while the image stays as it is. */
export const dependsOnDay = (rules: RuleSet["rules"]): boolean =>
  Object.values(rules).some(({ certificates }) => certificates !== null);
