import { isPinned, sshConfig } from "@guestkit/core/machine";
import { EXIT, type Invocation } from "../../command/command.ts";
import { writeJson, writeOut } from "../../output/stdout.ts";
import { targetOf } from "./target.ts";

export async function run(invocation: Invocation): Promise<number> {
  const target = await targetOf(invocation, invocation.positionals[0] ?? "");
  const { name, host, port, user, keyFile, knownHostsFile, proxyCommand } = target;
  const place = { name, host, port, user, key_file: keyFile, known_hosts: knownHostsFile };
  if (invocation.flags.has("json")) writeJson({ ...place, ...(proxyCommand && { proxy_command: proxyCommand }) });
  else writeOut(sshConfig(target, await isPinned(knownHostsFile)));
  return EXIT.done;
}
