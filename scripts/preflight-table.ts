/** docs/preflight.md, from the rules' own declarations. */
import type { Rule } from "../core/preflight/rule.ts";

const HEAD = `# Preflight: what a plan knows of the image

Before a machine is started, guestkit reads what it is about to boot: the image's partitions, boot loader, kernel, initial RAM disk and configuration. What would be found after ten minutes of waiting is told by the plan, naming the file inside the image and the way out. \`guestkit vm check NAME\`, or \`guestkit vm check --image IMAGE\`, tells the same.

An image that the same apply is going to build is judged by its declaration at plan, and by its content right before the boot. What was learnt of an image is kept until one of its files is touched, so that the next plan reads nothing.

A rule that cannot know stays silent: of packages that it cannot list, an initial RAM disk packed with xz, a disk behind LVM, a value that is known later.

\`preflight = "error" | "warn" | "off"\` says what a plan does with faults; \`preflight_rules = { P_CONSOLE = "off" }\` says it for one rule and stands above it. With \`error\`, the default, each rule has the weight below. Of a machine that is not to run (\`running = false\`), every fault is a warning.

`;

const TABLE = `| Code | Weight | Fault |
| --- | --- | --- |
`;

export function preflightPage(rules: readonly Rule[]): string {
  const rows = rules.map(
    ({ code, severity, summary }) => `| [${code}](#${code.toLowerCase()}) | ${severity} | ${cell(summary)} |\n`,
  );
  const sections = rules.map(
    ({ code, summary, explanation, help }) => `## ${code}\n\n${summary} ${explanation}\n\nWay out: ${help}\n`,
  );
  return `${HEAD}${TABLE}${rows.join("")}\n${sections.join("\n")}`;
}

const cell = (text: string) => text.replaceAll("|", "\\|");
