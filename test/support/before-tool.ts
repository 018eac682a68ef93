import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { run } from "./tool.ts";

/**
 * A PATH on which `tool` runs `script` (its arguments are `"$@"`) before it does its work: whoever looked at a file has
 * done so, and the tool has not opened it. So a swap in between comes at its moment, whatever the machine is busy with.
 */
export async function beforeTool(folder: string, tool: string, script: string): Promise<string> {
  const real = (await run("sh", ["-c", `command -v ${tool}`])).trim();
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, tool), `#!/bin/sh\n${script}\nexec ${real} "$@"\n`);
  await chmod(join(folder, tool), 0o755);
  return `${folder}:${process.env.PATH}`;
}
