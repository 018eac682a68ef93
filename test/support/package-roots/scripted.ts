import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fixture } from "../fixture.ts";
import { run } from "../tool.ts";
import { type PackageRoot, rpmRoot } from "./index.ts";

/** A root that a script of this folder makes below FOLDER/root, with what the tool told of it. */
interface Scripted {
  readonly script: string;
  /** The root, where it lies elsewhere. */
  readonly root?: string;
  readonly told?: string;
  /** Lines that the tool has to tell. */
  readonly lines: number;
  readonly args?: readonly string[];
}

/** Of PyPI. */
const PORTAGE = "portage==3.0.83";

async function scripted({ script, root = "root", told = "told", lines, args = [] }: Scripted): Promise<PackageRoot> {
  const file = join(import.meta.dirname, script);
  const toldIn = async (dir: string) => (await readFile(join(dir, told), "utf8")).trim().split("\n");
  const dir = await fixture(
    script.replace(".sh", "-root"),
    { text: await readFile(file, "utf8"), args },
    (target) => run("sh", [file, target, ...args]),
    async (made) => {
      const found = (await toldIn(made)).length;
      if (found !== lines) throw new Error(`${script} told ${found} lines instead of ${lines}`);
    },
  );
  return { root: join(dir, root), told: await toldIn(dir) };
}

/** With a system's profile of Nix's: `NAME VERSION`, as Nix splits them. */
export const nixRoot = () => scripted({ script: "nix.sh", lines: 46 });

/** With what flatpak has installed, and how it tells of that. */
export const flatpakRoot = () => scripted({ script: "flatpak.sh", lines: 4 });

/** With what portage has merged: `CATEGORY/NAME-VERSION SIZE|LICENCE|CHOST|BUILD_TIME|`. */
export const portageRoot = () => scripted({ script: "portage.sh", lines: 3, args: [PORTAGE] });

/** Into which dnf or zypper has installed; what rpm lists, as `QUERY` in the script has it. */
export const installedBy = (tool: "dnf" | "zypper") =>
  scripted({ script: "rpm-tools.sh", root: `${tool}/root`, told: `${tool}.told`, lines: 2 });

/** The top of a file system with two deployments of OSTree's, with packages of rpm's; what `ostree admin status` says of them. */
export async function ostreeRoot(): Promise<PackageRoot> {
  const { root } = await rpmRoot();
  return scripted({ script: "ostree.sh", root: "sysroot", lines: 6, args: [join(root, "var/lib/rpm")] });
}
