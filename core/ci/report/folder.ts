import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { makeFolder } from "../../host/folder.ts";
import { sweepPartialsIn } from "../../host/partial.ts";
import { readKeptText } from "../../host/plain-file.ts";
import { writeWhole } from "../../host/whole-file.ts";
import { parseJson } from "../../kit/depth.ts";
import { pageOf } from "./page.ts";
import type { RunReport } from "./run-report.ts";

/** A report is for whoever may see its folder. */
const TOLD = { mode: 0o644 };

/**
 * A job's report: `status.json` and `index.html` of the last run, `runs/ID.json` and `logs/ID.log` of the last ones.
 */
export class ReportFolder {
  readonly path: string;
  readonly #keep: number;

  constructor(path: string, keep: number) {
    this.path = path;
    this.#keep = keep;
  }

  get page(): string {
    return join(this.path, "index.html");
  }

  logFile(id: string): string {
    return join(this.path, "logs", `${id}.log`);
  }

  /** The last run; null before the first. */
  async last(): Promise<RunReport | null> {
    return readReport(join(this.path, "status.json"));
  }

  /** Makes the folders; a run that was killed is one that was interrupted. The caller holds the job's lock. */
  async prepare(): Promise<void> {
    await makeFolder(join(this.path, "logs"));
    await makeFolder(join(this.path, "runs"));
    for (const folder of [this.path, join(this.path, "runs")]) await sweepPartialsIn(folder);
    for (const run of await this.#history()) {
      if (run.result !== "running") continue;
      const reason = { code: "E_INTERRUPTED", message: "Cannot finish: guestkit was killed", help: null };
      await this.#writeRun({ ...run, result: "interrupted", exit_code: 1, reason });
    }
  }

  /** Writes a run, the page with those before it, and removes the oldest beyond the number that is kept. */
  async write(run: RunReport): Promise<void> {
    await this.#writeRun(run);
    const history = await this.#history();
    await writeWhole(join(this.path, "status.json"), textOf(run), TOLD);
    await writeWhole(this.page, pageOf(run, history.slice(0, this.#keep)), TOLD);
    for (const { id } of history.slice(this.#keep)) {
      await rm(join(this.path, "runs", `${id}.json`), { force: true });
    }
    await this.#sweepLogs(history.slice(0, this.#keep).map(({ id }) => id));
  }

  #writeRun(run: RunReport): Promise<void> {
    return writeWhole(join(this.path, "runs", `${run.id}.json`), textOf(run), TOLD);
  }

  /** The newest first. */
  async #history(): Promise<readonly RunReport[]> {
    const names = (await readdir(join(this.path, "runs"))).filter((name) => ID.test(name));
    const runs = await Promise.all(
      names
        .toSorted()
        .toReversed()
        .map((name) => readReport(join(this.path, "runs", name))),
    );
    return runs.filter((run) => run !== null);
  }

  async #sweepLogs(kept: readonly string[]): Promise<void> {
    for (const name of await readdir(join(this.path, "logs"))) {
      if (LOG.test(name) && !kept.includes(name.slice(0, -4))) await rm(join(this.path, "logs", name), { force: true });
    }
  }
}

const ID = /^\d{8}T\d{9}Z(-\d+)?\.json$/;
const LOG = /^\d{8}T\d{9}Z(-\d+)?\.log$/;

/** A run's name, which sorts by its start. */
export function runId(start: Date): string {
  return start.toISOString().replace(/[-:.]/g, "");
}

const textOf = (run: RunReport) => `${JSON.stringify(run, null, 1)}\n`;

async function readReport(path: string): Promise<RunReport | null> {
  try {
    const value = parseJson((await readKeptText(path)) ?? "") as RunReport;
    return value.format_version === 1 ? value : null;
  } catch {
    return null;
  }
}
