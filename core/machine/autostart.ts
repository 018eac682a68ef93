import { mkdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { whereIs } from "../build/process.ts";
import { makeFolder } from "../host/folder.ts";
import { partialBeside } from "../host/partial.ts";
import type { Settings } from "../kit/context.ts";
import { GuestkitError } from "../kit/errors.ts";

/** Where this user's systemd looks for units (systemd.unit(5)). */
const unitFolder = () => join(process.env.XDG_CONFIG_HOME || join(homedir(), ".config"), "systemd/user");
const unitName = (machine: string) => `guestkit-${machine}.service`;
const wantPath = (machine: string) => join(unitFolder(), "default.target.wants", unitName(machine));

export const unitPath = (machine: string): string => join(unitFolder(), unitName(machine));

/** Lets this user's systemd start a machine, or no longer. Nothing is started or stopped now. */
export async function setAutostart(machine: string, wanted: boolean, settings?: Settings): Promise<void> {
  if (!wanted || !settings) {
    await rm(wantPath(machine), { force: true });
    await rm(unitPath(machine), { force: true });
    return;
  }
  await writeUnit(unitPath(machine), unitText(machine, settings));
  await mkdir(dirname(wantPath(machine)), { recursive: true });
  await rm(wantPath(machine), { force: true });
  await symlink(unitPath(machine), wantPath(machine));
}

/** Whether it is as `wanted` would make it. */
export async function hasAutostart(machine: string, settings: Settings): Promise<boolean> {
  const [unit, want] = await Promise.all(
    [unitPath(machine), wantPath(machine)].map((path) => readFile(path, "utf8").catch(() => null)),
  );
  return unit !== null && want === unit && unit === unitText(machine, settings);
}

async function writeUnit(path: string, text: string): Promise<void> {
  if ((await readFile(path, "utf8").catch(() => null)) === text) return;
  await makeFolder(dirname(path));
  await using partial = partialBeside(path, "unit");
  await writeFile(partial.path, text);
  await partial.publish();
}

/** QEMU is started by a command that ends, and lives on in the unit's control group until `ExecStop` has stopped it. */
function unitText(machine: string, settings: Settings): string {
  const command = guestkitCommand();
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

/** In a unit, % starts a specifier, and quotes and backslashes are escaped (systemd.syntax(7)). */
const quoted = (text: string) => text.replace(/%/g, "%%").replace(/[\\"]/g, "\\$&");

function guestkitCommand(): string {
  const found = whereIs("guestkit");
  if (found) return found;
  throw new GuestkitError("E_AUTOSTART_COMMAND", 'Cannot set autostart: there is no "guestkit" on PATH', {
    at: { field: ["autostart"] },
    help: "Install the command line (npm install --global @guestkit/cli), then run again.",
  });
}
