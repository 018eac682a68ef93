import type { Result, State } from "@guestkit/core/check";
import type { Judgement } from "./check-report.ts";

/** What XML 1.0 has no way to write. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is meant
const UNWRITABLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Cs}/gu;
const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

const escaped = (text: string): string =>
  text
    .replace(UNWRITABLE, "\ufffd")
    .replace(/[&<>"]/g, (char) => ENTITIES[char] ?? char)
    .replace(/[\t\n\r]/g, (char) => `&#${char.charCodeAt(0)};`);

const attributes = (of: Readonly<Record<string, string | number>>): string =>
  Object.entries(of)
    .map(([name, value]) => ` ${name}="${escaped(String(value))}"`)
    .join("");

/** A failure makes a job fail: what is told and stops nothing is none. */
const stateOf = ({ state, severity }: Result): State | "told" =>
  severity === "info" && (state === "failed" || state === "error") ? "told" : state;

/** JUnit's XML as CI services read it: a suite for the image, a case for each rule. */
export function junitText({ image, results }: Judgement): string {
  const count = (...states: readonly string[]) => results.filter((each) => states.includes(stateOf(each))).length;
  const counts = {
    tests: results.length,
    failures: count("failed"),
    errors: count("error"),
    skipped: count("waived", "told"),
  };
  const cases = results.map((each) => testCase(image, each)).join("");
  return `<?xml version="1.0" encoding="UTF-8"?>
<testsuites${attributes({ name: "guestkit check", ...counts })}>
 <testsuite${attributes({ name: image, ...counts })}>
${cases} </testsuite>
</testsuites>
`;
}

function testCase(image: string, result: Result): string {
  const { check, title, severity, system, reasons, waiver } = result;
  const classname = system > 0 ? `${image}#${system + 1}` : image;
  const text = `${title ?? check}: ${reasons.join("; ")}`;
  const told = {
    passed: "",
    failed: `<failure${attributes({ type: severity, message: text })}/>`,
    error: `<error${attributes({ type: severity, message: text })}/>`,
    told: `<skipped${attributes({ message: text })}/>`,
    waived: `<skipped${attributes({ message: `until ${waiver?.until}: ${waiver?.reason} (${reasons.join("; ")})` })}/>`,
  }[stateOf(result)];
  return `  <testcase${attributes({ classname, name: check })}>${told}</testcase>\n`;
}
