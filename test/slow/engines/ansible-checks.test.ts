/** What the rules of an image mean to a play; by default Terraform and guestkit.yaml show it (engines/acceptance/checks). */
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ControlNode } from "../../support/ansible.ts";
import { findEngine } from "../../support/engines.ts";
import { scratch } from "../../support/scratch.ts";
import { makeSmallSystem } from "../../support/small-system.ts";

const playbook = findEngine("ansible-playbook");
const KEY = "/etc/ssh/ssh_host_ed25519_key";

describe.skipIf(!playbook)("Ansible", () => {
  it("fails a task whose image does not keep its rules, makes it anew, and tells those of an inspection", async () => {
    const home = await scratch("checks-ansible");
    const [clean, dirty] = [join(home, "clean.img"), join(home, "dirty.img")];
    await makeSmallSystem(clean, { "etc/motd": "be welcome\n" });
    await makeSmallSystem(dirty, { "etc/motd": "be welcome\n", [KEY.slice(1)]: "a key\n" });
    const node = new ControlNode(home, playbook as string);
    await node.install();
    const rules = [{ name: "keys", severity: "high", leftovers: { kinds: ["host_keys"] } }];
    const path = join(home, "golden.qcow2");
    const image = { path, source: { url: clean }, checks: { rules } };
    const never = join(home, "never.qcow2");
    const { results: failed } = await node.tasks([
      ["guestkit_disk_image", { ...image, path: never, source: { url: dirty } }],
      ["guestkit_disk_image", { ...image, files: [{ path: KEY, content: "a key" }] }],
    ]);
    const refused = { failed: true, code: "E_CHECKS_FAILED" };
    expect(failed).toMatchObject([refused, refused]);
    await expect(stat(never)).rejects.toThrow("ENOENT");
    const first = (await stat(path)).ino;
    const { results } = await node.tasks([
      ["guestkit_disk_image", image],
      ["guestkit_disk_image", image],
      ["guestkit_inspect", { disk: dirty, checks: { rules } }],
    ]);
    expect(results).toMatchObject([
      { changed: true, action: "replace" },
      { changed: false },
      { changed: false, failed_checks: [{ check: "keys", state: "failed" }] },
    ]);
    expect((await stat(path)).ino).not.toBe(first);
  });
});
