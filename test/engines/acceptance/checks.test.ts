import { readFile, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { guestkit } from "../../support/cli.ts";
import { scratch } from "../../support/scratch.ts";
import { belongsHere } from "../../support/slow.ts";
import { makeSmallSystem } from "../../support/small-system.ts";
import { onEveryEngine, workspace } from "../terraform/workspace.ts";

const dir = await scratch("acceptance-checks");
const clean = join(dir, "clean.img");
const dirty = join(dir, "dirty.img");
await makeSmallSystem(clean, { "etc/motd": "be welcome\n" });
await makeSmallSystem(dirty, { "etc/motd": "be welcome\n", "etc/ssh/ssh_host_rsa_key": "a key\n" });
const KEY = "/etc/ssh/ssh_host_ed25519_key";

const isThere = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  );

onEveryEngine((engine) => {
  const resource = (source: string, checks: string, more = "") => `
resource "guestkit_disk_image" "golden" {
  path   = "golden.qcow2"
  source = { url = "${source}" }
  ${more}
  checks = {
    profiles = ["golden-image"]
    ${checks}
  }
}
output "failed" { value = guestkit_disk_image.golden.failed_checks[*].check }
`;

  it("a plan refuses what is made of an image that does not keep the rules, until that is waived or kept", async () => {
    const work = await workspace(engine, resource(dirty, ""));
    const refused = await work.plan();
    expect([refused.code, refused.stderr]).toEqual([
      1,
      expect.stringMatching(
        /1 of 12 checks do not hold: no-host-keys \(\S+ssh_host_rsa_key is there\)[\s\S]*E_CHECKS_FAILED/,
      ),
    ]);
    await work.configure(resource(dirty, 'on_failure = "keep"'));
    await work.apply();
    expect(await work.outputs()).toEqual({ failed: ["no-host-keys"] });
    const kept = await work.plan();
    expect([kept.code, kept.stdout]).toEqual([0, expect.stringMatching(/and the image is kept\n[\s\S]*no-host-keys/)]);
    await work.configure(resource(dirty, ""));
    expect((await work.plan()).code).toBe(1);
    await work.succeed("apply", "-refresh-only", "-auto-approve");
    await work.configure(
      resource(dirty, 'waivers = [{ check = "no-host-keys", reason = "a test", until = "2999-01-01" }]'),
    );
    await work.apply();
    expect(await work.outputs()).toEqual({ failed: [] });
    expect((await work.plan()).code).toBe(0);
  });

  it("an image that does not keep them once it is made stays for a look, and the next apply makes it anew", async () => {
    const rules = join(dir, `${engine.name}.yaml`);
    await writeFile(rules, "version: 1\nrules: { greets: { file: { path: /etc/motd, matches: ^be } } }\n");
    const file = `file = "${rules}"`;
    const work = await workspace(engine, resource(clean, file, `files = [{ path = "${KEY}", content = "a key" }]`));
    expect((await work.plan()).code).toBe(2);
    const { code, stderr } = await work.run("apply", "-input=false", "-auto-approve");
    expect([code, stderr]).toEqual([1, expect.stringMatching(/1 of 13 checks do not hold: no-host-keys/)]);
    const image = join(work.dir, "golden.qcow2");
    const made = (await stat(image, { bigint: true })).birthtimeNs;
    await work.configure(resource(clean, file));
    expect((await work.plan()).stdout).toMatch(/tainted, so (?:it )?must be\s+replaced/);
    await work.apply();
    expect((await stat(image, { bigint: true })).birthtimeNs).not.toBe(made);
    expect(await work.outputs()).toEqual({ failed: [] });
    // Neither a refresh nor a removal judges anything.
    await rm(rules);
    expect((await work.plan()).code).toBe(0);
    await work.succeed("destroy", "-auto-approve");
    expect(await isThere(image)).toBe(false);
  });

  it("rules whose values are not known yet stop no plan, and judge the apply before it writes anything", async () => {
    const later = (values: string) => `resource "terraform_data" "later" { input = ${values} }\n`;
    const of = (name: string) => `terraform_data.later.output.${name}`;
    const parts = (source: string) => `
resource "guestkit_disk_image" "golden" {
  path   = "golden.qcow2"
  source = { url = "${source}" }
  checks = {
    profiles   = [${of("profile")}]
    on_failure = ${of("failure")}
    rules = {
      greets = { file = { path = "/etc/motd", contains = ${of("word")} } }
      gone   = { file = { path = "/etc/gone", state = "absent", contains = ${of("nothing")} } }
      there  = { file = { path = ${of("path")}, state = ${of("state")} } }
      a      = { severity = ${of("severity")}, user = { name = "root", uid = ${of("uid")}, state = "optional" } }
    }
    waivers = [{ check = ${of("waived")}, reason = ${of("word")}, until = ${of("day")} }]
  }
}
output "failed" { value = guestkit_disk_image.golden.failed_checks[*].check }
`;
    const values = (more: string) => `merge({
  profile = "golden-image", failure = "fail", word = "welcome", nothing = tostring(null), path = "/etc/motd"
  state = "present", severity = "low", uid = 0, waived = "no-logs", day = "2999-01-01"
}, { ${more} })`;
    const refuses = async (config: string, why: RegExp) => {
      const work = await workspace(engine, config);
      const { code, stdout, stderr } = await work.run("apply", "-input=false", "-auto-approve");
      expect([code, stderr]).toEqual([1, expect.stringMatching(why)]);
      expect(stdout).toContain("terraform_data.later: Creation complete");
      expect(await isThere(join(work.dir, "golden.qcow2"))).toBe(false);
    };
    const work = await workspace(engine, later(values("")) + parts(clean));
    const foreseen = await work.plan();
    expect([foreseen.stderr, foreseen.stdout]).toEqual([
      "",
      expect.stringMatching(/contains\s+= \(known after apply\)/),
    ]);
    await work.apply();
    expect(await work.outputs()).toEqual({ failed: [] });
    expect((await work.plan()).code).toBe(0);
    await refuses(later(values("")) + parts(dirty), /1 of 16 checks do not hold: no-host-keys/);
    await refuses(later(values('day = "2027-02-30"')) + parts(clean), /"2027-02-30" is no day/);
    await refuses(later(values('severity = "huge"')) + parts(clean), /checks\.rules\.a\.severity/);
    const whole = `resource "guestkit_disk_image" "golden" {
  path   = "golden.qcow2"
  source = { url = "${dirty}" }
  checks = ${of("checks")}
}
`;
    await refuses(later('{ checks = { profiles = ["golden-image"] } }') + whole, /1 of 12 checks do not hold/);
  });

  it("an inspection tells what does not hold, and fails where that is asked for", async () => {
    const query = (more: string) => `
data "guestkit_inspection" "base" {
  disk_image = "${dirty}"
  checks = {
    rules = {
      motd = { severity = "low", file = { path = "/etc/motd", contains = "welcome" } }
      keys = { severity = "high", leftovers = { kinds = ["host_keys"] } }
    }
    ${more}
  }
}
output "failed" { value = data.guestkit_inspection.base.failed_checks }
`;
    const work = await workspace(engine, query(""));
    await work.apply();
    expect(await work.outputs()).toEqual({
      failed: [
        {
          ...{ check: "keys", severity: "high", title: null, state: "failed", system: 0 },
          reasons: ["/etc/ssh/ssh_host_rsa_key is there"],
        },
      ],
    });
    await work.configure(query('on_failure = "fail"'));
    expect((await work.plan()).stderr).toMatch(/1 of 2 checks do not hold/);
  });
}, belongsHere);

