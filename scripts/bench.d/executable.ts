import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { NODE_FLAGS } from "../../cli/node-flags.ts";
import { PROTOCOL } from "../../core/kit/version.ts";
import { architectureOf, nodeFor } from "../executable.d/node.ts";
import { writeExecutable } from "../executable.d/write.ts";
import { type Case, handshake, type Subject } from "./cases.ts";

const RUNS = 10;
const AIM = "as fast as the bundle with its kept compiled code";

/** The single executable against the bundle, from start to end; close to remove what was made for it. */
export async function executableCases({ path, provider }: Pick<Subject, "path" | "provider">): Promise<{
  readonly cases: readonly Case[];
  readonly close: () => Promise<void>;
}> {
  const folder = await mkdtemp(join(tmpdir(), "guestkit-bench-executable-"));
  const [executable, link] = [join(folder, "guestkit"), join(folder, "terraform-provider-guestkit_v0")];
  await writeExecutable(executable, await nodeFor(architectureOf(process.arch)));
  await symlink(executable, link);
  const project = { version: 1, resources: { disk_image: { web: { path: "./web.qcow2", size: "64M" } } } };
  await mkdir(join(folder, "project"));
  await writeFile(join(folder, "project/guestkit.yaml"), JSON.stringify(project));
  const params = { client: { name: "bench", version: "1" }, protocol: PROTOCOL };
  await writeFile(join(folder, "call"), `${JSON.stringify({ jsonrpc: "2.0", id: 1, method: "initialize", params })}\n`);
  const bundle = [process.execPath, ...NODE_FLAGS, join(import.meta.dirname, "../../cli/dist/guestkit.mjs")].join(" ");
  const both = (title: string, shell: (program: string) => string): Case => ({
    title: `executable: ${title}`,
    aim: AIM,
    ours: { name: "guestkit, one file", shell: shell(executable), runs: RUNS },
    peers: [{ name: "guestkit, the bundle", shell: shell(bundle), runs: RUNS }],
  });
  const start: Case = {
    title: "executable: the provider, from its start to the handshake",
    aim: "0.06 CPU s",
    ours: { name: "guestkit, one file", shell: handshake(link), runs: RUNS },
    peers: [{ name: "guestkit, the bundle", shell: handshake(provider), runs: RUNS }],
  };
  const cases = [
    both("its version", (program) => `exec ${program} version`),
    both("list a folder", (program) => `exec ${program} ls ${path} /etc`),
    both("rpc, initialize", (program) => `exec ${program} rpc <${folder}/call`),
    both("plan of one image", (program) => `cd ${folder}/project && ${program} plan`),
    start,
  ];
  return { cases, close: () => rm(folder, { recursive: true, force: true }) };
}
