export {
  judgeDisk,
  type Result,
  type Rule,
  type RuleSet,
  ruleWarnings,
  SEVERITIES,
  type Severity,
  type State,
  stopping,
  waive,
} from "../../check/index.ts";
export { mergedSets, profileRules, readRuleFile } from "./rules.ts";
export { today } from "./today.ts";
