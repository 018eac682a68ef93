import { isAbsolute } from "node:path";
import { pathToFileURL } from "node:url";
import type { Result, Rule, Severity } from "@guestkit/core/check";
import { VERSION } from "../version.ts";
import type { Judgement } from "./check-report.ts";
import { calm } from "./json.ts";

const LEVELS: Readonly<Record<Severity, "note" | "warning" | "error">> = {
  info: "note",
  low: "note",
  medium: "warning",
  high: "error",
  critical: "error",
};
/** CVSS, by which code scanners sort. */
const SCORES: Readonly<Record<Severity, string>> = {
  info: "0.0",
  low: "3.0",
  medium: "5.0",
  high: "8.0",
  critical: "9.5",
};

/** SARIF 2.1.0: each rule, and a result for each that does not hold; what is waived is suppressed. */
export function sarifText({ image, rules, results }: Judgement): string {
  const names = Object.keys(rules.rules).toSorted();
  const told = results.filter(({ state }) => state !== "passed");
  const log = {
    $schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            ...{ name: "guestkit", version: VERSION },
            rules: names.map((name) => describe(name, rules.rules[name] as Rule)),
          },
        },
        results: told.map((each) => resultOf(each, names.indexOf(each.check), image)),
      },
    ],
  };
  return `${calm(JSON.stringify(log, null, 2))}\n`;
}

/** With all that GitHub's code scanning demands of a rule. */
function describe(id: string, rule: Rule) {
  const { severity, title, ...kinds } = rule;
  const asked = JSON.stringify(kinds, (_, value) => value ?? undefined);
  const waiver = `waivers: [{ check: ${JSON.stringify(id)}, reason: why, until: "2027-01-31" }]`;
  return {
    id,
    shortDescription: { text: title ?? id },
    fullDescription: { text: `${title ?? id}: ${asked}` },
    help: { text: `Mend the image, or waive for a while what may be so, in the file of rules: ${waiver}` },
    defaultConfiguration: { level: LEVELS[severity] },
    properties: { "security-severity": SCORES[severity], tags: ["security"] },
  };
}

function resultOf({ check, severity, state, reasons, waiver, system }: Result, ruleIndex: number, image: string) {
  const what = state === "error" ? "It cannot be told whether it holds: " : "";
  const text = `${what}${reasons.join("; ")}${system > 0 ? ` (system ${system + 1})` : ""}`;
  return {
    ruleId: check,
    ruleIndex,
    level: LEVELS[severity],
    message: { text },
    locations: [{ physicalLocation: { artifactLocation: { uri: uriOf(image) } } }],
    partialFingerprints: { "guestkitCheck/v1": `${check}#${system}` },
    ...(waiver && {
      suppressions: [
        { kind: "external", status: "accepted", justification: `until ${waiver.until}: ${waiver.reason}` },
      ],
    }),
  };
}

/** Relative to where the command runs, as scanners want paths of a repository. */
const uriOf = (image: string): string =>
  isAbsolute(image) ? pathToFileURL(image).href : image.split("/").map(encodeURIComponent).join("/");
