import { fullVersion, type Package } from "../../guest/packages/package.ts";
import { matchesWildcard } from "../../guest/wildcard.ts";
import type { Facts } from "../facts.ts";
import type { PackageRule } from "../rule.ts";
import { brokenBound, parseRange } from "../version-range.ts";

/** Why a rule about a package does not hold; empty where it does. */
export async function checkPackage({ name, state, version }: PackageRule, facts: Facts): Promise<readonly string[]> {
  const range = version === null ? [] : parseRange(version);
  const { format, all } = await facts.packages();
  const found = all.filter((each) => matchesWildcard(each.name, name));
  if (state === "absent") return found.map((each) => `${spelled(each)} is there`);
  const whole = found.filter(({ status }) => status === "installed");
  if (state === "present" && whole.length === 0) return [unfinished(name, found)];
  return found.flatMap((each) => {
    const bound = brokenBound(each, range, format);
    return bound ? [`${spelled(each)} is not ${bound.operator} ${bound.version}`] : [];
  });
}

const spelled = (each: Package): string => `${each.name} ${fullVersion(each)}`;

function unfinished(name: string, [first]: readonly Package[]): string {
  return first ? `${spelled(first)} is ${first.status}` : `${name} is not installed`;
}
