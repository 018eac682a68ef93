import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Takes longer than all that could run beside it at the end. */
const LONG = ["test/fast/architecture/growth.test.ts"];

/** Files of a second each close the run: they fill the worker that is idle while the other one ends a long file. */
export class FastLast extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.toSorted((a, b) => Number(isFast(a)) - Number(isFast(b)));
  }
}

const isFast = ({ project, moduleId }: TestSpecification): boolean =>
  project.name === "fast" && !LONG.some((each) => moduleId.endsWith(each));
