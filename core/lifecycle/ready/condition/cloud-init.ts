import { openWay, type Via } from "../../../communicator/index.ts";
import { firstLogin, sshTarget } from "../../../communicator/ssh/index.ts";
import { asGuestkitError, GuestkitError } from "../../../kit/errors.ts";
import { log } from "../../../kit/log.ts";
import type { Machine } from "../../../machine/machine.ts";
import { connectMachine, hasAgent } from "../../look/look.ts";
import {
  CLOUD_INIT_SCRIPT,
  type CloudInitReport,
  DROPPED_SCRIPT,
  parseCloudInit,
  parseDropped,
} from "../cloud-init-report.ts";
import { type Condition, type Look, notYet, READY, type Scene } from "./condition.ts";
import { probePort, sshPlaceOf } from "./probe.ts";

/** One question, which waits in the guest for a while (ms). */
const QUESTION = 120_000;

/**
 * cloud-init has done all of its stages, and says that none of its modules failed. Asked by SSH or by the agent, whichever
 * answers.
 */
export const cloudInit: Condition = {
  what: () => "cloud-init",
  missed: () => "cloud-init was not done",
  pause: 1_000,
  look: async (scene, _wait, signal) => {
    try {
      const via = await answering(scene, signal);
      if (via === null) return notYet("neither its SSH server nor its agent answers");
      const report = await ask(scene, via, signal);
      return report ? judge(scene, report) : notYet("its answer was cut short");
    } catch (error) {
      signal.throwIfAborted();
      const { code, message } = asGuestkitError(error);
      if (FATAL.includes(code)) throw error;
      return notYet(message);
    }
  },
};

const FATAL = ["E_CLOUD_INIT_FAILED", "E_CLOUD_INIT_OFF", "E_CLOUD_INIT_SEED", "E_SSH_HOST_KEY", "E_TOOL_MISSING"];

/** By what it is asked: a login is tried where a server answers alone, for it may wait long; null where nothing is there. */
async function answering(scene: Scene, signal: AbortSignal): Promise<Via | null> {
  const { machine, folder, run, context } = scene;
  const target = sshTarget(machine, folder, run);
  if (!target || (await probePort(scene, sshPlaceOf(scene, target), signal)) === null) return "auto";
  await using qmp = await connectMachine(folder, { ...context, signal });
  return (await hasAgent(qmp)) ? "agent" : null;
}

async function ask({ machine, folder, run, context, firstStart }: Scene, via: Via, signal: AbortSignal) {
  const target = firstStart ? sshTarget(machine, folder, run) : null;
  await using way = await openWay({ machine, folder, run }, via, { ...context, signal });
  const question = { script: () => CLOUD_INIT_SCRIPT, signal, timeoutMs: QUESTION };
  try {
    return parseCloudInit((await way.run(question)).stdout);
  } catch (error) {
    if (!target || asGuestkitError(error).code !== "E_SSH_HOST_KEY") throw error;
    // cloud-init makes new host keys in its first stages.
    await firstLogin(target, { signal, timeoutMs: QUESTION });
    return parseCloudInit((await way.run(question)).stdout);
  }
}

function judge({ machine }: Scene, report: CloudInitReport): Look {
  if (report.state === "running") return notYet(`cloud-init is in its stage ${report.stage ?? "before the first"}`);
  if (report.state !== "done") throw turnedOff(machine, report.state);
  if (report.errors.length > 0) throw failed(machine, report);
  if (machine.cloud_init && report.datasource?.startsWith("DataSourceNone")) throw noSeed(machine);
  if (machine.cloud_init && report.dropped.length > 0) throw dropped(machine, report.dropped);
  for (const warning of report.warnings) log("warn", `cloud-init of "${machine.name}": ${warning}`);
  return READY;
}

function failed({ name }: Machine, { errors, commands, output }: CloudInitReport): GuestkitError {
  const tail = output.length > 0 ? [`The end of what it printed:`, ...output.map((line) => `  ${line}`)] : [];
  const message = [`Cannot start "${name}": cloud-init failed: ${[...commands, ...errors].join("; ")}`, ...tail].join(
    "\n",
  );
  return new GuestkitError("E_CLOUD_INIT_FAILED", message, {
    at: { field: ["cloud_init"] },
    help: `Mend what failed, then replace the machine: cloud-init runs once for each. All of it: guestkit vm exec ${name} -- sudo cat /var/log/cloud-init-output.log`,
  });
}

function dropped({ name }: Machine, lines: readonly string[]): GuestkitError {
  const what = [
    "cloud-init says that it is done, and dropped what it could not read:",
    ...lines.map((line) => `  ${line}`),
  ];
  return new GuestkitError("E_CLOUD_INIT_FAILED", `Cannot start "${name}": ${what.join("\n")}`, {
    at: { field: ["cloud_init"] },
    help: `Correct the document, then replace the machine: cloud-init runs once for each. All of it: guestkit vm exec ${name} -- sudo cat /var/log/cloud-init.log`,
  });
}

/** Long enough for a login under TCG (ms); what it would tell is not worth more. */
const GLANCE = 30_000;

/**
 * Says what cloud-init dropped, where it is declared and nobody waits for its end: it reads its documents before one can
 * log in. A guest that does not answer is ready all the same.
 */
export async function tellDropped({ machine, folder, run, context }: Scene): Promise<void> {
  try {
    await using way = await openWay({ machine, folder, run }, "auto", context);
    const answer = await way.run({ script: () => DROPPED_SCRIPT, signal: context.signal, timeoutMs: GLANCE });
    for (const line of parseDropped(answer.stdout))
      log("warn", `cloud-init of "${machine.name}" dropped what it could not read: ${line}`);
  } catch {
    context.signal.throwIfAborted();
  }
}

function turnedOff({ name }: Machine, state: "missing" | "disabled"): GuestkitError {
  const why = state === "missing" ? "is not installed in the guest" : "is disabled in the guest";
  return new GuestkitError("E_CLOUD_INIT_OFF", `Cannot wait for cloud-init in "${name}": it ${why}`, {
    at: { field: ["wait_for"] },
    help:
      state === "missing"
        ? "Install cloud-init in the image, or wait for something else (ssh, agent)."
        : "Remove /etc/cloud/cloud-init.disabled in the image or cloud-init=disabled from its command line, or wait for something else (ssh, agent).",
  });
}

function noSeed({ name }: Machine): GuestkitError {
  return new GuestkitError("E_CLOUD_INIT_SEED", `Cannot start "${name}": cloud-init did not see its medium`, {
    at: { field: ["cloud_init"] },
    help: "The image's datasource_list (/etc/cloud/cloud.cfg.d) lacks NoCloud, or its kernel has no driver for the CD-ROM drive.",
  });
}
