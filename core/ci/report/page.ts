import type { CheckReport, RunReport, StepReport } from "./run-report.ts";

/** Text in HTML, between tags or in a quoted attribute. */
const safe = (text: string | number | null) =>
  String(text ?? "-").replace(/[&<>"'\p{Cc}\p{Cf}]/gu, (char) => (char === "\n" ? char : `&#${entityOf(char)};`));

/** A control character, or one that turns the direction of what follows, is shown as the replacement character. */
const entityOf = (char: string) => (/[\p{Cc}\p{Cf}]/u.test(char) ? 0xfffd : char.codePointAt(0));

const STYLE = `
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
body { margin: 0 auto; max-width: 70rem; padding: 1rem; }
table { border-collapse: collapse; width: 100%; margin: 0 0 2rem; }
caption { text-align: left; font-weight: bold; padding: .5rem 0; }
th, td { border: 1px solid; padding: .25rem .5rem; text-align: left; vertical-align: top; overflow-wrap: anywhere; }
pre { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; max-height: 20rem; overflow: auto; }
.result { font-weight: bold; border-inline-start: .5rem solid; padding-inline-start: .5rem; }
.passed, .unchanged { border-color: #1a7f37; }
.failed, .refused, .interrupted { border-color: #cf222e; }
.running, .skipped { border-color: #9a6700; }
`;

/** The page of a job: its last run and those before it. One file, without scripts and without anything from elsewhere. */
export function pageOf(run: RunReport, history: readonly RunReport[]): string {
  const title = `${run.job}: ${run.result}`;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${safe(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${safe(run.job)}</h1>
<p class="result ${safe(run.result)}" role="status">${safe(run.result)}</p>
${run.reason ? `<p>${safe(run.reason.message)}</p>\n${run.reason.help ? `<p>${safe(run.reason.help)}</p>\n` : ""}` : ""}${facts(run)}
${steps(run.steps)}
${checks(run.checks)}
${changes(run.changes)}
${past(history)}
</main>
</body>
</html>
`;
}

function table(caption: string, head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return "";
  const columns = head.map((each) => `<th scope="col">${safe(each)}</th>`).join("");
  const cells = ([first = "", ...rest]: readonly string[]) =>
    `<tr><th scope="row">${first}</th>${rest.map((each) => `<td>${each}</td>`).join("")}</tr>`;
  return `<table>
<caption>${safe(caption)}</caption>
<thead><tr>${columns}</tr></thead>
<tbody>
${rows.map(cells).join("\n")}
</tbody>
</table>`;
}

function facts(run: RunReport): string {
  const { commit, signer } = run;
  const rows: readonly (readonly [string, string | null])[] = [
    ["Repository", run.repository],
    ["Branch or tag", run.ref],
    ["Commit", commit && `${commit.id}: ${commit.subject}`],
    ["Author", commit && `${commit.author}, ${commit.committed_at}`],
    ["Signed by", signer && `${signer.name}, ${signer.kind} key ${signer.key} (the ${signer.by})`],
    ["Accepted before", run.previous_commit],
    ["Started", run.started_at],
    ["Ended", run.ended_at],
    ["Exit code", run.exit_code === null ? null : String(run.exit_code)],
  ];
  const log = `<a href="logs/${safe(run.id)}.log">${safe(run.log)}</a>`;
  return table(
    "The last run",
    ["What", "Value"],
    [...rows.map(([name, value]) => [safe(name), safe(value)]), [safe("Log"), log]],
  );
}

const result = (text: string) => `<span class="result ${safe(text)}">${safe(text)}</span>`;
const output = (text: string) => (text === "" ? "" : `<pre>${safe(text)}</pre>`);

function steps(all: readonly StepReport[]): string {
  const rows = all.map((each) => [safe(each.name), result(each.result), safe(each.seconds), output(each.detail)]);
  return table("Steps", ["Step", "Result", "Seconds", "Detail"], rows);
}

function checks(all: readonly CheckReport[]): string {
  const rows = all.map((each) => [
    safe(each.name),
    safe(each.machine ?? "this host"),
    result(each.result),
    `${safe(each.exit_code)} (expected ${safe(each.expected)})`,
    safe(each.seconds),
    output(each.output),
  ]);
  return table("Checks", ["Check", "Where", "Result", "Exit code", "Seconds", "Output"], rows);
}

function changes(all: RunReport["changes"]): string {
  const rows = all.map((each) => [safe(each.address), safe(each.action)]);
  return table("Changes", ["Thing", "Action"], rows);
}

function past(history: readonly RunReport[]): string {
  const rows = history.map((run) => [
    safe(run.started_at),
    result(run.result),
    safe(run.commit?.id.slice(0, 12) ?? null),
    safe(run.reason?.message ?? ""),
    `<a href="logs/${safe(run.id)}.log">log<span> of ${safe(run.started_at)}</span></a>`,
  ]);
  return table("Runs", ["Started", "Result", "Commit", "Reason", "Log"], rows);
}
