import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, delimiter, join } from "node:path";
import { type RemoteHost, remoteHost, sshFor } from "../../test/support/remote-host.ts";
import { builds, foldersAt } from "./builds.ts";
import type { Case } from "./cases.ts";

const IMAGES = 20;
/** Milliseconds. */
const ROUND_TRIP = 20;

/** What a plan of things on another host takes, over a line that is a relay of ours, and of the same things here. */
export async function remoteCases(): Promise<{ readonly cases: readonly Case[]; readonly close: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), "guestkit-bench-remote-"));
  const host = await remoteHost(folder, "far", { roundTrip: ROUND_TRIP });
  const bin = await sshFor(folder, [host], shared(host, folder));
  const [ours] = builds();
  const row = async (name: string, place: string) => {
    const at = join(folder, name.replaceAll(" ", "-"));
    await mkdir(at);
    const images = Array.from({ length: IMAGES }, (_, index) => [
      `i${index}`,
      `{ ${place} path: ./${basename(at)}${index}.qcow2, size: 1M }`,
    ]);
    const all = images.map((each) => each.join(": ")).join(", ");
    await writeFile(
      join(at, "guestkit.yaml"),
      `version: 1\nhosts: { far: {}, shared: {} }\nresources: { disk_image: { ${all} } }\n`,
    );
    const call = (args: string) => `cd ${at} && ${process.execPath} ${ours?.command} ${args} >/dev/null 2>&1`;
    const env = { ...foldersAt(at), PATH: [bin, process.env.PATH].join(delimiter) };
    return { name, shell: call("plan"), prepare: call("apply --auto-approve"), runs: 5, env };
  };
  const title = `remote: plan of ${IMAGES} images, ${ROUND_TRIP} ms of round trip`;
  const aim = "at most 0.4 s of wall time more than local";
  const cases = [
    {
      title,
      aim,
      ours: await row("over-ssh", "host: far,"),
      peers: [await row("local", ""), await row("shared connection", "host: shared,")],
    },
  ];
  return {
    cases,
    close: async () => {
      await host.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The same host by a connection that is up already, as many a user's ssh_config has it (ControlMaster of ssh_config(5)). */
const shared = ({ port, server: { target } }: RemoteHost, folder: string): string =>
  [
    `Host shared\n  HostName 127.0.0.1\n  Port ${port}\n  User ${target.user}`,
    `  IdentityFile ${target.keyFile}\n  IdentitiesOnly yes`,
    `  ControlMaster auto\n  ControlPath ${join(folder, "shared")}\n  ControlPersist 60\n`,
  ].join("\n");
