import { defineConfig } from "vitest/config";
import { FastLast } from "./test/support/fast-last.ts";
import { SummaryReporter } from "./test/support/summary-reporter.ts";

const source = {
  resolve: { conditions: ["guestkit-source", "node"] },
  ssr: { resolve: { conditions: ["guestkit-source", "node"] } },
};

/**
 * Files at once. Each waits for machines, engines and limits for a third of its time: on two cores three keep both busy.
 */
const WORKERS = Number(process.env.GUESTKIT_TEST_WORKERS ?? 3);

/** How busy the host is decides about no test: only what hangs is ended. */
const patient = { expect: { poll: { timeout: 60_000 } }, setupFiles: ["test/support/each-file.ts"] };

/**
 * `fast` needs no tool but Node; `tools` drives real qemu and mkfs, `engines` Terraform and its like, too. `slow` holds
 * matrices and full boots, for which `npm test` has no time: `npm run test:slow`. `crash` stops every writer at seeded points: `npm run test:crash`.
 */
export default defineConfig({
  ...source,
  test: {
    globalSetup: "test/support/built.ts",
    reporters: ["default", new SummaryReporter()],
    sequence: { sequencer: FastLast },
    projects: [
      {
        ...source,
        // As many workers as the others: a project that differs in that waits for them to end.
        test: {
          ...patient,
          name: "fast",
          // A worker takes one file after the other: to start one for each took longer than most of them do.
          isolate: false,
          restoreMocks: true,
          unstubEnvs: true,
          include: ["test/fast/**/*.test.ts"],
          testTimeout: 300_000,
          hookTimeout: 300_000,
          maxWorkers: WORKERS,
        },
      },
      {
        ...source,
        test: {
          ...patient,
          name: "tools",
          include: ["test/tools/**/*.test.ts"],
          // Under it the first one builds the guests that all use.
          testTimeout: 900_000,
          hookTimeout: 900_000,
          maxWorkers: WORKERS,
        },
      },
      {
        ...source,
        test: {
          ...patient,
          name: "engines",
          include: ["test/engines/**/*.test.ts"],
          testTimeout: 900_000,
          hookTimeout: 900_000,
          maxWorkers: WORKERS,
        },
      },
      {
        ...source,
        test: {
          ...patient,
          name: "slow",
          include: process.env.GUESTKIT_SLOW ? ["test/slow/**/*.test.ts"] : [],
          testTimeout: 1_800_000,
          hookTimeout: 900_000,
          maxWorkers: WORKERS,
        },
      },
      {
        ...source,
        test: {
          ...patient,
          name: "crash",
          include: process.env.GUESTKIT_CRASH ? ["test/crash/**/*.test.ts"] : [],
          testTimeout: 7_200_000,
          hookTimeout: 900_000,
          maxWorkers: WORKERS,
        },
      },
    ],
  },
});
