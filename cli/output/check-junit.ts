import type { Result } from "@guestkit/core/check";
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

/** JUnit's XML as CI services read it: a suite for the image, a case for each rule. */
export function junitText({ image, results }: Judgement): string {
  const count = (...states: readonly string[]) => results.filter(({ state }) => states.includes(state)).length;
  const counts = {
    tests: results.length,
    failures: count("failed"),
    errors: count("error"),
    skipped: count("waived"),
  };
  const cases = results.map((each) => testCase(image, each)).join("");
  return `<?xml version="1.0" encoding="UTF-8"?>
<testsuites${attributes({ name: "guestkit check", ...counts })}>
 <testsuite${attributes({ name: image, ...counts })}>
${cases} </testsuite>
</testsuites>
`;
}

function testCase(image: string, { check, title, severity, system, state, reasons, waiver }: Result): string {
  const classname = system > 0 ? `${image}#${system + 1}` : image;
  const text = `${title ?? check}: ${reasons.join("; ")}`;
  const told = {
    passed: "",
    failed: `<failure${attributes({ type: severity, message: text })}/>`,
    error: `<error${attributes({ type: severity, message: text })}/>`,
    waived: `<skipped${attributes({ message: `until ${waiver?.until}: ${waiver?.reason} (${reasons.join("; ")})` })}/>`,
  }[state];
  return `  <testcase${attributes({ classname, name: check })}>${told}</testcase>\n`;
}
