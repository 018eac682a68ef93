/** The single executable's program: a provider where it is called by the name of one, the command line otherwise. */
import { basename } from "node:path";

const called = basename(process.argv0);
if (called.startsWith("terraform-provider-")) import("../../provider/main.ts");
else if (called.startsWith("pulumi-resource-")) import("../../pulumi/native/main.ts");
else runCommand();

async function runCommand(): Promise<void> {
  const { main } = await import("../../cli/main.ts");
  process.exitCode = await main(process.argv.slice(2));
}
