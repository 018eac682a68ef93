import { join } from "node:path";
import { text } from "node:stream/consumers";
import { makeOwnFolder } from "../host/folder.ts";
import { demandOwnPlace } from "../host/own-place.ts";
import { talk } from "../host/program/talk.ts";
import { resolveSettings } from "../host/settings.ts";
import { log } from "../kit/log.ts";

/**
 * Bytes of a folder of sockets: of the 107 of a socket's path (unix(7)) the rest is ssh's name for a connection (`%C` of
 * ssh_config(5)) and what it appends to that while it makes the socket.
 */
const LONGEST_FOLDER = 107 - "/".length - 40 - 17;

/** How long a connection that nobody uses stays, s. */
const PERSIST = 60;

/** How long ssh may take to tell its configuration, ms. */
const PATIENCE_MS = 5_000;

/**
 * Words of ssh by which one command after the other goes over one connection: a login takes nine round trips, a command over one that
 * is up takes two. None where the user's own configuration says something of that (a ControlPath alone: that nothing is
 * shared), or where no folder for its socket is short enough and this user's alone.
 */
export async function sharedConnection(words: readonly string[], signal?: AbortSignal): Promise<readonly string[]> {
  const { runtimeDir } = resolveSettings();
  const folder = join(runtimeDir, "ssh");
  if (Buffer.byteLength(folder) > LONGEST_FOLDER || folder.includes("%")) return [];
  try {
    const limit = AbortSignal.timeout(PATIENCE_MS);
    const told = await configuration(words, signal ? AbortSignal.any([signal, limit]) : limit);
    if (saysOfSharing(told)) return [];
    await makeOwnFolder(folder);
    await demandOwnPlace(folder);
  } catch (error) {
    signal?.throwIfAborted();
    // What stands in the way of a login as well is told there.
    log("debug", "shares no connection", { error: error instanceof Error ? error.message : String(error) });
    return [];
  }
  const options = ["ControlMaster=auto", `ControlPath=${join(folder, "%C")}`, `ControlPersist=${PERSIST}`];
  return options.flatMap((each) => ["-o", each]);
}

async function configuration(words: readonly string[], signal: AbortSignal): Promise<string> {
  const ssh = talk("ssh", ["-G", ...words], { SSH_ASKPASS_REQUIRE: "never" });
  signal.addEventListener("abort", ssh.end, { once: true });
  ssh.input.end();
  try {
    const told = await text(ssh.output);
    if ((await ssh.ended) === 0) return told;
    throw new Error(`ssh -G: ${ssh.lastWords()}`);
  } finally {
    signal.removeEventListener("abort", ssh.end);
  }
}

/** In what `ssh -G` prints: it tells of a path where one is set, and of a master always. */
function saysOfSharing(configuration: string): boolean {
  return /^controlpath /m.test(configuration) || !/^controlmaster (false|no)$/m.test(configuration);
}
