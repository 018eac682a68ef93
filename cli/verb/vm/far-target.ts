import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { resolveSettings } from "@guestkit/core/engine";
import { GuestkitError } from "@guestkit/core/kit";
import { type sshTarget, streamProgram } from "@guestkit/core/machine";
import { fileWords, hostNamed, proxyCommand, thereWords } from "@guestkit/core/remote";

type Target = NonNullable<ReturnType<typeof sshTarget>>;

/**
 * How a machine of another host is logged in to from here: by way of ssh to the host, with the machine's key and host keys
 * brought here. Throws `E_HOST_NAME`, and `E_HOST_GUEST` with the host's own words.
 */
export async function farTarget(hostName: string, name: string, signal: AbortSignal): Promise<Target> {
  const host = hostNamed(hostName);
  const ask = async (words: readonly string[]) => {
    const { exitCode, stdout, stderr } = await streamProgram("ssh", words, { signal });
    if (exitCode === 0) return stdout;
    const why = stderr.trim().split("\n")[0] || `ssh ended with ${exitCode}`;
    throw new GuestkitError("E_HOST_GUEST", `Cannot log in to "${name}" of the host "${hostName}": ${why}`, {
      help: `See what it says there: guestkit vm status ${name} --host ${hostName}`,
    });
  };
  const there = JSON.parse(await ask(thereWords(host, ["vm", "ssh-config", "--json", name]))) as Answer;
  const folder = join(resolveSettings().dataDir, "hosts", encodeURIComponent(hostName), encodeURIComponent(name));
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const [keyFile, knownHostsFile] = [join(folder, "ssh_key"), join(folder, "known_hosts")];
  await writeFile(keyFile, await ask(fileWords(host, there.key_file)), { mode: 0o600 });
  // There may be none yet: the first ones are taken then.
  const known = await ask(fileWords(host, there.known_hosts)).catch(() => null);
  if (known !== null) await writeFile(knownHostsFile, known, { mode: 0o600 });
  return {
    ...{ name, host: there.host, port: there.port, user: there.user, keyFile, ownKey: true, knownHostsFile },
    ...{ proxyCommand: proxyCommand(host, name), logFolder: folder },
  };
}

interface Answer {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly key_file: string;
  readonly known_hosts: string;
}
