import { run, whereIs } from "../../host/program/process.ts";

/** How this host reaches archives: holds for any of them. */
const ROUTE = ["Acquire::http::Proxy", "Acquire::https::Proxy", "Acquire::https::CAInfo", "Acquire::Retries"];
/** What this host accepts of its own archives: holds for those alone. */
const POLICY = ["Acquire::Check-Valid-Until", "Acquire::Check-Date"];

/** Settings of the host's apt that a bootstrap needs as well, as apt.conf(5) spells them. */
export async function hostAptOptions(ownSources: boolean, signal: AbortSignal): Promise<readonly string[]> {
  if (whereIs("apt-config") === null) return [];
  const { stdout } = await run("apt-config", ["dump", "--format", '%F "%v";%n', "Acquire"], { signal });
  return pickOptions(stdout, ownSources ? [...ROUTE, ...POLICY] : ROUTE);
}

/** The lines that set one of `keys`, or something below it (a proxy for one host). */
export function pickOptions(dump: string, keys: readonly string[]): readonly string[] {
  return dump.split("\n").filter((line) => {
    const [name = "", value] = line.split(/ (.*)/);
    return keys.some((key) => name === key || name.startsWith(`${key}::`)) && value !== '"";';
  });
}
