import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { partialBeside } from "../host/partial.ts";
import { readKeptText } from "../host/plain-file.ts";
import { writeFile } from "../host/write-file.ts";
import { quote } from "./process/launcher.ts";

/**
 * Channels: addresses in QEMU's own network (kind user) that lead to a program of the host's. QEMU takes them at its
 * start alone; so a fixed number is always there, and what stands behind one is looked up when the guest connects: a
 * script in the folder of the sockets, which may come and go while the machine runs. Without a script nobody answers.
 */
export const CHANNELS = 8;
const FIRST_PORT = 10_000;

export const channelPort = (channel: number): number => FIRST_PORT + channel;

/** The rules of a `-netdev user` that lead to the channels at an address of its subnet: `guestfwd=...` each. */
export function forwardsToChannels(address: string, sockets: string): string[] {
  return Array.from({ length: CHANNELS }, (_, channel) => {
    // libslirp splits it as a shell would, and starts it for each connection.
    const command = `/bin/sh -c '[ ! -f "$0" ] || . "$0"' ${quote(channelScript(sockets, channel))}`;
    return `guestfwd=tcp:${address}:${channelPort(channel)}-cmd:${command.replaceAll(",", ",,")}`;
  });
}

const channelScript = (sockets: string, channel: number): string => join(sockets, `channel-${channel}`);

/**
 * One connection a channel, the newest: a guest that was reset has forgotten the one before, and one that opens many
 * gets no more processes: one takes over, one waits for that, and any other ends at once. Who is ended must name the
 * channel in its arguments: numbers of processes come again. libslirp makes each the head of a session: its server
 * ends with it. No `--` before the numbers: kill in dash takes it for one of them, and ends nothing.
 */
const TAKE_OVER = `exec 2>/dev/null
exec 8>"$0.turn"
flock -n 8 || exit 1
exec 9>"$0.lock"
flock -w 10 9 || exit 1
exec 8>&-
read -r old <"$0.pid" && tr '\\0' '\\n' <"/proc/$old/cmdline" | grep -qxF -e "$0" && kill -KILL "-$old" "$old"
echo $$ >"$0.pid"
exec 9>&-
`;

/**
 * A child, never the shell's own process: QEMU starts that one by another, which ends at once, or, on a busy host, only
 * when the server runs; one that is to die with its parent (bwrap) would die then.
 */
const below = (serve: string): string => `(\n${serve})\nexit $?\n`;

/** Puts a server behind a channel; who is connected to the one before is cut off. */
export async function openChannel(sockets: string, channel: number, serve: string): Promise<void> {
  await endServer(sockets, channel);
  const path = channelScript(sockets, channel);
  await using partial = partialBeside(path, "share");
  await writeFile(partial.path, TAKE_OVER + below(serve), { mode: 0o600 });
  await partial.publish();
}

export async function closeChannel(sockets: string, channel: number): Promise<void> {
  await rm(channelScript(sockets, channel), { force: true });
  await endServer(sockets, channel);
}

/** Ends every server of channels; they end with QEMU's connections, and this is for not having to wait for it. */
export async function endChannels(sockets: string): Promise<void> {
  const names = await readdir(sockets).catch(() => []);
  const channels = names.flatMap((name) => /^channel-(\d+)\.pid$/.exec(name)?.[1] ?? []);
  await Promise.all(channels.map((channel) => endServer(sockets, Number(channel))));
}

async function endServer(sockets: string, channel: number): Promise<void> {
  const path = channelScript(sockets, channel);
  const pid = Number(await readKeptText(`${path}.pid`).catch(() => null));
  if (!Number.isInteger(pid) || pid < 2) return;
  const command = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
  if (!command.split("\0").includes(path)) return;
  for (const each of [-pid, pid]) {
    try {
      process.kill(each, "SIGKILL");
    } catch {
      // It has just ended, or is the head of no session.
    }
  }
}
