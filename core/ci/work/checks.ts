import { resolve } from "node:path";
import type { Engine } from "../../engine/engine.ts";
import { run } from "../../host/program/process.ts";
import { asGuestkitError } from "../../kit/errors.ts";
import { timeLimit } from "../../kit/timer.ts";
import { contractOf } from "../../model/registry.ts";
import type { Check } from "../job.ts";
import { type Recorder, since } from "../report/recorder.ts";
import type { CheckReport } from "../report/run-report.ts";

/** Where checks run. */
export interface CheckPlace {
  readonly engine: Engine;
  /** The check-out: the working directory of those on the host. */
  readonly work: string;
  /** `GUESTKIT_CI_JOB` and `GUESTKIT_CI_COMMIT`. */
  readonly env: Readonly<Record<string, string>>;
  readonly recorder: Recorder;
  readonly signal: AbortSignal;
}

/** Runs every check, also after one that failed: the report is to be whole. */
export async function runChecks(checks: readonly Check[], place: CheckPlace): Promise<readonly CheckReport[]> {
  const reports: CheckReport[] = [];
  for (const check of checks) {
    place.signal.throwIfAborted();
    const report = await runCheck(check, place);
    const code = report.exit_code === null ? "" : `, exit code ${report.exit_code}`;
    place.recorder.say(
      `check ${check.name}: ${report.result}${code}${report.output === "" ? "" : `\n${report.output}`}`,
    );
    reports.push(report);
  }
  return reports;
}

async function runCheck(check: Check, place: CheckPlace): Promise<CheckReport> {
  const tick = performance.now();
  const { name, machine, exit_code: expected } = check;
  const report = (exit_code: number | null, output: string): CheckReport => ({
    ...{ name, machine, expected, exit_code, seconds: since(tick), output: place.recorder.plain(output) },
    result: exit_code === expected ? "passed" : "failed",
  });
  const timeout = timeLimit(check.timeout);
  const signal = AbortSignal.any([place.signal, timeout]);
  try {
    const { code, output } =
      machine === null ? await onHost(check, place, signal) : await inGuest(check, machine, place, signal);
    return report(code, output);
  } catch (error) {
    place.signal.throwIfAborted();
    return report(null, timeout.aborted ? `It took longer than ${check.timeout} s.` : asGuestkitError(error).message);
  }
}

interface Ended {
  readonly code: number;
  readonly output: string;
}

async function onHost({ command }: Check, { work, env }: CheckPlace, signal: AbortSignal): Promise<Ended> {
  const [program = "", ...args] = command;
  const path = program.includes("/") ? resolve(work, program) : program;
  const accept = [...Array(256).keys()];
  const { exitCode, stdout, stderr } = await run(path, args, { cwd: work, env, signal, accept });
  return { code: exitCode, output: stdout + stderr };
}

async function inGuest(
  { command, timeout }: Check,
  machine: string,
  { engine }: CheckPlace,
  signal: AbortSignal,
): Promise<Ended> {
  const input = { name: machine, command: [...command], timeout };
  const { output } = await engine.action(contractOf("vm_exec", "action"), input, { signal });
  return { code: Number(output.exit_code), output: `${String(output.stdout)}${String(output.stderr)}` };
}
