import type { Reporter, TestModule } from "vitest/node";

/** Seconds that a file may take on two quiet cores; more belongs into another file, or into the slow run. */
const BUDGETS: Readonly<Record<string, number>> = { fast: 10, tools: 60, engines: 90 };

/** Closes the run with what took longer than it may, and one plain line: `N passed, N failed, N skipped`. */
export class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const counts = { passed: 0, failed: 0, skipped: 0, pending: 0 };
    for (const module of modules) {
      if (module.state() === "failed" && [...module.children.allTests()].length === 0) counts.failed++;
      for (const test of module.children.allTests()) counts[test.result().state]++;
    }
    for (const line of overBudget(modules)) console.log(line);
    console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
  }
}

/** It is told, not failed: how fast a host is decides about no test. */
function overBudget(modules: readonly TestModule[]): readonly string[] {
  const slow = modules.map(timed).filter(({ seconds, budget }) => seconds > budget);
  return slow
    .toSorted((a, b) => b.seconds - a.seconds)
    .map(({ name, seconds, budget }) => `over its budget of ${budget} s: ${name}, ${seconds.toFixed(0)} s`);
}

function timed(module: TestModule) {
  const seconds = module.diagnostic().duration / 1000;
  return { name: module.relativeModuleId, seconds, budget: BUDGETS[module.project.name] ?? Infinity };
}
