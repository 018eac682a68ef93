import { readFile, rm } from "node:fs/promises";
import { sweepPartials } from "../host/partial.ts";
import {
  guestkitCommand,
  quotedInUnit as quoted,
  unitFile,
  wantFile,
  wantUnit,
  writeUnit,
} from "../host/systemd-unit.ts";
import type { Settings } from "../kit/context.ts";

const TARGET = "default.target";
const unitName = (machine: string) => `guestkit-${machine}.service`;

export const unitPath = (machine: string): string => unitFile(unitName(machine));

/** Lets this user's systemd start a machine, or no longer. Nothing is started or stopped now. */
export async function setAutostart(machine: string, wanted: boolean, settings?: Settings): Promise<void> {
  // What a killed command left half-written.
  await sweepPartials(unitPath(machine));
  if (!wanted || !settings) {
    await rm(wantFile(TARGET, unitName(machine)), { force: true });
    await rm(unitPath(machine), { force: true });
    return;
  }
  await writeUnit(unitName(machine), unitText(machine, settings));
  await wantUnit(TARGET, unitName(machine));
}

/** Whether it is as `wanted` would make it. */
export async function hasAutostart(machine: string, settings: Settings): Promise<boolean> {
  const paths = [unitPath(machine), wantFile(TARGET, unitName(machine))];
  const [unit, want] = await Promise.all(paths.map((path) => readFile(path, "utf8").catch(() => null)));
  return unit !== null && want === unit && unit === unitText(machine, settings);
}

/** QEMU is started by a command that ends, and lives on in the unit's control group until `ExecStop` has stopped it. */
function unitText(machine: string, settings: Settings): string {
  const command = guestkitCommand("set autostart", "autostart");
  return `[Unit]
Description=Virtual machine ${machine}
Documentation=man:systemd.service(5)

[Service]
Type=oneshot
RemainAfterExit=yes
TimeoutStartSec=infinity
TimeoutStopSec=180
Environment="GUESTKIT_DATA_DIR=${quoted(settings.dataDir)}" "GUESTKIT_RUNTIME_DIR=${quoted(settings.runtimeDir)}"
ExecStart="${quoted(command)}" vm up ${machine}
ExecStop="${quoted(command)}" vm stop ${machine}

[Install]
WantedBy=default.target
`;
}
