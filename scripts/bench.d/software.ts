import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { NODE_FLAGS } from "../../cli/node-flags.ts";
import type { DebianImage } from "../../test/support/debian-fixture.ts";
import { findEngine } from "../../test/support/engines.ts";
import type { Case } from "./cases.ts";

const run = promisify(execFile);
const RUNS = 10;
/** syft takes seconds. */
const PEER_RUNS = 3;

/** Lists of the software in one real Debian: ours of the image, syft's of its tree, which lies unpacked beside it. */
export async function softwareCases({
  path,
  tar,
}: Pick<DebianImage, "path" | "tar">): Promise<{ cases: readonly Case[]; close: () => Promise<void> }> {
  const tree = await mkdtemp(join(tmpdir(), "guestkit-bench-software-"));
  await run("tar", ["-C", tree, "--exclude=./dev/*", "--no-same-owner", "-xf", tar]);
  const bundle = join(import.meta.dirname, "../../cli/dist/guestkit.mjs");
  const guestkit = [process.execPath, ...NODE_FLAGS, bundle].join(" ");
  const cases = (["cyclonedx", "spdx"] as const).map((format) => ({
    title: `software: a list of it as ${format}`,
    aim: "at most a tenth of the CPU of syft, on the unpacked tree",
    ours: { name: "guestkit", shell: `exec ${guestkit} sbom --format ${format} ${path}`, runs: RUNS },
    peers: syft(tree, format),
  }));
  return { cases, close: () => rm(tree, { recursive: true, force: true }) };
}

/** As it comes, and with no cataloger but the one for what guestkit reads as well. */
function syft(tree: string, format: string): Case["peers"] {
  const program = findEngine("syft");
  if (program === null) return [];
  const shell = `exec ${program} scan --quiet dir:${tree} --output ${format}-json`;
  const env = { SYFT_CHECK_FOR_APP_UPDATE: "false" };
  return [
    { name: "syft", shell, env, runs: PEER_RUNS },
    { name: "syft, dpkg alone", shell: `${shell} --override-default-catalogers dpkg`, env, runs: PEER_RUNS },
  ];
}
