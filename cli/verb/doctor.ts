import { examineHost, type Finding } from "@guestkit/core/resource";
import { EXIT, type Invocation } from "../command/command.ts";
import { writeJson, writeOut } from "../output/stdout.ts";
import { table } from "../output/table.ts";

export async function run({ flags }: Invocation): Promise<number> {
  const findings = await examineHost();
  const ok = findings.every((each) => each.ok || each.optional);
  if (flags.has("json")) {
    writeJson({ ok, findings });
    return ok ? EXIT.done : EXIT.failed;
  }
  writeOut(table(findings.map((each) => [mark(each), each.name, each.detail, `to ${each.purpose}`])));
  const mend = findings.flatMap(({ help, purpose }) => (help ? [`  To ${purpose}: ${help}\n`] : []));
  if (mend.length > 0) writeOut(`\nTo mend:\n${mend.join("")}`);
  return ok ? EXIT.done : EXIT.failed;
}

function mark({ ok, optional }: Finding): string {
  if (ok) return "ok";
  return optional ? "--" : "NO";
}
