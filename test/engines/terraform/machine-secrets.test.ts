import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { filesWith, SecretWatch } from "../../support/secret-watch.ts";
import { belongsHere } from "../../support/slow.ts";
import { onEveryEngine, type Workspace, workspace } from "./workspace.ts";

const NAMES = ["hash", "content", "token", "screen", "document"] as const;

/** A machine that boots nothing, and a seed: every secret that they can take, but for those of provisioning as well. */
const body = (version: number) => `${NAMES.map(
  (name) => `variable "${name}" {
  type      = string
  ephemeral = true
}
`,
).join("")}
resource "guestkit_cloud_init_seed" "seed" {
  path        = "seed.iso"
  users       = { admin = { password_hash_wo = var.hash, password_hash_wo_version = ${version} } }
  write_files = [{ path = "/given", secret_content_wo = var.content, secret_content_wo_version = ${version} }]
}
resource "guestkit_virtual_machine" "web" {
  name      = "web"
  memory    = "64M"
  preflight = "off"
  wait_for  = []
  timeouts  = { stop = 1, quit = 10 }
  graphics  = { kind = "vnc", password_wo = var.screen, password_wo_version = ${version} }
  cloud_init = {
    secret_user_data_wo         = "#cloud-config\\n# \${var.document}\\n"
    secret_user_data_wo_version = ${version}
  }
}
resource "guestkit_virtual_machine" "stopped" {
  name      = "stopped"
  running   = false
  preflight = "off"
  cloud_init = {
    users       = { admin = { password_hash_wo = var.hash, password_hash_wo_version = ${version} } }
    write_files = [{ path = "/given", secret_content_wo = var.content, secret_content_wo_version = ${version} }]
  }
  provision = [{
    name                          = "use"
    inline                        = ["true"]
    secret_environment_wo         = { TOKEN = var.token }
    secret_environment_wo_version = ${version}
  }]
}
`;

onEveryEngine((engine) => {
  let work: Workspace | undefined;
  afterEach(() => work?.run("destroy", "-auto-approve", "-input=false"));

  it("keeps a machine's and a seed's write-only values out of everything but the media", async () => {
    const marks = NAMES.map((name) => `mark-${name}-${randomBytes(8).toString("hex")}`);
    const env = Object.fromEntries(NAMES.map((name, index) => [`TF_VAR_${name}`, marks[index] ?? ""]));
    await using watch = new SecretWatch(marks);
    work = await workspace(engine, body(1), {
      ...env,
      TF_LOG: "TRACE",
      TF_LOG_PATH: "trace.log",
      GUESTKIT_LOG: "trace",
    });
    let said = "";
    const run = async (...args: string[]) => {
      const { code, stdout, stderr } = await (work as Workspace).run(...args);
      said += stdout + stderr;
      return { code, text: stdout + stderr };
    };
    for (const version of [1, 2]) {
      await work.configure(body(version));
      for (const args of [
        ["plan", "-input=false", `-out=saved${version}`],
        ["show", "-json", `saved${version}`],
      ]) {
        expect(await run(...args)).toMatchObject({ code: 0 });
      }
      expect(await run("apply", "-input=false", `saved${version}`)).toMatchObject({ code: 0 });
    }
    expect((await work.plan()).code).toBe(0);

    // A machine that cannot be started: the error and the log of it.
    await work.configure(body(3).replace("timeouts ", 'extra_args = ["-device", "no-such-device"]\n  timeouts '));
    const failed = await run("apply", "-input=false", "-auto-approve");
    expect(failed).toMatchObject({ code: 1, text: expect.stringContaining("no-such-device") });

    expect(marks.filter((mark) => said.includes(mark))).toEqual([]);
    expect(watch.found).toEqual([]);
    expect(watch.programs).toContain("qemu-system-x86_64");
    const home = join(work.dir, "..");
    const holders = (await filesWith(marks, [home])).map((each) => each.slice(home.length + 1).split(": ", 1)[0]);
    expect([...new Set(holders)].toSorted()).toEqual([
      ...["data/machines/stopped/seed.iso", "data/machines/web/seed.iso", "work/seed.iso"],
    ]);
  });
}, belongsHere);
