/**
 * Whole reports of a small system of each family, held in `reports/` beside this file: what changes in them, changes for
 * whoever reads them. `GUESTKIT_GOLDEN=renew` writes them anew, to be read as a diff.
 */
import { mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { expect } from "vitest";
import { guestkitText } from "../cli.ts";
import { run } from "../tool.ts";
import { COMMON, type GoldenSystem } from "./systems.ts";

const UUID = "6b1d0c6e-5a5f-4f0e-9a43-2f1f5f3a0e10";

/** The report of a system, made as a disk in the folder, is the one that is held. */
export async function expectGolden(dir: string, name: string, system: GoldenSystem): Promise<void> {
  const image = join(dir, `${name}.img`);
  await makeImage(image, system);
  const told = await guestkitText(["inspect", image, "--facts", "all", "--json", "--no-cache"]);
  const report = `${JSON.stringify(brief(comparable(JSON.parse(told), dir) as Report), null, 1)}\n`;
  const file = join(import.meta.dirname, "reports", `${name}.json`);
  if (process.env.GUESTKIT_GOLDEN === "renew") await writeFile(file, report);
  expect(report, "GUESTKIT_GOLDEN=renew writes it anew").toBe(await readFile(file, "utf8"));
}

async function makeImage(image: string, { root, files }: GoldenSystem): Promise<void> {
  const tree = `${image}.tree`;
  await mkdir(tree);
  if (root) await run("cp", ["-a", `${(await root()).root}/.`, tree]);
  for (const [path, content] of Object.entries({ ...COMMON, ...files })) {
    const place = join(tree, path);
    await mkdir(dirname(place), { recursive: true });
    await (typeof content === "string" ? writeFile(place, content) : symlink(content.link, place));
  }
  const own = `root_owner=0:0,hash_seed=${UUID}`;
  await run("mke2fs", ["-q", "-F", "-t", "ext4", "-U", UUID, "-E", own, "-d", tree, image, "64M"]);
}

/** What hangs on this host or the clock is named for what it is. */
const VARYING: Readonly<Record<string, string>> = {
  installed_at: "<time>",
  free: "<bytes that this mke2fs left free>",
};

function comparable(value: unknown, dir: string, key = ""): unknown {
  if (Array.isArray(value)) return value.map((each) => comparable(each, dir));
  if (value === null) return value;
  if (typeof value !== "object") {
    return VARYING[key] ?? (typeof value === "string" ? value.replaceAll(dir, "<folder>") : value);
  }
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, comparable(each, dir, name)]));
}

interface Report extends Readonly<Record<string, unknown>> {
  readonly operating_systems: readonly Readonly<Record<string, unknown>>[];
}

/** The first system is told twice, on top and among all: a field that is the same there is held once. */
function brief(report: Report): unknown {
  const systems = report.operating_systems.map((system) =>
    Object.fromEntries(
      Object.entries(system).map(([name, each]) => [
        name,
        isDeepStrictEqual(each, report[name]) ? "<as on top>" : each,
      ]),
    ),
  );
  return { ...report, operating_systems: systems };
}
