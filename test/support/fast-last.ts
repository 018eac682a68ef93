import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Take longer than all that could run beside them at the end. */
const LONG = [
  "tools/lifecycle/lifecycle",
  "tools/lifecycle/daily",
  "tools/lifecycle/ready",
  "tools/lifecycle/many",
  "tools/disposable/disposable",
  "tools/disposable/clean",
  "engines/acceptance/acceptance",
  "tools/remote/hosts",
  "tools/build/redo",
  "tools/damage/damage",
  "tools/package/packed",
  "tools/cli/printed",
  "fast/architecture/growth",
].map((name) => `test/${name}.test.ts`);

/**
 * Long files are begun first, and files of a second each close the run: they fill the worker that is idle while the other
 * ones end theirs.
 */
export class FastLast extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.toSorted((a, b) => rank(a) - rank(b));
  }
}

function rank({ project, moduleId }: TestSpecification): number {
  const at = LONG.findIndex((each) => moduleId.endsWith(each));
  if (at >= 0) return at;
  return project.name === "fast" ? LONG.length + 1 : LONG.length;
}