describe("guestkit.yaml", () => {
  const project = async (source: string, more: string) => {
    const cwd = await scratch("checks-project");
    const write = (from: string, what: string) =>
      writeFile(
        join(cwd, "guestkit.yaml"),
        `version: 1
resources:
  disk_image:
    golden: { path: ./golden.qcow2, source: { url: ${from} }, ${what} }
`,
      );
    await write(source, more);
    const run = (...args: readonly string[]) =>
      guestkit([...args], { cwd, env: { GUESTKIT_DATA_DIR: join(cwd, "data") } });
    return { write, run, image: join(cwd, "golden.qcow2") };
  };

  it("makes an image anew that did not keep its rules when it was made, and none that did", async () => {
    const checks = "checks: { rules: { keys: { leftovers: { kinds: [host_keys] } } }";
    const files = `files: [{ path: ${KEY}, content: a key }]`;
    const { run, write, image } = await project(clean, `${files}, ${checks} }`);
    const birth = async () => (await stat(image, { bigint: true })).birthtimeNs;
    const failed = await run("apply", "--auto-approve");
    expect([failed.exitCode, failed.stderr]).toEqual([1, expect.stringMatching(/1 of 1 checks do not hold: keys/)]);
    const made = await birth();
    // As one leaves it that was killed before it judged: the next judges, and the one after it makes anew.
    const record = join(dirname(image), ".golden.qcow2.guestkit.json");
    const { details, ...kept } = JSON.parse(await readFile(record, "utf8"));
    await writeFile(record, JSON.stringify({ ...kept, details: { ...details, checks: null } }));
    const judged = await run("apply", "--auto-approve");
    expect([judged.exitCode, judged.stderr]).toEqual([
      1,
      expect.stringMatching(/is made anew by the apply after this/),
    ]);
    expect(await birth()).toBe(made);
    const plan = await run("plan", "--detailed-exitcode");
    expect([plan.exitCode, plan.stdout.toString()]).toEqual([
      2,
      expect.stringMatching(/it was made, and its checks do not hold: keys/),
    ]);
    await write(clean, `${checks} }`);
    expect((await run("apply", "--auto-approve")).exitCode).toBe(0);
    const anew = await birth();
    expect(anew).not.toBe(made);
    expect((await run("plan", "--detailed-exitcode")).exitCode).toBe(0);
    // One that kept them once is changed, and stays whatever becomes of it.
    await write(clean, `${files}, ${checks} }`);
    expect((await run("apply", "--auto-approve")).stderr).toMatch(/1 of 1 checks do not hold: keys/);
    const stopped = await run("plan");
    expect([stopped.exitCode, stopped.stderr]).toEqual([1, expect.stringMatching(/1 of 1 checks do not hold: keys/)]);
    await write(clean, `${files}, ${checks}, waivers: [{ check: keys, reason: a test, until: "2999-01-01" }] }`);
    expect((await run("apply", "--auto-approve")).exitCode).toBe(0);
    expect((await run("plan", "--detailed-exitcode")).exitCode).toBe(0);
    await write(clean, `${files}, ${checks}, on_failure: keep }`);
    const told = await run("apply", "--auto-approve");
    expect([told.exitCode, told.stderr]).toEqual([0, expect.stringMatching(/1 of 1 checks do not hold/)]);
    const quiet = await run("plan", "--detailed-exitcode");
    expect([quiet.exitCode, `${quiet.stdout}${quiet.stderr}`]).toEqual([
      0,
      expect.stringMatching(/the image is kept: keys/),
    ]);
    expect(await birth()).toBe(anew);
    expect((await run("destroy", "--auto-approve")).exitCode).toBe(0);
  });

  it("judges by the rules that are in the file now, though nothing of the declaration changed", async () => {
    const { run, image } = await project(clean, "checks: { file: ./rules.yaml }");
    const rules = (text: string) => writeFile(join(dirname(image), "rules.yaml"), `version: 1\nrules: { ${text} }\n`);
    const motd = "motd: { file: { path: /etc/motd } }";
    await rules(motd);
    expect((await run("apply", "--auto-approve")).exitCode).toBe(0);
    expect((await run("plan", "--detailed-exitcode")).exitCode).toBe(0);
    await rules(`${motd}, gone: { file: { path: /etc/gone } }`);
    expect((await run("plan")).stderr).toMatch(/1 of 2 checks do not hold: gone/);
    await rules(`${motd}, gone: { file: { path: /etc/gone, state: absent } }`);
    expect((await run("apply", "--auto-approve")).exitCode).toBe(0);
    expect((await run("plan", "--detailed-exitcode")).exitCode).toBe(0);
  });

  it("does not hold against an image what the same apply mends in its base", async () => {
    const { run, image } = await project(clean, "");
    const write = (source: string, more: string) =>
      writeFile(
        join(dirname(image), "guestkit.yaml"),
        `version: 1\nresources: { disk_image: { base: { path: ./base.qcow2, source: { url: ${source} } }${more} } }\n`,
      );
    const keys = "checks: { rules: { keys: { leftovers: { kinds: [host_keys] } } } }";
    const golden = `, golden: { path: ./golden.qcow2, backing_file: ./base.qcow2, ${keys} }`;
    await write(dirty, "");
    expect((await run("apply", "--auto-approve")).exitCode).toBe(0);
    await write(dirty, golden);
    expect((await run("plan")).exitCode).toBe(1);
    await write(clean, golden);
    const mended = await run("apply", "--auto-approve");
    expect([mended.exitCode, mended.stderr]).toEqual([0, expect.stringMatching(/keys[\s\S]*is judged again/)]);
  });

  it("refuses rules that are none at validate, where they stand", async () => {
    const { run } = await project(clean, 'checks: { rules: { a: { package: { name: x, version: "3" } }, b: {} } }');
    const { exitCode, stdout, stderr } = await run("validate");
    expect([exitCode, `${stdout}${stderr}`]).toEqual([
      1,
      expect.stringMatching(
        /:4:\d+: error: Cannot use the versions "3"[\s\S]*:4:\d+: error: Cannot use the rule "b": it says nothing/,
      ),
    ]);
  });
});
