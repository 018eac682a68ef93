import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { resolveSettings } from "@guestkit/core/engine";
import { GuestkitError } from "@guestkit/core/kit";
import { type sshTarget, streamProgram, writeWhole } from "@guestkit/core/machine";
import { behindMark, fileWords, hostNamed, proxyCommand, thereWords } from "@guestkit/core/remote";
import { farAnswer } from "./far-answer.ts";

type Target = NonNullable<ReturnType<typeof sshTarget>>;

/**
 * How a machine of another host is logged in to from here: by way of ssh to the host, with the machine's key and host keys
 * brought here. Throws `E_HOST_NAME`, and `E_HOST_GUEST` with the host's own words, or where its answer is none.
 */
export async function farTarget(hostName: string, name: string, signal: AbortSignal): Promise<Target> {
  const host = hostNamed(hostName);
  const failed = (why: string) =>
    new GuestkitError("E_HOST_GUEST", `Cannot log in to "${name}" of the host "${hostName}": ${why}`, {
      help: `See what it says there: guestkit vm status ${name} --host ${hostName}`,
    });
  const ask = async (words: readonly string[]) => {
    const { exitCode, stdout, stderr } = await streamProgram("ssh", words, { signal });
    const output = behindMark(stdout);
    if (exitCode === 0 && output !== null) return output;
    throw failed(stderr.trim().split("\n")[0] || `ssh ended with ${exitCode}`);
  };
  const there = farAnswer(await ask(thereWords(host, ["vm", "ssh-config", "--json", name], { marked: true })));
  if (there === null) throw failed("what it answers is no address, user, port and key");
  const folder = join(resolveSettings().dataDir, "hosts", encodeURIComponent(hostName), encodeURIComponent(name));
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const [keyFile, knownHostsFile] = [join(folder, "ssh_key"), join(folder, "known_hosts")];
  await writeWhole(keyFile, await ask(fileWords(host, there.key_file)));
  // There may be none yet: the first ones are taken then.
  const known = await ask(fileWords(host, there.known_hosts)).catch(() => null);
  if (known !== null) await writeWhole(knownHostsFile, known);
  return {
    ...{ name, host: there.host, port: there.port, user: there.user, keyFile, ownKey: true, knownHostsFile },
    ...{ proxyCommand: proxyCommand(host, name), logFolder: folder },
  };
}
