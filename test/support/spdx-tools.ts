import { access } from "node:fs/promises";
import { join } from "node:path";
import { fixture } from "./fixture.ts";
import { run } from "./tool.ts";

const PACKAGES = ["spdx-tools==0.8.5"];

/** SPDX's own checker in a Python of its own; gives what is wrong with documents in files, throws where it cannot read one. */
export async function spdxTools(): Promise<(...files: readonly string[]) => Promise<readonly string[]>> {
  const build = async (dir: string) => {
    await run("python3", ["-m", "venv", "--copies", dir]);
    await run(join(dir, "bin/python"), ["-m", "pip", "install", "--quiet", ...PACKAGES]);
  };
  const prove = async (dir: string) => {
    await access(join(dir, "bin/pyspdxtools"));
    await run(join(dir, "bin/python"), ["-c", "import spdx_tools.spdx"]);
  };
  const python = join(await fixture("spdx-tools", PACKAGES, build, prove), "bin/python");
  return async (...files) => JSON.parse(await run(python, ["-c", CHECK, ...files]));
}

const CHECK = `
import json, sys
from spdx_tools.spdx.parser.parse_anything import parse_file
from spdx_tools.spdx.validation.document_validator import validate_full_spdx_document
faults = [m.validation_message for f in sys.argv[1:] for m in validate_full_spdx_document(parse_file(f))]
print(json.dumps(faults))
`;
