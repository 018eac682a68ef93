import { type Result, type RuleSet, SEVERITIES, type State, stopping } from "@guestkit/core/check";
import { junitText } from "./check-junit.ts";
import { sarifText } from "./check-sarif.ts";
import { coloured } from "./colour.ts";
import { calm } from "./json.ts";
import { shown } from "./table.ts";

/** What became of rules in an image. */
export interface Judgement {
  readonly image: string;
  readonly rules: RuleSet;
  readonly results: readonly Result[];
  /** What is odd about the rules. */
  readonly warnings: readonly string[];
}

/** Version of what `check --json` prints. */
const FORMAT_VERSION = 1;
const STATES: readonly State[] = ["failed", "error", "waived", "passed"];
const COLOURS = { failed: "red", error: "magenta", waived: "yellow", passed: "green" } as const;

const FORMATS: Readonly<Record<string, (judgement: Judgement) => string>> = {
  text: plainText,
  json: (judgement) => `${calm(JSON.stringify(document(judgement), null, 2))}\n`,
  junit: junitText,
  sarif: sarifText,
};

/** The whole answer in one of the formats. */
export const reportText = (format: string, judgement: Judgement): string => FORMATS[format]?.(judgement) ?? "";

function document({ image, results, warnings }: Judgement) {
  const counts = Object.fromEntries(STATES.map((state) => [state, ofState(results, state).length]));
  return {
    format_version: FORMAT_VERSION,
    image,
    passed: stopping(results).length === 0,
    counts,
    results,
    warnings,
  };
}

const ofState = (results: readonly Result[], wanted: State): readonly Result[] =>
  results.filter(({ state }) => state === wanted);

/** The worst first; of those that hold the number alone. */
function plainText({ results }: Judgement): string {
  const told = STATES.filter((state) => state !== "passed").flatMap((state) => {
    const found = ofState(results, state).toSorted((a, b) => rank(b) - rank(a));
    return found.length > 0 ? [`${coloured(COLOURS[state], state)}:\n${found.map(lines).join("")}\n`] : [];
  });
  const counts = STATES.toReversed().map((state) => [state, ofState(results, state).length] as const);
  const there = counts.filter(([, count]) => count > 0).map(([state, count]) => `${count} ${state}`);
  return `${told.join("")}${results.length} ${results.length === 1 ? "check" : "checks"}: ${there.join(", ") || "none"}\n`;
}

const rank = ({ severity }: Result): number => SEVERITIES.indexOf(severity);

function lines({ check, severity, title, system, reasons, waiver }: Result): string {
  const where = system > 0 ? ` (system ${system + 1})` : "";
  const indented = (text: string) => `            ${shown(text)}\n`;
  return [
    `  ${severity.padEnd(8)}  ${shown(check)}${where}${title === null ? "" : `  ${shown(title)}`}\n`,
    ...reasons.map(indented),
    ...(waiver ? [indented(`waived until ${waiver.until}: ${waiver.reason}`)] : []),
  ].join("");
}
