/** What goes into a run of the test machine and what comes out: a tar on a disk each way. */
import { mkdir, readdir, readFile, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { run } from "../tool.ts";

/** What a script may leave behind, all in all. */
const REPORT_SIZE = 64 << 20;

/** What a script did. */
export interface Report {
  /** Its exit code. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** What it wrote to /sent/files, by path below it. */
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/** Makes the disks `job` and `report` in `dir`, an empty folder. */
export async function packJob(
  dir: string,
  script: string,
  files: Readonly<Record<string, string | Uint8Array>>,
): Promise<{ readonly job: string; readonly report: string }> {
  const [content, job, report] = ["content", "job", "report"].map((each) => join(dir, each)) as [
    string,
    string,
    string,
  ];
  await mkdir(content);
  for (const [name, bytes] of Object.entries({ ...files, script })) await writeFile(join(content, name), bytes);
  await run("tar", ["-C", content, "-cf", job, "."]);
  await writeFile(report, "");
  await truncate(report, REPORT_SIZE);
  return { job, report };
}

/** The report on its disk; null where the script never ended or left more than there is room for. */
export async function unpackReport(dir: string, report: string): Promise<Report | null> {
  const content = join(dir, "sent");
  await mkdir(content);
  const isWhole = await run("tar", ["--no-same-owner", "-C", content, "-xf", report]).then(
    () => true,
    () => false,
  );
  const code = isWhole ? await readFile(join(content, "code"), "utf8").catch(() => null) : null;
  if (code === null) return null;
  const [stdout, stderr] = await Promise.all(["stdout", "stderr"].map((name) => readFile(join(content, name), "utf8")));
  return {
    code: Number(code),
    stdout: stdout ?? "",
    stderr: stderr ?? "",
    files: await filesIn(join(content, "files")),
  };
}

async function filesIn(folder: string): Promise<ReadonlyMap<string, Uint8Array>> {
  const found = new Map<string, Uint8Array>();
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile()) found.set(path.slice(folder.length + 1), await readFile(path));
  }
  return found;
}
