import { join } from "node:path";
import { fixture } from "./fixture.ts";
import { run } from "./tool.ts";

const PACKAGES = ["junitparser==5.0.3"];

/** What a reader of JUnit's XML makes of a case. */
interface JunitCase {
  readonly suite: string;
  readonly classname: string;
  readonly name: string;
  /** `Failure`, `Error`, `Skipped` with its message; empty where it passed. */
  readonly results: readonly (readonly [kind: string, message: string])[];
}

interface JunitReport {
  readonly cases: readonly JunitCase[];
  /** Tests, failures, errors and skipped as the file says, and as they are counted anew. */
  readonly said: readonly number[];
  readonly counted: readonly number[];
}

/** Reads a report by a library that is not ours. Throws where it cannot. */
export async function readJunit(file: string): Promise<JunitReport> {
  const build = async (dir: string) => {
    await run("python3", ["-m", "venv", "--copies", dir]);
    await run(join(dir, "bin/python"), ["-m", "pip", "install", "--quiet", ...PACKAGES]);
  };
  const prove = (dir: string) => run(join(dir, "bin/python"), ["-c", "import junitparser"]);
  const python = join(await fixture("junit-parser", PACKAGES, build, prove), "bin/python");
  return JSON.parse(await run(python, ["-c", READ, file]));
}

const READ = `
import json, sys
from junitparser import JUnitXml
report = JUnitXml.fromfile(sys.argv[1])
counts = lambda: [report.tests, report.failures, report.errors, report.skipped]
said = counts()
cases = [
    {"suite": suite.name, "classname": case.classname, "name": case.name,
     "results": [[type(each).__name__, each.message] for each in case.result]}
    for suite in report for case in suite
]
report.update_statistics()
print(json.dumps({"cases": cases, "said": said, "counted": counts()}))
`;
