import { rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { findEngine } from "../../support/engines.ts";
import { PulumiProject, type Ran } from "../../support/pulumi.ts";
import { scratch } from "../../support/scratch.ts";
import { makeSmallSystem } from "../../support/small-system.ts";

const binary = findEngine("pulumi");
const dir = await scratch("pulumi-checks");
const [clean, dirty] = [join(dir, "clean.img"), join(dir, "dirty.img")];
const status = "Package: a\nStatus: install ok installed\nVersion: 1:2-3\nArchitecture: all\n";
const files = {
  "etc/os-release": "ID=debian\nVERSION_ID=12\n",
  "etc/motd": "be welcome\n",
  "var/lib/dpkg/status": status,
};
await makeSmallSystem(clean, files);
await makeSmallSystem(dirty, { ...files, "etc/ssh/ssh_host_rsa_key": "a key\n", "etc/crontab": "1 * * * * root id\n" });

const stack = binary ? await PulumiProject.create(binary, join(dir, "project")) : null;
const succeeds = (ran: Ran | undefined) => expect(ran, ran?.text).toMatchObject({ code: 0 });
const fails = (ran: Ran | undefined) => expect(ran?.code, ran?.text).not.toBe(0);

describe.skipIf(!binary)("through Pulumi", () => {
  it("an image that does not keep its rules is told, stays for a look, and is made anew by the next up", async () => {
    const rules = join(dir, "rules.yaml");
    await writeFile(rules, "version: 1\nrules: { keys: { leftovers: { kinds: [host_keys] } } }\n");
    const image = join(dir, "project/golden.qcow2");
    const program = (source: string, checks: string, more = "") =>
      stack?.write(`
        const image = new guestkit.DiskImage("image", {
          path: "golden.qcow2", source: { url: ${JSON.stringify(source)} }, ${more}
          checks: { file: ${JSON.stringify(rules)}, ${checks} },
        });
        exports.failed = image.failedChecks.apply((all) => all.map(({ check }) => check));
      `);
    const key = 'files: [{ path: "/etc/ssh/ssh_host_rsa_key", content: "a key" }],';
    await program(dirty, "");
    const refused = await stack?.preview();
    fails(refused);
    expect(refused?.text).toMatch(
      /property checks .*1 of 1 checks do not hold: keys \(\S+ is there\) \(E_CHECKS_FAILED\)/,
    );
    await program(clean, "", key);
    const made = await stack?.up();
    fails(made);
    expect(made?.text).toMatch(/checks: Cannot accept what is in .*1 of 1 checks do not hold: keys/);
    const { birthtimeNs } = await stat(image, { bigint: true });
    // It is known to the stack, and to be looked at.
    expect(await stack?.state()).toContain(JSON.stringify(image));
    await program(clean, "");
    const next = await stack?.up();
    succeeds(next);
    expect(next?.text).toContain("it was made, and its checks do not hold: keys");
    expect((await stat(image, { bigint: true })).birthtimeNs).not.toBe(birthtimeNs);
    expect(await stack?.outputs()).toEqual({ failed: [] });
    succeeds(await stack?.preview("--expect-no-changes"));
    // It was accepted once: what is wrong with it now costs nobody what it holds.
    await writeFile(rules, "version: 1\nrules: { motd: { file: { path: /etc/motd, state: absent } } }\n");
    const stopped = await stack?.preview();
    fails(stopped);
    expect(stopped?.text).toMatch(/checks: Cannot accept .*motd/);
    await program(clean, 'onFailure: "keep"');
    const kept = await stack?.up();
    succeeds(kept);
    expect(kept?.text).toMatch(/1 of 1 checks do not hold: motd/);
    expect(await stack?.outputs()).toEqual({ failed: ["motd"] });
    const quiet = await stack?.preview("--expect-no-changes");
    succeeds(quiet);
    expect(quiet?.text).toMatch(/the image is kept: motd/);
    // A removal judges nothing.
    await rm(rules);
    succeeds(await stack?.destroy());
    await expect(stat(image)).rejects.toThrow("ENOENT");
  });

  it("the queries tell what runs in an image, what it does not keep, its software, and what differs", async () => {
    const images = `const [before, after] = ${JSON.stringify([clean, dirty])};`;
    const keys = 'rules: { "own-Keys": { severity: "high", leftovers: { kinds: ["host_keys"] } } }';
    await stack?.write(`${images}
      const seen = guestkit.getInspectionOutput({ diskImage: after, facts: ["schedule"], checks: { ${keys} } });
      exports.failed = seen.failedChecks;
      exports.schedule = seen.schedule.apply(({ cron }) => cron.map(({ command }) => command));
      exports.unasked = guestkit.getInspectionOutput({ diskImage: after }).failedChecks.apply((all) => all === undefined);
      const listed = guestkit.getImageSbomOutput({ diskImage: before, format: "spdx" });
      exports.listed = listed.content.apply((text) => JSON.parse(text).packages.map(({ name }) => name));
      exports.total = listed.total;
      const changed = guestkit.getImageDiffOutput({ before, after });
      exports.changed = changed.changes.apply((all) => all.filter(({ group }) => group === "files").map(({ name }) => name));
      exports.same = guestkit.getImageDiffOutput({ before, after: before }).isDifferent;
    `);
    succeeds(await stack?.up());
    expect(await stack?.outputs()).toMatchObject({
      failed: [
        {
          check: "own-Keys",
          severity: "high",
          state: "failed",
          system: 0,
          reasons: ["/etc/ssh/ssh_host_rsa_key is there"],
        },
      ],
      schedule: ["id"],
      unasked: true,
      listed: expect.arrayContaining(["a"]),
      total: 1,
      changed: expect.arrayContaining(["/etc/crontab", "/etc/ssh/ssh_host_rsa_key"]),
      same: false,
    });
    await stack?.write(
      `${images}guestkit.getInspectionOutput({ diskImage: after, checks: { onFailure: "fail", ${keys} } });`,
    );
    const refused = await stack?.preview();
    fails(refused);
    expect(refused?.text).toMatch(/checks: Cannot accept what is in .*own-Keys.* \(E_CHECKS_FAILED\)/);
  });
});
