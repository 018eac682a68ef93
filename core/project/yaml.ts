import { readFile } from "node:fs/promises";
import { isNode, LineCounter, parseDocument } from "yaml";
import { GuestkitError } from "../kit/errors.ts";
import type { Position, ProjectDocument } from "./document.ts";
import { type Project, readProject } from "./project.ts";

/** Reads a project file. Throws `E_PROJECT_MISSING` and `E_YAML`; other faults are in the project's diagnostics. */
export async function loadProject(file: string): Promise<Project> {
  return readProject(parseYaml(file, await readText(file)));
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    const gone = (cause as NodeJS.ErrnoException).code === "ENOENT";
    throw new GuestkitError(
      "E_PROJECT_MISSING",
      `Cannot open "${file}": ${gone ? "there is no such file" : (cause as Error).message}`,
      {
        cause,
        at: { file },
        help: "Name it with --file FILE; examples/yaml/guestkit.yaml is one to start from.",
      },
    );
  }
}

/** YAML 1.2 with the place of every value. Throws `E_YAML`. */
export function parseYaml(file: string, text: string): ProjectDocument {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const [error] = document.errors;
  if (error) {
    const { line, col } = lines.linePos(error.pos[0]);
    const message = `Cannot read ${file}:${line}:${col}: ${error.message}`;
    throw new GuestkitError("E_YAML", message, {
      at: { file, offset: Buffer.byteLength(text.slice(0, error.pos[0])) },
    });
  }
  const position = (path: readonly (string | number)[]): Position | undefined => {
    const node = path.length === 0 ? document.contents : document.getIn(path, true);
    const start = isNode(node) ? node.range?.[0] : undefined;
    if (start === undefined) return undefined;
    const { line, col } = lines.linePos(start);
    return { line, column: col };
  };
  return { file, value: document.toJS(), position };
}
