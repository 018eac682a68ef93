import { readdir, readFile } from "node:fs/promises";
import { userInfo } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type RemoteHost, remoteHost, sshFor } from "../../support/remote-host.ts";
import { scratch } from "../../support/scratch.ts";
import { belongsHere } from "../../support/slow.ts";
import { onEveryEngine, workspace } from "./workspace.ts";

const dir = await scratch("terraform-hosts");
let hosts: Readonly<Record<"a" | "b", RemoteHost>>;
let env: NodeJS.ProcessEnv = {};

const isRoot = userInfo().uid === 0;
if (!isRoot) console.warn("left out: only root can give a host another machine-id");

beforeAll(async () => {
  const [a, b] = await Promise.all([
    remoteHost(dir, "a"),
    remoteHost(dir, "b", isRoot ? { machineId: "b".repeat(32) } : {}),
  ]);
  hosts = { a, b };
  env = { PATH: [await sshFor(dir, [a, b]), process.env.PATH].join(delimiter) };
});

afterAll(() => Promise.all(Object.values(hosts).map(({ server }) => server.stop())));

/** One image a host, each by its provider's alias. */
const configuration = (engine: string, size: string, addresses = { a: "a", b: "b" }) =>
  (["a", "b"] as const)
    .map(
      (name) => `
provider "guestkit" {
  alias = "${name}"
  host  = "${addresses[name]}"
}
resource "guestkit_disk_image" "${name}" {
  provider = guestkit.${name}
  path     = "${engine}.qcow2"
  size     = "${size}"
}
data "guestkit_image_info" "${name}" {
  provider = guestkit.${name}
  disk_image = guestkit_disk_image.${name}.id
}
output "${name}" { value = data.guestkit_image_info.${name}.virtual_size }
`,
    )
    .join("");

interface State {
  readonly resources: readonly { readonly type: string; readonly name: string }[];
}

onEveryEngine((engine) => {
  it("has things on two hosts; one that cannot be reached fails its own alone", async () => {
    const file = `${engine.name}.qcow2`;
    const project = await workspace(engine, configuration(engine.name, "1M"), env);
    await project.apply();
    for (const { home } of Object.values(hosts)) expect(await readdir(home)).toContain(file);
    expect(await readdir(project.dir)).not.toContain(file);
    expect((await project.outputs()).a).toBe(1 << 20);
    expect((await project.plan()).code).toBe(0);

    if (isRoot) {
      await project.configure(configuration(engine.name, "1M", { a: "a", b: "a" }));
      const moved = await project.plan();
      expect(moved.code).toBe(1);
      expect(moved.stderr).toMatch(/E_HOST_CHANGED/);
      expect(moved.stderr).toMatch(/made on host "b".*settings name host "a"/s);
    }

    await project.configure(configuration(engine.name, "2M", { a: "a", b: "nowhere.invalid" }));
    const dead = await project.plan();
    expect(dead.code).toBe(1);
    expect(dead.stderr).toMatch(/E_HOST_UNREACHABLE/);
    expect(dead.stderr).not.toMatch(/guestkit_disk_image\.a/);
    await project.apply("-target=guestkit_disk_image.a");
    const { resources } = JSON.parse(await readFile(join(project.dir, "terraform.tfstate"), "utf8")) as State;
    const kept = resources.filter(({ type }) => type === "guestkit_disk_image").map(({ name }) => name);
    expect(kept.toSorted()).toEqual(["a", "b"]);

    await project.configure(configuration(engine.name, "2M"));
    await project.apply();
    expect((await project.outputs()).b).toBe(2 << 20);
    await project.succeed("destroy", "-input=false", "-auto-approve");
    for (const { home } of Object.values(hosts)) expect(await readdir(home)).not.toContain(file);
  });
}, belongsHere);
