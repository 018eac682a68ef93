import { join } from "node:path";
import { expect, it } from "vitest";
import { run } from "../../support/run.ts";

import { belongsHere } from "../../support/slow.ts";
import { onEveryEngine, workspace } from "./workspace.ts";

onEveryEngine((engine) => {
  it("makes a thing whose name another one tells", async () => {
    const work = await workspace(
      engine,
      'resource "terraform_data" "x" {}\n' +
        'resource "guestkit_disk_image" "i" {\n  path = "${terraform_data.x.id}.qcow2"\n  size = "8M"\n}\n',
    );
    await work.apply();
    expect((await work.plan()).code).toBe(0);
    await work.succeed("destroy", "-input=false", "-auto-approve");
  });

  it("imports what it planned to, whoever planned the same since, and takes from another state what it changes alone", async () => {
    const owns = await workspace(
      engine,
      'resource "guestkit_disk_image" "i" {\n  path = "i.qcow2"\n  size = "8M"\n}\n',
    );
    await owns.apply();
    const path = join(owns.dir, "i.qcow2");
    const hand = join(owns.dir, "hand.qcow2");
    await run("qemu-img", ["create", "-q", "-f", "qcow2", hand, "8M"]);
    const image = (name: string, at: string) =>
      `import {\n  to = guestkit_disk_image.${name}\n  id = "${at}"\n}\n` +
      `resource "guestkit_disk_image" "${name}" {\n  path = "${at}"\n  size = "8M"\n}\n`;
    const work = await workspace(engine, image("i", path) + image("hand", hand));
    await work.succeed("plan", "-input=false", "-out=first");
    await work.succeed("plan", "-input=false", "-out=second");
    await work.succeed("apply", "-input=false", "first");
    const after = await work.plan();
    expect([after.code, after.stdout]).toEqual([0, expect.stringMatching(/belongs to terraform:.*first change/s)]);
    expect((await owns.plan()).code).toBe(0);
    await work.configure(image("i", path).replace("8M", "16M") + image("hand", hand));
    await work.apply();
    await owns.configure('resource "guestkit_disk_image" "i" {\n  path = "i.qcow2"\n  size = "32M"\n}\n');
    const refused = await owns.run("plan", "-input=false", "-no-color");
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining("E_OWNER")]);
  });
}, belongsHere);
