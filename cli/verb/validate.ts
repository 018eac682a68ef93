import { validateProject } from "@guestkit/core/project";
import { EXIT, type Invocation } from "../command/command.ts";
import { writeJson, writeOut } from "../output/stdout.ts";
import { openSession } from "../project/session.ts";
import { describeDiagnostic, diagnosticDocument } from "../project/show.ts";

export async function run(invocation: Invocation): Promise<number> {
  const { project, call, file } = await openSession(invocation);
  const diagnostics = await validateProject(project, call.engine);
  const valid = !diagnostics.some((each) => each.severity === "error");
  if (invocation.flags.has("json")) {
    writeJson({ format_version: 1, valid, diagnostics: diagnostics.map((each) => diagnosticDocument(project, each)) });
  } else {
    for (const each of diagnostics) process.stderr.write(describeDiagnostic(project, each));
    if (valid) writeOut(`${file} is valid.\n`);
  }
  return valid ? EXIT.done : EXIT.failed;
}
