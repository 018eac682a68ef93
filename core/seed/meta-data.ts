import { withoutTail } from "../kit/trim.ts";
import { readInstanceId } from "./instance-id.ts";
import { type Node, writeYaml } from "./yaml.ts";

/** What guestkit has to say in meta-data. */
export interface MetaData {
  readonly instanceId: string;
  readonly hostname: string | null;
  /** Keys that the image's default user is given beside those of user-data. */
  readonly publicKeys: readonly string[];
}

/** The meta-data document: the given one with what it lacks, or our own. */
export function renderMetaData(raw: string | null, { instanceId, hostname, publicKeys }: MetaData): string {
  const keys = publicKeys.length > 0 ? publicKeys : null;
  if (raw === null) return writeYaml({ "instance-id": instanceId, "local-hostname": hostname, "public-keys": keys });
  const lacking = {
    "instance-id": readInstanceId(raw) === null ? instanceId : null,
    "public-keys": /^\s*["']?public-keys/m.test(raw) ? null : keys,
  };
  return complete(raw, lacking);
}

function complete(raw: string, lacking: { readonly [key: string]: Node | null }): string {
  if (Object.values(lacking).every((each) => each === null)) return raw;
  const given = withoutTail(raw, "\n");
  // A document in flow style is JSON or left alone.
  if (raw.trimStart().startsWith("{")) return completeJson(raw, lacking);
  return `${given === "" ? "" : `${given}\n`}${writeYaml(lacking)}`;
}

function completeJson(raw: string, lacking: { readonly [key: string]: Node | null }): string {
  try {
    const given = Object.entries(lacking).filter(([, each]) => each !== null);
    return `${JSON.stringify({ ...JSON.parse(raw), ...Object.fromEntries(given) })}\n`;
  } catch {
    return raw;
  }
}
