import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";
import type { ValueObject } from "../../../core/model/value.ts";
import { ControlNode, type TaskResult } from "../../support/ansible.ts";
import type { Action, Driver, Outcome, Run } from "./driver.ts";

/** ansible-playbook with the collection; a plan is a run in check mode with --diff. */
export async function ansibleDriver(playbook: string, folder: string, run: Run): Promise<Driver> {
  await mkdir(folder, { recursive: true });
  const node = new ControlNode(folder, playbook);
  await node.install();
  let path = "";
  const out = join(folder, "results.json");

  const play = async (declared: ValueObject | null, flags: readonly string[]): Promise<Outcome> => {
    path = declared ? String(declared.path) : path;
    await writeFile(out, "null");
    await writeFile(join(folder, "site.yml"), stringify(site(declared ?? { path, state: "absent" }, out)));
    const { text } = await run(playbook, [join(folder, "site.yml"), ...flags], { cwd: folder, env: node.env });
    const results = JSON.parse(await readFile(out, "utf8")) as { image: TaskResult } | null;
    if (!results) return { ok: false, action: null, text };
    const ok = results.image.failed !== true;
    return { ok, action: ok ? (results.image.action as Action) : null, text };
  };
  return {
    name: "ansible",
    plan: (declared) => play(declared, ["--check", "--diff"]),
    apply: (declared) => play(declared, []),
    inspected: async () => {
      const { found } = JSON.parse(await readFile(out, "utf8")) as { found: TaskResult };
      return { distro: found.distro, hostname: found.hostname };
    },
  };
}

function site(args: ValueObject, out: string): object {
  return [
    {
      hosts: "localhost",
      connection: "local",
      gather_facts: false,
      tasks: [
        { name: "The image", "guestkit.guestkit.guestkit_disk_image": args, register: "image", ignore_errors: true },
        {
          name: "What is inside",
          "guestkit.guestkit.guestkit_inspect": { disk: args.path },
          register: "found",
          ignore_errors: true,
          when: "not ansible_check_mode and image is not failed and image.action != 'delete'",
        },
        {
          name: "Keep the results",
          "ansible.builtin.copy": {
            dest: out,
            content: "{{ {'image': image, 'found': found} | to_json }}",
            mode: "0600",
          },
          check_mode: false,
          diff: false,
        },
      ],
    },
  ];
}
