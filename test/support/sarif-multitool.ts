import { chmod, mkdtemp, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import formats from "ajv-formats";
import { fixture } from "./fixture.ts";
import { run } from "./tool.ts";

/** Ships the schema of SARIF 2.1.0, and rules of the standard and of GitHub's code scanning that no schema can say. */
const PACKAGE = "@microsoft/sarif-multitool-linux@5.7.0";
/** A program of .NET, which else asks for a library of languages. */
const ENV = { DOTNET_SYSTEM_GLOBALIZATION_INVARIANT: "1" };

interface Finding {
  readonly ruleId: string;
  readonly level: string;
}

interface Log {
  readonly runs: readonly { readonly results?: readonly { readonly ruleId: string; readonly level?: string }[] }[];
}

const program = (dir: string) => join(dir, "package/Sarif.Multitool");

async function multitool(): Promise<string> {
  const build = async (dir: string) => {
    await run("npm", ["pack", "--silent", "--pack-destination", dir, PACKAGE]);
    await run("sh", ["-c", 'tar -xzf "$1"/*.tgz -C "$1" && rm "$1"/*.tgz', "sh", dir]);
    await chmod(program(dir), 0o755);
  };
  return await fixture("sarif-multitool", PACKAGE, build, (dir) => run(program(dir), ["help"], ENV));
}

/** What is wrong with a document by the schema alone. */
export async function sarifFaults(): Promise<(document: unknown) => readonly unknown[]> {
  const schema = JSON.parse(await readFile(join(await multitool(), "package/sarif-2.1.0.json"), "utf8"));
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  formats.default(ajv);
  const validate = ajv.compile(schema);
  return (document) => (validate(document) ? [] : (validate.errors ?? []));
}

/** What the makers of SARIF find in a file, as errors and warnings, also of what GitHub asks for. */
export async function sarifFindings(file: string): Promise<readonly Finding[]> {
  const found = await mkdtemp(`${file}-found-`);
  try {
    const output = join(found, "found.sarif");
    const rules = ["--rule-kind", "Sarif;Ghas", "--level", "Error;Warning"];
    await run(program(await multitool()), ["validate", file, "--output", output, "--quiet", ...rules], ENV);
    const { runs } = JSON.parse(await readFile(output, "utf8")) as Log;
    return runs.flatMap(({ results = [] }) => results.map(({ ruleId, level = "warning" }) => ({ ruleId, level })));
  } finally {
    await rm(found, { recursive: true });
  }
}
