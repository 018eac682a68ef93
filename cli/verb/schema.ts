import { EXIT, type Invocation } from "../command/command.ts";
import job from "../generated/ci-job.schema.json" with { type: "json" };
import project from "../generated/guestkit.schema.json" with { type: "json" };
import { writeJson } from "../output/stdout.ts";

export async function run({ positionals: [file = "guestkit.yaml"] }: Invocation): Promise<number> {
  writeJson(file === "ci-job" ? job : project);
  return EXIT.done;
}
