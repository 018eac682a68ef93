import {
  judgeDisk,
  mergedSets,
  profileRules,
  type RuleSet,
  readRuleFile,
  stopping,
  today,
  waive,
  waiverWarnings,
} from "@guestkit/core/check";
import { EXIT, type Invocation } from "../command/command.ts";
import { usage } from "../command/parse.ts";
import { type Judgement, reportText } from "../output/check-report.ts";
import { writeOut } from "../output/stdout.ts";
import { shown } from "../output/table.ts";
import { note, placeOf, readDisk } from "./place.ts";

export async function run(invocation: Invocation): Promise<number> {
  const { positionals, flags, values } = invocation;
  const [image = ""] = positionals;
  const rules = await rulesOf(invocation);
  const day = today();
  const warnings = waiverWarnings(rules, day);
  for (const warning of warnings) note(shown(warning));
  const { partition, filesystem } = placeOf(invocation);
  return await readDisk(invocation, image, async (disk, output) => {
    const results = waive(
      await judgeDisk(disk, rules.rules, { partition, filesystem, today: day }),
      rules.waivers,
      day,
    );
    const judgement: Judgement = { image, rules, results, warnings };
    output();
    writeOut(reportText(flags.has("json") ? "json" : (values.format ?? "text"), judgement));
    return stopping(results).length > 0 ? EXIT.changes : EXIT.done;
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
