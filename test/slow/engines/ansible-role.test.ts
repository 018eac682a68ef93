import { copyFile, mkdir, mkdtemp, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { stringify } from "yaml";
import { ControlNode } from "../../support/ansible.ts";
import { findEngine, repository } from "../../support/engines.ts";
import { run } from "../../support/run.ts";
import { type SshServer, sshServer } from "../../support/ssh-server.ts";

const playbook = findEngine("ansible-playbook");
const runs = playbook !== null && process.getuid?.() === 0;

/** This host's own way to packages: where they come from, and by whose certificates. */
const OWN_WAYS = ["etc/resolv.conf", "etc/ssl/certs/ca-certificates.crt"];

let dir: string;
let server: SshServer;
let control: ControlNode;
let archive: string;

beforeAll(async () => {
  if (!runs) return;
  // Not below /tmp: what sshd takes for a root must lie where root alone writes.
  dir = await mkdtemp(join(homedir(), ".guestkit-role-"));
  const root = join(dir, "root");
  await run("mmdebstrap", ["--mode=root", "--variant=minbase", "--include=python3,ca-certificates", "bookworm", root]);
  for (const path of OWN_WAYS) await bring(path, root);
  server = await sshServer(join(dir, "ssh"), { root });
  control = new ControlNode(join(dir, "home"), String(playbook), { ANSIBLE_HOST_KEY_CHECKING: "False" });
  await control.install();
  archive = join(dir, "guestkit.tar.gz");
  await run("sh", [join(repository, "scripts/cli-pack"), archive]);
});
afterAll(async () => {
  await server?.stop();
  if (dir) await rm(dir, { recursive: true, force: true });
});

async function bring(path: string, root: string): Promise<void> {
  await mkdir(join(root, dirname(path)), { recursive: true });
  await copyFile(join("/", path), join(root, path)).catch(() => {});
}

/** A play on the fresh host, with the role and these tasks. */
async function play(tasks: readonly object[]): Promise<string> {
  const { host, port, user, keyFile } = server.target;
  const vars = {
    ...{ ansible_host: host, ansible_port: port, ansible_user: user, ansible_ssh_private_key_file: keyFile },
    ...{ ansible_python_interpreter: "/usr/bin/python3", guestkit_archive: archive },
  };
  const host_ = { name: "fresh", groups: "fresh", ...vars };
  const add = { name: "The host", "ansible.builtin.add_host": host_ };
  const role = { name: "guestkit", "ansible.builtin.import_role": { name: "guestkit.guestkit.guestkit" } };
  const { code, text } = await control.play(
    stringify([
      { hosts: "localhost", connection: "local", gather_facts: false, tasks: [add] },
      { hosts: "fresh", tasks: [role, ...tasks] },
    ]),
  );
  if (code !== 0) throw new Error(text);
  return text;
}

it.skipIf(!runs)("the role puts guestkit onto a Debian that has nothing, once, from a built archive", async () => {
  const image = { name: "An image", "guestkit.guestkit.guestkit_disk_image": { path: "/srv/a.qcow2", size: "64M" } };
  // What tests name for their own hosts is not there: the module finds the command by itself.
  const own = { ...image, environment: { GUESTKIT_COMMAND: "/usr/local/bin/guestkit" } };
  expect(await play([own])).toMatch(/fresh +: ok=\d+ +changed=[1-9]/);
  expect(await play([own])).toMatch(/fresh +: ok=\d+ +changed=0 /);
});
