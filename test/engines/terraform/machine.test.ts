import { readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { MachineHost } from "../../support/machine-host.ts";
import { type MicroGuest, microGuest } from "../../support/micro-guest/index.ts";
import { belongsHere } from "../../support/slow.ts";
import { onEveryEngine, type Workspace, workspace } from "./workspace.ts";

const machine = (fields: string) => `resource "guestkit_virtual_machine" "web" {
  name   = "web"
  memory = "384M"
  ${fields}
}
`;

/** From memory, with the kernel alone: there is no image to judge. */
const kernel = (guest: MicroGuest) => `kernel = "${guest.kernel}"
  initrd = "${guest.initrd}"
  cmdline = "${guest.cmdline}"
  networks = { lan = { forwards = { ssh = { guest_port = 22 } } } }
  timeouts = { stop = 0 }`;

/** What no guest ever says. */
const NEVER = 'wait_for = [{ condition = "console", text = "no guest says this", timeout = 3 }]';

const SECRETS = {
  TF_VAR_document: "correct-horse-document",
  TF_VAR_hash: "$6$battery$hash-that-nobody-sees",
  TF_VAR_screen: "staple-9",
  TF_VAR_step: "correct-horse-step",
};

const VARIABLES = ["document", "hash", "screen", "step"]
  .map((name) => `variable "${name}" {\n  type = string\n  ephemeral = true\n}\n`)
  .join("");

onEveryEngine((engine) => {
  let work: Workspace;
  let host: MachineHost;
  const open = async (body: string, env: NodeJS.ProcessEnv = {}) => {
    work = await workspace(engine, body, env);
    host = MachineHost.at(dirname(work.dir));
  };
  afterEach(() => host[Symbol.asyncDispose]());

  it("refuses at plan to wait for what an image of the same apply will lack, at the attribute", async () => {
    await open(`resource "guestkit_disk_image" "root" {
  path      = "root.qcow2"
  size      = "2G"
  bootstrap = { packages = ["openssh-server"] }
}
${machine(`wait_for = [{ condition = "agent" }]
  disks = { root = { image = guestkit_disk_image.root.id } }`)}`);
    const { code, stderr } = await work.plan();
    expect(code, stderr).toBe(1);
    expect(stderr).toContain('wait_for = [{ condition = "agent" }]');
    expect(stderr).toContain("qemu-guest-agent");
    expect(stderr).toContain("(P_AGENT_MISSING)");
  });

  it("plans a machine whose image is not known yet", async () => {
    await open(`resource "terraform_data" "name" {
  input = "root"
}
resource "guestkit_disk_image" "root" {
  path = "\${terraform_data.name.output}.qcow2"
  size = "64M"
}
${machine("running = false\n  disks = { root = { image = guestkit_disk_image.root.id, overlay = true } }")}`);
    const { code, stderr, stdout } = await work.plan();
    expect(code, stderr).toBe(2);
    expect(stdout).toMatch(/image += \(known after apply\)/);
  });

  it("keeps a machine that is not ready for a look, and makes it anew; on_failure = keep makes it a warning", async () => {
    const guest = await microGuest();
    await open(machine(`${kernel(guest)}\n  ${NEVER}`));
    const failed = await work.run("apply", "-input=false", "-auto-approve");
    expect(failed.code).toBe(1);
    expect(failed.stderr).toContain("no guest says this");
    expect((await host.remains()).processes.length).toBe(1);
    expect((await work.plan()).stdout).toMatch(/is tainted, so (it )?must be replaced/);

    await work.configure(machine(`${kernel(guest)}\n  ${NEVER}\n  on_failure = "keep"`));
    await work.apply();
    expect((await host.remains()).processes.length).toBe(1);
    const settled = await work.plan();
    expect(settled.code, settled.stdout).toBe(0);
    await work.succeed("destroy", "-auto-approve");
    expect((await host.remains()).processes).toEqual([]);
  });

  it("keeps what is write-only out of plan, state, records, logs and arguments, hears of a change by its version, and announces a restart at its attribute", async () => {
    const guest = await microGuest();
    const body = (version: number, more = "") =>
      `${VARIABLES}${machine(`${kernel(guest)}
  cloud_init = {
    users       = { admin = { ssh_authorized_keys = ["${guest.sshPublicKey}"], sudo = true, password_hash_wo = var.hash, password_hash_wo_version = 1 } }
    write_files = [{ path = "/root/document", secret_content_wo = var.document, secret_content_wo_version = 1 }]
  }
  graphics  = { kind = "vnc", password_wo = var.screen, password_wo_version = ${version} }
  provision = [{
    name = "step", inline = ["printf %s \\"$TOKEN\\" > /root/step"]
    secret_environment_wo = { TOKEN = var.step }, secret_environment_wo_version = 1
  }]
  wait_for = [{ condition = "cloud_init" }, { condition = "ssh" }]
  ${more}`)}`;
    await open(body(1), SECRETS);
    await work.succeed("plan", "-input=false", "-out=saved");
    const planned = await work.succeed("show", "-json", "saved");
    const said = await work.succeed("apply", "-input=false", "saved");
    const inside = await host.text(["vm", "ssh", "web", "--", "sudo cat /root/document /root/step /etc/shadow"]);
    for (const each of ["document", "step", "hash"] as const) expect(inside).toContain(SECRETS[`TF_VAR_${each}`]);

    const state = await readFile(join(work.dir, "terraform.tfstate"), "utf8");
    const written = [planned, said, state, ...(await files(join(dirname(work.dir), "data"))), ...(await commands())];
    for (const secret of Object.values(SECRETS)) {
      expect(written.filter((each) => each.includes(secret)).map((each) => each.slice(0, 200))).toEqual([]);
    }
    expect((await work.plan()).code).toBe(0);
    await work.configure(body(2, "cpus = 2"));
    const { code, stdout } = await work.plan();
    expect([code, stdout.includes("password_wo_version")]).toEqual([2, true]);
    expect(stdout).toContain("cpus = 2");
    expect(stdout).toContain("will be restarted");
    expect(stdout).toContain("(W_RESTART)");
    await work.succeed("destroy", "-auto-approve");
  });
}, belongsHere);

/** Texts of all files of the machines but for cloud-init's medium, which is what carries secrets into the guest. */
async function files(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const plain = entries.filter((entry) => entry.isFile() && entry.name !== "seed.iso");
  return Promise.all(plain.map((entry) => readFile(join(entry.parentPath, entry.name), "latin1")));
}

/** Command lines of everything that runs. */
async function commands(): Promise<string[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  return Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, "latin1").catch(() => "")));
}
