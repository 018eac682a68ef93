/** The plugin of Pulumi as its command line installs it: an archive of the executable by the plugin's name. */
import { join } from "node:path";
import type { Architecture } from "../executable.d/node.ts";
import { GO_NAMES } from "./provider.ts";
import { writeTar } from "./tar.ts";
import { layTree, version, withFolder } from "./tree.ts";

export interface PluginOptions {
  readonly executable: string;
  readonly architecture: Architecture;
  /** Of gzip, 0 to 9. */
  readonly level?: number;
}

const PROGRAM = "pulumi-resource-guestkit";

/** Writes the archive into a folder; its path. */
export async function writePlugin(
  out: string,
  { executable, architecture, level = 6 }: PluginOptions,
): Promise<string> {
  const path = join(out, `${PROGRAM}-v${await version()}-linux-${GO_NAMES[architecture]}.tar.gz`);
  await withFolder(async (folder) => {
    await layTree(folder, { [PROGRAM]: { from: executable, mode: 0o755 } });
    await writeTar(path, folder, PROGRAM, level);
  });
  return path;
}
