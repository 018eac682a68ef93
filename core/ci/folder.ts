import { homedir } from "node:os";
import { join } from "node:path";
import type { Settings } from "../kit/context.ts";

/** Where a job's things lie, below the data folder. */
export interface JobFolder {
  readonly path: string;
  /** Bare repository with what was fetched. */
  readonly mirror: string;
  /** git's only configuration. */
  readonly gitConfig: string;
  /** The check-out. Always the same, since what a project file makes beside itself goes by its path. */
  readonly work: string;
  /** What of `work` came from the repository. */
  readonly manifest: string;
  readonly state: string;
  /** The report's folder where the job names none. */
  readonly report: string;
}

export function jobFolder(job: string, { dataDir }: Settings): JobFolder {
  const path = join(dataDir, "ci", job);
  return {
    path,
    mirror: join(path, "mirror.git"),
    gitConfig: join(path, "gitconfig"),
    work: join(path, "work"),
    manifest: join(path, "work.json"),
    state: join(path, "state.json"),
    report: join(path, "report"),
  };
}

/** Where this user's jobs are declared. */
export function jobsFolder(): string {
  return join(process.env.XDG_CONFIG_HOME || join(homedir(), ".config"), "guestkit/ci");
}

export function jobFile(job: string): string {
  return join(jobsFolder(), `${job}.yaml`);
}
