export {
  judgeDisk,
  type Result,
  type RuleSet,
  SEVERITIES,
  type Severity,
  type State,
  stopping,
  waive,
  waiverWarnings,
} from "../../check/index.ts";
export { mergedSets, profileRules, readRuleFile } from "./rules.ts";
export { today } from "./verdict.ts";
