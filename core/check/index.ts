export { dependsOnDay, type Judged, judgeDisk, RULE_KINDS, ruleWarnings, stopping, waive } from "./judge.ts";
export { compilePattern } from "./pattern-program.ts";
export { PROFILES } from "./profiles.ts";
export {
  type FileRule,
  type PackageRule,
  type Result,
  type Rule,
  type RuleKinds,
  type RuleSet,
  SEVERITIES,
  type Severity,
  type State,
  type Waiver,
} from "./rule.ts";
export { parseRange } from "./version-range.ts";
