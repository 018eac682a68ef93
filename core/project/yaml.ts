import { LineCounter } from "yaml";
import { readTextFile } from "../host/text-file.ts";
import { GuestkitError, systemError } from "../kit/errors.ts";
import { hideSecrets } from "../kit/secrets.ts";
import type { Position, ProjectDocument } from "./document.ts";
import type { Given } from "./given.ts";
import { type Project, readProject } from "./project.ts";
import { readYaml, YamlFault } from "./yaml-value.ts";

/** What a command line gives to variables. */
export interface GivenOptions extends Pick<Given, "words" | "kept"> {
  /** Paths of files with values. */
  readonly files?: readonly string[];
}

/**
 * Reads a project file, its variables from the environment and from what is given. Throws `E_PROJECT_MISSING`, `E_YAML`,
 * `E_VARIABLE_UNKNOWN` and `E_VARIABLE_SYNTAX`; other faults are in the project's diagnostics. From here on no message
 * repeats its secrets.
 */
export async function loadProject(file: string, given: GivenOptions = {}): Promise<Project> {
  const document = parseYaml(file, await readText(file, START));
  const files = await Promise.all(
    (given.files ?? []).map(async (each) => parseYaml(each, await readText(each, VALUES))),
  );
  const project = readProject(document, { ...given, files, env: process.env });
  hideSecrets(project.secrets);
  return project;
}

const START = "Name it with --file FILE; examples/yaml/guestkit.yaml is one to start from.";
const VALUES = "Write a line for each variable into it, NAME: VALUE; or name another one.";

async function readText(file: string, help: string): Promise<string> {
  try {
    return await readTextFile(file);
  } catch (cause) {
    const refused = systemError(cause, file);
    if (!refused) throw cause;
    throw new GuestkitError("E_PROJECT_MISSING", refused.message, {
      cause,
      at: { file },
      help,
    });
  }
}

/** YAML 1.2 with the place of every value. Throws `E_YAML`. */
export function parseYaml(file: string, text: string): ProjectDocument {
  const lines = new LineCounter();
  const { value, offset } = placed(file, text, lines);
  const position = (path: readonly (string | number)[]): Position | undefined => {
    const start = offset(path);
    if (start === undefined) return undefined;
    const { line, col } = lines.linePos(start);
    return { line, column: col };
  };
  return { file, value, position };
}

function placed(file: string, text: string, lines: LineCounter): ReturnType<typeof readYaml> {
  try {
    return readYaml(text, lines);
  } catch (cause) {
    if (!(cause instanceof YamlFault)) throw cause;
    const { line, col } = lines.linePos(cause.offset);
    throw new GuestkitError("E_YAML", `Cannot read ${file}:${line}:${col}: ${cause.message}`, {
      at: { file, offset: Buffer.byteLength(text.slice(0, cause.offset)) },
      help: `Look at line ${line}: sed -n ${line}p "${file}"`,
    });
  }
}
