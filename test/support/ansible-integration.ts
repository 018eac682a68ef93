import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";
import { GUESTKIT_PROGRAM } from "./cli.ts";
import { repository } from "./engines.ts";
import type { MachineHost } from "./machine-host.ts";
import { ROOT_UUID } from "./micro-guest/disk.ts";
import { microGuest } from "./micro-guest/index.ts";

/** The collection's own integration tests, in the layout of ansible-test. */
export const TARGETS = join(repository, "ansible/collection/tests/integration/targets");

/** What the targets are told of this host, as `integration_config.yml` of ansible-test has it. */
export async function integrationConfig(host: MachineHost, cleaners: readonly object[] = []): Promise<string> {
  const { kernel, initrd, cmdline, imageBios, sshKey } = await microGuest();
  const [folder, programs] = [join(host.folder, "work"), join(host.folder, "programs")];
  for (const each of [folder, programs]) await mkdir(each, { recursive: true });
  // Timers name the guestkit that is on PATH.
  await symlink(GUESTKIT_PROGRAM, join(programs, "guestkit"));
  const path = join(host.folder, "integration_config.yml");
  const guest = { kernel, initrd, cmdline, image: imageBios, root: ROOT_UUID, ssh_key: sshKey, cleaners };
  const environment = { ...host.env, PATH: `${programs}:${process.env.PATH}` };
  const config = {
    guestkit_command: GUESTKIT_PROGRAM,
    guestkit_folder: folder,
    guestkit_environment: environment,
    guestkit_guest: guest,
  };
  await writeFile(path, stringify(config));
  return path;
}
