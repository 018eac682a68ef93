/** The single executable's program: the provider where it is called by that name, the command line otherwise. */
import { basename } from "node:path";

if (basename(process.argv0).startsWith("terraform-provider-")) import("../../provider/main.ts");
else runCommand();

async function runCommand(): Promise<void> {
  const { main } = await import("../../cli/main.ts");
  process.exitCode = await main(process.argv.slice(2));
}
