import { demandTarget, isPinned, liveRun, reachMachine, sshConfig, sshTarget } from "@guestkit/core/machine";
import { EXIT, type Invocation } from "../../command/command.ts";
import { hostOf } from "../../command/host.ts";
import { writeJson, writeOut } from "../../output/stdout.ts";

type Target = NonNullable<ReturnType<typeof sshTarget>>;

export async function run(invocation: Invocation): Promise<number> {
  const there = hostOf(invocation);
  const target = there === null ? await targetHere(invocation) : await targetThere(there, invocation);
  const { name, host, port, user, keyFile, knownHostsFile, proxyCommand } = target;
  const place = { name, host, port, user, key_file: keyFile, known_hosts: knownHostsFile };
  if (invocation.flags.has("json")) writeJson({ ...place, ...(proxyCommand && { proxy_command: proxyCommand }) });
  else writeOut(sshConfig(target, await isPinned(knownHostsFile)));
  return EXIT.done;
}

async function targetHere({ positionals: [name = ""], signal }: Invocation): Promise<Target> {
  const reached = await reachMachine(name, signal);
  return sshTarget(reached.machine, reached.folder, await liveRun(reached, true)) ?? demandTarget(reached.machine);
}

async function targetThere(host: string, { positionals: [name = ""], signal }: Invocation): Promise<Target> {
  return (await import("./far-target.ts")).farTarget(host, name, signal);
}
