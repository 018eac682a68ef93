import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ControlNode, type ModuleArgs, PIPELINING, type TaskResult } from "../../support/ansible.ts";
import { findEngine } from "../../support/engines.ts";

const playbook = findEngine("ansible-playbook");
const SECRET = "hunter2-secret";
/** Not in the playbook itself, whose lines Ansible shows where a task fails. */
const GIVEN = "{{ lookup('ansible.builtin.env', 'WRONG_SECRET') }}";

/** A module, what it is given, and the first line of what it says. */
type Row = readonly [module: string, args: ModuleArgs, says: string];

const image = { path: "/tmp/never/x.qcow2", size: "8M" };
const machine = { name: "web", memory: "64M" };
const job = { job: "nightly", repository: "/srv/hosts" };

/** What Ansible refuses by the argument_spec, before guestkit is asked. */
const BY_SPEC: readonly Row[] = [
  ["guestkit_disk_image", {}, "missing required arguments: path"],
  [
    "guestkit_disk_image",
    { ...image, bigness: 1 },
    "Unsupported parameters for (guestkit.guestkit.guestkit_disk_image) module: bigness.",
  ],
  ["guestkit_disk_image", { ...image, format: "floppy" }, "value of format must be one of: qcow2, raw, got: floppy"],
  [
    "guestkit_virtual_machine",
    { ...machine, cpus: "many" },
    "argument 'cpus' is of type str and we were unable to convert to int: \"'many'\" cannot be converted to an int",
  ],
  [
    "guestkit_virtual_machine",
    { ...machine, disks: [{ image: "/x" }] },
    "missing required arguments: name found in disks",
  ],
  [
    "guestkit_disk_image",
    { ...image, files: [{ path: "/x", content: "a", secret_content: GIVEN }] },
    "parameters are mutually exclusive: content|secret_content found in files",
  ],
  [
    "guestkit_inspect",
    { disk: "/tmp/x", keys: ["*"] },
    "argument 'keys' is of type list and we were unable to convert to dict: <class 'list'> cannot be converted to a dict",
  ],
  ["guestkit_ci_job", job, "missing required arguments: signers"],
];

/** What guestkit refuses, word for word as on any face. */
const BY_GUESTKIT: readonly Row[] = [
  ["guestkit_disk_image", { ...image, size: "bogus" }, 'Cannot use size "bogus": it is no size'],
  [
    "guestkit_disk_image",
    { ...image, size: "9".repeat(40) },
    'Cannot use size "9999999999999999999999999999999999999999": it is no whole number of bytes below 2^53',
  ],
  ["guestkit_disk_image", { ...image, path: "a\u0000b" }, "Cannot use path: a path cannot have a NUL"],
  [
    "guestkit_disk_image",
    { ...image, source: { url: "/a" }, backing_file: "/b" },
    "Cannot use source and backing_file together: only one may be given",
  ],
  [
    "guestkit_disk_image",
    { ...image, owner: "no such: owner!" },
    'Cannot initialize: "no such: owner!" is no owner: a face, or a face and a project behind a colon',
  ],
  ["guestkit_virtual_machine", { ...machine, cpus: 0 }, "Cannot use cpus = 0: it must be from 1 to 1024"],
  [
    "guestkit_virtual_machine",
    { ...machine, name: "../web" },
    'Cannot use name = "../web": it must be letters, digits, - and _, at most 63, a letter or digit first and last',
  ],
  [
    "guestkit_virtual_machine",
    { ...machine, name: "w".repeat(5000) },
    'Cannot use name = "wwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwww...": it must be letters, digits, - and _, at most 63, a letter or digit first and last',
  ],
  [
    "guestkit_virtual_machine",
    { ...machine, memory: 1 },
    "Cannot use memory = 1: a number without a unit is bytes, and these are too few",
  ],
  ["guestkit_inspect", { disk: "/tmp/never/x.qcow2" }, 'Cannot open "/tmp/never/x.qcow2": there is no such file'],
  [
    "guestkit_inspect",
    { disk: "/etc/hostname", keys: { "*": { passwort: GIVEN } } },
    'Cannot use the keys: that of "*" has a field that is none of passphrase, file, header',
  ],
  ["guestkit_slurp", { disk: "/etc/hostname" }, 'Cannot open "/etc/hostname": it is text, no disk image'],
  ["guestkit_vm_stop", { name: "absent" }, 'Cannot find "absent": there is no machine of that name'],
  ["guestkit_vm_exec", { name: "absent", command: [] }, "Cannot use command: it is empty"],
  ["guestkit_vm_foreach", { verb: "explode" }, 'Cannot do "explode" with each machine: there is no such verb'],
  [
    "guestkit_ci_job",
    { ...job, signers: {} },
    'Cannot use "HOME/config/guestkit/ci/nightly.yaml": it names nobody whose signature counts',
  ],
  [
    "guestkit_ci_run",
    { job: "absent" },
    'Cannot find the job "absent": there is no "HOME/config/guestkit/ci/absent.yaml"',
  ],
];

/** What the module itself refuses. */
const BY_MODULE: readonly Row[] = [
  [
    "guestkit_virtual_machine",
    {
      ...machine,
      disks: [
        { name: "root", image: "/a" },
        { name: "root", image: "/b" },
      ],
    },
    'Cannot use disks[1].name = "root": disks[0] has it already',
  ],
  [
    "guestkit_virtual_machine",
    {
      ...machine,
      networks: [
        {
          name: "lan",
          forwards: [
            { name: "ssh", guest_port: 22 },
            { name: "ssh", guest_port: 80 },
          ],
        },
      ],
    },
    'Cannot use networks[0].forwards[1].name = "ssh": networks[0].forwards[0] has it already',
  ],
  [
    "guestkit_virtual_machines",
    { executable: "/nowhere/guestkit" },
    "Cannot run guestkit: /nowhere/guestkit: No such file or directory",
  ],
  ["guestkit_virtual_machines", { executable: "/etc" }, "Cannot run guestkit: /etc: Permission denied"],
  // It takes what it is told for words, and "rpc" for the program that gets them.
  [
    "guestkit_virtual_machines",
    { executable: "/usr/bin/xargs" },
    "Cannot use guestkit: it ended with code 127 and no answer",
  ],
];

describe.skipIf(!playbook)("wrong input through playbooks", () => {
  let home: string;
  const rows = [...BY_SPEC, ...BY_GUESTKIT, ...BY_MODULE];
  /** One run for all. */
  let results: readonly TaskResult[];
  let text: string;
  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), "guestkit-wrong-"));
    const node = new ControlNode(home, playbook as string, {
      ...PIPELINING,
      WRONG_SECRET: SECRET,
      GUESTKIT_DATA_DIR: join(home, "data"),
      XDG_CONFIG_HOME: join(home, "config"),
    });
    await node.install();
    ({ results, text } = await node.tasks(rows.map(([module, args]) => [module, args])));
  });
  afterAll(() => rm(home, { recursive: true, force: true }));

  it("is refused in one sentence and a next step, whoever refuses it", () => {
    const first = ({ msg = "" }: TaskResult) =>
      msg
        .replaceAll(home, "HOME")
        .replace(/ Supported parameters.*/, "")
        .split("\n")[0];
    expect(results.map((each) => [each.failed, first(each)])).toEqual(rows.map(([, , says]) => [true, says]));
  });

  it("ends in no traceback, and no secret is shown", () => {
    expect(JSON.stringify(results) + text).not.toMatch(/Traceback|MODULE FAILURE|_exception_|\[WARNING\]/);
    expect(JSON.stringify(results) + text).not.toContain(SECRET);
  });
});
