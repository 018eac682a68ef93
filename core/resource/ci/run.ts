import { dryRun, readJob, runJob } from "../../ci/index.ts";
import type { ActionImplementation } from "../../engine/implementation.ts";

export const ciRun: ActionImplementation = {
  run: async (input, { check }, context) => {
    const job = await readJob(input);
    const allowRewind = input.allow_rewind === true;
    if (check) {
      const { accepted, isNew } = await dryRun(job, context, allowRewind);
      const { commit, signer } = accepted;
      const output = {
        result: "accepted",
        commit: commit.id,
        signer: signer.name,
        changes: [],
        report: null,
        log: null,
      };
      return { changed: isNew, output };
    }
    // The engine of this very table: a job does what every face can do.
    const { createEngine } = await import("../index.ts");
    const engineFor = (baseDir: string) => createEngine({ settings: context.settings, baseDir });
    const { report, page } = await runJob(job, { context, engineFor, allowRewind });
    return {
      changed: report.result === "passed" && report.steps.some(isChange),
      output: {
        result: report.result,
        commit: report.commit?.id ?? "",
        signer: report.signer?.name ?? "",
        changes: report.changes.map(({ address, action }) => `${action} ${address}`),
        ...{ report: page, log: report.log },
      },
    };
  },
};

/** Steps that leave something else than they found. */
function isChange({ name, result }: { readonly name: string; readonly result: string }): boolean {
  return result === "passed" && /^(apply|recycle|provision)/.test(name);
}
