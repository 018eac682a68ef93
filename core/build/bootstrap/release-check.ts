import { stat } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { holdsLogin, shownAddress } from "../../kit/address.ts";
import type { Context } from "../../kit/context.ts";
import { get, openDispatcher, type RemoteFile } from "../request.ts";
import { hostAptOptions } from "./host-apt.ts";
import type { BootstrapInput } from "./input.ts";
import { chooseSources } from "./sources.ts";

/** Milliseconds that a plan waits for a mirror. */
const PATIENCE = 4000;
/** For so long a mirror that did not answer is not asked again: a plan may hold many images. */
const SILENT_FOR = 60_000;
const silentUntil = new Map<string, number>();

/**
 * The mirror that has no such release, as it is shown; null where one has it, or where nobody can tell: without a network, a
 * login or an answer in time, which the build itself will meet. A release is there when its signed index is (`InRelease`, or
 * `Release` of old archives).
 */
export async function mirrorWithout(input: BootstrapInput, context: Context): Promise<string | null> {
  const { lines, ofHost } = await chooseSources(input, context);
  const mirror = lines.flatMap((line) => uriOf(line, input.release) ?? [])[0];
  if (mirror === undefined || holdsLogin(mirror)) return null;
  const index = `${mirror.replace(/\/+$/, "")}/dists/${input.release}`;
  const isMissing = /^(?:file|copy):/i.test(index)
    ? await isGoneHere(index)
    : await isGoneThere(index, ofHost, context);
  return isMissing ? shownAddress(mirror) : null;
}

/** The address of a one-line source for a release (sources.list(5)). */
function uriOf(line: string, release: string): string | null {
  const match = /^deb\s+(?:\[[^\]]*\]\s*)?(\S+)\s+(\S+)/.exec(line.trim());
  return match?.[1] && match[2] === release ? match[1] : null;
}

async function isGoneHere(index: string): Promise<boolean> {
  const path = fileURLToPath(index.replace(/^copy:/i, "file:").replace(/^file:\/*/i, "file:///"));
  const found = await Promise.all(INDEXES.map((name) => stat(`${path}/${name}`).catch((error) => error.code)));
  return found.every((each) => each === "ENOENT" || each === "ENOTDIR");
}

const INDEXES: readonly string[] = ["InRelease", "Release"];

async function isGoneThere(index: string, ofHost: boolean, { signal }: Context): Promise<boolean> {
  if (!/^https?:/i.test(index)) return false;
  const { host, protocol } = new URL(index);
  if ((silentUntil.get(host) ?? 0) > performance.now()) return false;
  const inTime = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE)]);
  const way = { headers: {}, proxy: null, proxyAuthorization: null, caFile: null };
  try {
    const proxy = await proxyOf(protocol.slice(0, -1), ofHost, inTime);
    for (const name of INDEXES) if (!(await isGone({ ...way, proxy, url: `${index}/${name}` }, inTime))) return false;
    return true;
  } catch {
    signal.throwIfAborted();
    silentUntil.set(host, performance.now() + SILENT_FOR);
    return false;
  }
}

async function isGone(file: RemoteFile, signal: AbortSignal): Promise<boolean> {
  const dispatcher = await openDispatcher(file);
  try {
    const { statusCode } = await get(file, {}, dispatcher, signal);
    return statusCode === 404 || statusCode === 410;
  } finally {
    await dispatcher.destroy();
  }
}

/** The proxy of the host's apt; null where it has none of its own. */
async function proxyOf(scheme: string, ofHost: boolean, signal: AbortSignal): Promise<string | null> {
  const said = (await hostAptOptions(ofHost, signal)).join("\n");
  const proxy = new RegExp(`^Acquire::${scheme}::Proxy "([^"]*)"`, "m").exec(said)?.[1];
  return proxy && /^https?:/i.test(proxy) ? proxy : null;
}
