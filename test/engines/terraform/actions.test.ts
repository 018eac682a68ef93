import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect, it } from "vitest";
import { MachineHost } from "../../support/machine-host.ts";
import { imageWith } from "./image-with.ts";
import { onNextTerraform, workspace } from "./workspace.ts";

const copy = (name: string, src: string, dest: string) => `action "guestkit_copy" "${name}" {
  config {
    disk_image = "disk.raw"
    src        = "${src}"
    dest       = "${dest}"
  }
}
`;

const release = (input: string, triggers: string) => `resource "terraform_data" "release" {
  input = "${input}"
  lifecycle {
    ${triggers}
  }
}
`;

const trigger = (event: string, action: string, more = "") => `action_trigger {
      events  = [${event}]
      actions = [action.${action}]
      ${more}
    }
`;

/** Nothing to boot: QEMU is up in a moment. */
const BARE = `memory    = "64M"
  preflight = "off"
  networks  = {}
  timeouts  = { stop = 0 }`;

/** What is told of a machine that is coming up. */
const PROGRESS = /Action action\.guestkit_vm_up\.slow.*: \w/;

onNextTerraform((engine) => {
  it("does them before and after what triggers them, and by hand, and shows what they answer", async () => {
    const triggers = `${trigger("before_create", "guestkit_copy.before")}
    ${trigger("after_create, after_update", "guestkit_copy.after")}`;
    const body = (input: string) =>
      `${copy("before", "/secret", "before")}${copy("after", "/secret", `after-${input}`)}${release(input, triggers)}`;
    const work = await workspace(engine, body("1"));
    const has = (name: string) => existsSync(join(work.dir, name));
    await imageWith(work.dir, "from the image");
    const planned = await work.plan();
    expect([planned.code, planned.stdout]).toEqual([2, expect.stringContaining("guestkit_copy")]);
    expect(has("before")).toBe(false);
    const said = await work.apply();
    expect(said).toMatch(/guestkit_copy\.after.*copied: 1/s);
    expect(await readFile(join(work.dir, "before"), "utf8")).toBe("from the image");
    expect(has("after-1")).toBe(true);
    await work.configure(body("2"));
    await work.apply();
    expect(has("after-2")).toBe(true);
    expect((await work.plan()).code).toBe(0);
    await work.configure(body("3"));
    await work.apply("-invoke=action.guestkit_copy.after");
    expect(has("after-3")).toBe(true);
  });

  it("refuses a wrong declaration at plan, and fails where the thing does, both at the attribute", async () => {
    const work = await workspace(
      engine,
      `action "guestkit_copy" "out" {
        config {
          disk_image = "disk.raw"
          src        = "/secret"
          dest       = "out"
          links      = "some"
        }
      }
      ${release("1", trigger("after_create", "guestkit_copy.out"))}`,
    );
    await imageWith(work.dir, "text");
    const wrong = await work.plan();
    expect([wrong.code, wrong.stderr]).toEqual([1, expect.stringMatching(/links += "some".*E_FIELD_CHOICE/s)]);
    await work.configure(
      `${copy("out", "/nothing", "out")}${release("1", trigger("after_create", "guestkit_copy.out"))}`,
    );
    const failed = await work.run("apply", "-input=false", "-auto-approve");
    expect([failed.code, failed.stderr]).toEqual([1, expect.stringContaining("/nothing")]);
    expect(failed.stderr).toMatch(/on main\.tf line \d+, in action "guestkit_copy" "out"/);
    await work.configure(
      `${copy("out", "/nothing", "out")}${release("2", trigger("after_update", "guestkit_copy.out", "on_failure = continue"))}`,
    );
    expect((await work.run("apply", "-input=false", "-auto-approve")).code).toBe(0);
  });

  it("acts on a machine that the same apply makes, and ends on Ctrl-C", async () => {
    const work = await workspace(
      engine,
      `resource "guestkit_virtual_machine" "web" {
        name     = "web"
        wait_for = []
        ${BARE}
        lifecycle {
          ${trigger("after_create", "guestkit_vm_suspend.web")}
        }
      }
      resource "guestkit_virtual_machine" "slow" {
        name     = "slow"
        running  = false
        wait_for = [{ condition = "console", text = "no guest says this", timeout = 600 }]
        ${BARE}
      }
      action "guestkit_vm_suspend" "web" {
        config { name = "web" }
      }
      action "guestkit_vm_up" "slow" {
        config { name = "slow" }
      }`,
    );
    await using host = MachineHost.at(dirname(work.dir));
    await work.apply();
    expect(await host.text(["vm", "status", "web"])).toContain("paused");
    const child = work.start(["apply", "-input=false", "-auto-approve", "-invoke=action.guestkit_vm_up.slow"]);
    let said = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on("data", (chunk) => {
        said += chunk;
        if (!child.killed && PROGRESS.test(said)) child.kill("SIGINT");
      });
    }
    const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
    // What the provider says of it Terraform does not show.
    expect([code, said]).toEqual([1, expect.stringContaining("execution halted")]);
  });
});
