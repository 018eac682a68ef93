import {
  judgeDisk,
  mergedSets,
  profileRules,
  type RuleSet,
  readRuleFile,
  ruleWarnings,
  stopping,
  today,
  waive,
} from "@guestkit/core/check";
import { GuestkitError } from "@guestkit/core/kit";
import { EXIT, type Invocation } from "../command/command.ts";
import { usage } from "../command/parse.ts";
import { type Judgement, reportText } from "../output/check-report.ts";
import { writeOut } from "../output/stdout.ts";
import { shown } from "../output/table.ts";
import { note, placeOf, readDisk } from "./place.ts";

export async function run(invocation: Invocation): Promise<number> {
  const [image = ""] = invocation.positionals;
  const format = formatOf(invocation);
  const rules = await rulesOf(invocation);
  if (Object.keys(rules.rules).length === 0) throw unjudged(image);
  const day = today();
  const odd = ruleWarnings(rules, day);
  for (const warning of odd) note(shown(warning));
  const { partition, filesystem } = placeOf(invocation);
  return await readDisk(invocation, image, async (disk, output) => {
    const judged = await judgeDisk(disk, rules.rules, { partition, filesystem, today: day });
    const results = waive(judged.results, rules.waivers, day);
    const judgement: Judgement = { image, rules, results, warnings: [...odd, ...judged.unread] };
    output();
    for (const warning of judged.unread) note(shown(warning));
    writeOut(reportText(format, judgement));
    return stopping(results).length > 0 ? EXIT.changes : EXIT.done;
  });
}

function formatOf({ flags, values: { format }, command }: Invocation): string {
  if (!flags.has("json")) return format ?? "text";
  if (format === undefined || format === "json") return "json";
  throw usage(command, `--json and --format ${format} exclude one another`);
}

function unjudged(image: string): GuestkitError {
  return new GuestkitError("E_CHECK_EMPTY", `Cannot judge "${image}": there is no rule in what was named`, {
    at: { file: image },
    help: `Write rules (guestkit schema check-rules tells their fields), or take a profile: guestkit check --profile golden-image "${image}"`,
  });
}

/** Those of profiles below those of files, in the order in which these are named. */
async function rulesOf({ positionals: [, ...files], lists, command }: Invocation): Promise<RuleSet> {
  const profiles = lists.profile ?? [];
  if (files.length + profiles.length === 0) throw usage(command, "RULES is missing, and --profile as well");
  const sets: RuleSet[] = profiles.map((name) => ({ rules: profileRules(name), waivers: [] }));
  for (const file of files) sets.push(await readRuleFile(file));
  return mergedSets(sets);
}
