import type { Stamps } from "../host/stamp.ts";
import type { OpenOptions } from "./disk.ts";
import type { FactOptions } from "./facts.ts";
import { REPORT_VERSION, type Report } from "./report.ts";

export interface InspectOptions extends OpenOptions, FactOptions {
  /** Where reports are kept while no file that they came from is touched: see `reportCacheDir`. None are where left out. */
  readonly cacheDir?: string | undefined;
}

/** Reports of one image by one choice of options. */
export interface ReportCache {
  read(): Promise<Report | null>;
  /** `stamps` of the files that it came from; null where what was read may not be what is there. */
  keep(report: Report, stamps: Stamps | null): Promise<void>;
}

/** This user's folder for them, below guestkit's cache. */
export async function reportCacheDir(): Promise<string> {
  const { resolveSettings } = await import("../host/settings.ts");
  return resolveSettings().cacheDir;
}

/** Null where none are kept. What depends on keys never is, so that what was kept holds whatever keys there are. */
export async function reportCache(image: string, options: InspectOptions): Promise<ReportCache | null> {
  const { cacheDir, partition, filesystem, snapshot, format, member, with: further, facts } = options;
  const files = [image, ...(further ?? [])].filter((each) => typeof each === "string");
  if (cacheDir === undefined || files.length <= (further?.length ?? 0)) return null;
  const { keepAnswer, keptAnswer } = await import("../host/kept-answer.ts");
  const choice = [partition, filesystem, snapshot, format, member].map((each) => each ?? null);
  const key = [RELEASE, ...choice, [...(facts ?? [])].sort()];
  const question = { folder: `${cacheDir}/inspections`, files, key };
  return {
    read: () => keptAnswer<Report>(question),
    keep: async (answer, stamps) => {
      if (stamps) await keepAnswer(question, { stamps, answer });
    },
  };
}

/** Programs that lie in different places do not take one another's. */
const RELEASE = `${REPORT_VERSION} ${import.meta.url}`;
