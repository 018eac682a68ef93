import { demandTarget, isPinned, liveRun, reachMachine, sshConfig, sshTarget } from "@guestkit/core/machine";
import { EXIT, type Invocation } from "../../command/command.ts";
import { writeJson, writeOut } from "../../output/stdout.ts";

export async function run({ positionals: [name = ""], flags, signal }: Invocation): Promise<number> {
  const reached = await reachMachine(name, signal);
  const target =
    sshTarget(reached.machine, reached.folder, await liveRun(reached, true)) ?? demandTarget(reached.machine);
  const { host, port, user, keyFile, knownHostsFile } = target;
  if (flags.has("json")) writeJson({ name, host, port, user, key_file: keyFile, known_hosts: knownHostsFile });
  else writeOut(sshConfig(target, await isPinned(knownHostsFile)));
  return EXIT.done;
}
