import { readFile } from "node:fs/promises";
import { lastLines } from "../host/program/tail-buffer.ts";
import { GuestkitError } from "../kit/errors.ts";
import { cleanConsole } from "../qemu/log/console-text.ts";
import { tailOfLog } from "../qemu/log/log-cut.ts";
import type { AppliancePlace } from "./place.ts";

const LINES = 30;

/** Its QEMU ended, or its init gave up, while a job was under way. */
export async function died(place: AppliancePlace): Promise<GuestkitError> {
  return failure(place, "E_APPLIANCE_DIED", "it ended before the job did");
}

export async function late(place: AppliancePlace, timeoutMs: number): Promise<GuestkitError> {
  return failure(place, "E_APPLIANCE_TIMEOUT", `the job did not end within ${timeoutMs / 1000} s`);
}

/** What was written may be whole or not: nobody can tell. */
export async function unclean(place: AppliancePlace): Promise<GuestkitError> {
  return failure(place, "E_APPLIANCE_UNCLEAN", "a disk was still mounted or held after the job");
}

async function failure(place: AppliancePlace, code: string, why: string): Promise<GuestkitError> {
  const console = lastLines(cleanConsole(await tailOfLog(place.console).catch(() => "")), LINES).filter(Boolean);
  const qemu = lastLines(await readFile(place.qemuLog, "utf8").catch(() => ""), LINES).filter(Boolean);
  const said = [...qemu, ...console];
  const told = said.length > 0 ? `; it said last:\n${said.join("\n")}` : "";
  return new GuestkitError(code, `Cannot run the job in the appliance: ${why}${told}`, {
    help: "Give it more time or memory where it needs them; run again with GUESTKIT_LOG=debug for what was started.",
  });
}
