import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Case } from "./cases.ts";

const RUNS = 7;

/** What looking into the image costs a plan, the first one and the next; `guestkit` is quoted for a shell. */
export function preflightCase(image: string, guestkit: string): Case {
  const folder = join(tmpdir(), `guestkit-bench-preflight-${process.pid}`);
  const env = { GUESTKIT_DATA_DIR: join(folder, "data"), GUESTKIT_CACHE_DIR: join(folder, "cache") };
  const plan = (name: string, preflight: string, before: string) => {
    const disks = { root: { image, overlay: true } };
    const web = {
      name: "web",
      disks,
      cloud_init: { users: { admin: {} } },
      wait_for: [{ condition: "ssh" }],
      preflight,
    };
    const project = JSON.stringify({ version: 1, resources: { virtual_machine: { web } } });
    const place = join(folder, name.replaceAll(" ", "-"));
    const shell = `mkdir -p ${place} && cd ${place} && printf %s '${project}' > guestkit.yaml && ${before} exec ${guestkit} plan`;
    return { name, shell, runs: RUNS, env };
  };
  return {
    title: "preflight: a plan of a machine on this image",
    aim: "the first plan takes at most 0.3 CPU s more than one that does not look, the next one nothing",
    ours: plan("guestkit, first plan", "error", `rm -rf ${join(folder, "cache/preflight")} &&`),
    peers: [plan("guestkit, next plan", "error", ""), plan("guestkit, preflight off", "off", "")],
  };
}
