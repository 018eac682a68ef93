import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseXml, type XmlElement } from "../../../core/kit/xml.ts";
import { guestkit } from "../../support/cli.ts";
import { debianImage } from "../../support/debian-fixture.ts";
import { partitionedDisk } from "../../support/disk.ts";
import { lock } from "../../support/locked-volumes.ts";
import { scratch } from "../../support/scratch.ts";
import { makeSmallSystem } from "../../support/small-system.ts";
import { run } from "../../support/tool.ts";

const dir = await scratch("check");
const { path: image } = await debianImage();

async function rules(name: string, text: string): Promise<string> {
  const path = join(dir, name);
  await writeFile(path, `version: 1\n${text}`);
  return path;
}

interface Answer {
  readonly passed: boolean;
  readonly warnings: readonly string[];
  readonly results: readonly { readonly check: string; readonly state: string; readonly reasons: readonly string[] }[];
}

async function check(...args: readonly string[]): Promise<Answer> {
  const { stdout, stderr, exitCode } = await guestkit(["check", "--json", ...args]);
  expect(stdout.length, stderr).toBeGreaterThan(0);
  const answer = JSON.parse(stdout.toString()) as Answer;
  expect(exitCode).toBe(answer.passed ? 0 : 2);
  return answer;
}

const states = ({ results }: Answer) => Object.fromEntries(results.map(({ check, state }) => [check, state]));

describe("guestkit check of a real Debian", () => {
  it("says of each kind of rule what is so", async () => {
    const file = await rules(
      "all.yaml",
      `rules:
  a-openssl: { package: { name: openssl, version: ">= 3.0, < 4" } }
  b-kernel: { package: { name: "linux-image-*", version: "< 6" } }
  c-epoch: { package: { name: openssh-server, version: ">= 9" } }
  d-ssh: { service: { name: ssh, state: enabled } }
  e-telnet: { package: { name: "*telnetd*", state: absent } }
  f-user: { user: { name: user, shell: /bin/bash, groups: [sudo] } }
  g-shadow: { file: { path: /etc/shadow, owner: root, group: shadow, mode: "0640" } }
  h-passwd: { file: { path: /etc/passwd, mode_at_most: "0600" } }
  i-srv: { file: { path: /srv/x, state: absent } }
  j-home: { leftovers: { kinds: [history] } }
  k-usepam: { sshd: { setting: UsePAM, allowed: ["yes"] } }
`,
    );
    const answer = await check(image, file);
    expect(states(answer)).toEqual({
      ...{ "a-openssl": "passed", "b-kernel": "failed", "c-epoch": "error", "d-ssh": "passed", "e-telnet": "passed" },
      ...{ "f-user": "passed", "g-shadow": "passed", "h-passwd": "failed", "i-srv": "passed", "j-home": "passed" },
      ...{ "k-usepam": "passed" },
    });
    const reasons = Object.fromEntries(answer.results.map((each) => [each.check, each.reasons.join("; ")]));
    expect(reasons["c-epoch"]).toMatch(/openssh-server 1:9\.\S+ with ">= 9": the package has an epoch/);
    expect(reasons["h-passwd"]).toBe("/etc/passwd has mode 0644: 0044 is too much");
  });

  it("passes nothing where no rule was there to judge it by, and says how a file of rules that is not there is found", async () => {
    const none = await guestkit(["check", image, await rules("none.yaml", "waivers: []\n")]);
    expect(none.exitCode).toBe(1);
    expect(none.stderr).toContain(`guestkit check --profile golden-image "${image}"`);
    const gone = await guestkit(["check", image, join(dir, "gone.yaml")]);
    expect(gone.exitCode).toBe(1);
    expect(gone.stderr).toContain(`ls -la '${dir}'`);
  });

  it("knows what a copy of it would share, until that is waived", async () => {
    const answer = await check(image, "--profile", "golden-image");
    const broken = answer.results.filter(({ state }) => state !== "passed").map(({ check: name }) => name);
    expect(broken).toEqual(expect.arrayContaining(["no-host-keys", "no-machine-id"]));
    expect(answer.results.find(({ check: name }) => name === "no-machine-id")?.reasons).toEqual([
      "/etc/machine-id is there",
    ]);
    const waivers = broken.map((each) => `  - { check: ${each}, reason: a fixture, until: "2999-12-31" }\n`).join("");
    const over =
      '  - { check: no-logs, reason: it was, until: "2001-01-01" }\n  - { check: x, reason: r, until: "2999-01-01" }\n';
    const file = await rules("waivers.yaml", `waivers:\n${waivers}${over}`);
    const waived = await check(image, file, "--profile", "golden-image");
    expect([waived.passed, states(waived)["no-host-keys"]]).toEqual([true, "waived"]);
    expect(waived.warnings).toEqual([
      'the waiver of "no-logs" counts no more: it ended on 2001-01-01',
      'a waiver names "x", and there is no such rule',
    ]);
  });

  it("tells people, CI services and scanners the same", async () => {
    const file = await rules(
      "three.yaml",
      `rules:
  bad: { title: "<a> & \\"b\\"", severity: critical, user: { name: root, state: absent } }
  odd: { severity: low, sshd: { setting: Ciphers, allowed: [x] } }
  good: { user: { name: root } }
  info: { severity: info, user: { name: root, uid: 1 } }
  let: { user: { name: root, uid: 2 } }
waivers: [{ check: let, reason: "so & so", until: "2999-12-31" }]
`,
    );
    const told = async (format: string) => {
      const { stdout, exitCode } = await guestkit(["check", image, file, "--format", format]);
      expect(exitCode).toBe(2);
      return stdout.toString();
    };
    const text = await told("text");
    expect(text).toMatch(/^failed:\n {2}critical {2}bad {2}<a> & "b"\n {12}there is a user root\n {2}info/);
    expect(text).toMatch(/waived until 2999-12-31: so & so\n\n5 checks: 1 passed, 1 waived, 1 error, 2 failed\n$/);
    const junit = parseXml(await told("junit"));
    expect(junit.attributes).toMatch(/tests="5" failures="1" errors="1" skipped="2"/);
    const cases = junit.children[0]?.children ?? [];
    expect(
      cases.map((each: XmlElement) => [
        each.children[0]?.name,
        /name="(\w+)"/.exec(each.attributes.replace(/classname/, ""))?.[1],
      ]),
    ).toEqual([
      ["failure", "bad"],
      [undefined, "good"],
      ["skipped", "info"],
      ["skipped", "let"],
      ["error", "odd"],
    ]);
    const { runs } = JSON.parse(await told("sarif"));
    expect(runs[0].tool.driver.rules.map(({ id }: { id: string }) => id)).toEqual([
      "bad",
      "good",
      "info",
      "let",
      "odd",
    ]);
    expect(
      runs[0].results.map(
        (each: { ruleId: string; ruleIndex: number; level: string; suppressions?: readonly object[] }) => [
          ...[each.ruleId, each.ruleIndex, each.level, each.suppressions?.length ?? 0],
        ],
      ),
    ).toEqual([
      ["bad", 0, "error", 0],
      ["info", 2, "note", 0],
      ["let", 3, "warning", 1],
      ["odd", 4, "note", 0],
    ]);
  });

  it("tells certificates that end, private keys, what cannot be read, and what would be mounted over it", async () => {
    const [key, cert] = [join(dir, "web.key"), join(dir, "web.pem")];
    const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"];
    await run("openssl", [
      ...["req", "-x509", "-nodes", "-days", "10", "-subj", "/CN=web"],
      ...curve,
      "-keyout",
      key,
      "-out",
      cert,
    ]);
    const mounts = "LABEL=gone /data ext4 defaults,nofail 0 2\nLABEL=gone /asked ext4 noauto 0 0\n";
    const [good, broken] = [join(dir, "good.img"), join(dir, "broken.img")];
    const files = {
      "etc/ssl/web.pem": await readFile(cert, "utf8"),
      "etc/ssl/private/web.key": await readFile(key, "utf8"),
    };
    await makeSmallSystem(good, { ...files, "etc/fstab": mounts, "data/x": "hidden", "asked/x": "seen" });
    await makeSmallSystem(broken, {
      ...files,
      "etc/ssl/odd.pem": "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
    });
    const file = await rules(
      "certificates.yaml",
      `rules:
  a-month: { certificates: {} }
  b-days: { certificates: { path: "/etc/ssl/*", days: 8 } }
  c-gone: { certificates: { path: /etc/ssl/gone.pem } }
  d-keys: { leftovers: { kinds: [private_keys] } }
  e-data: { file: { path: /data/x, state: absent } }
  f-asked: { file: { path: /asked/x } }
`,
    );
    const { results } = await check(good, file);
    expect(results.map(({ state, reasons }) => `${state} ${reasons.join("; ")}`)).toEqual([
      expect.stringMatching(/^failed \/etc\/ssl\/web\.pem \(CN=web\) ends on 2\d{3}-/),
      "passed ",
      "failed there is no certificate at /etc/ssl/gone.pem",
      "failed /etc/ssl/private/web.key is there",
      expect.stringMatching(/^error Cannot look at "\/data\/x": \/data is mounted from what is not on these disks/),
      "passed ",
    ]);
    expect(states(await check(broken, file))["b-days"]).toBe("error");
  });

  it("passes nothing in a locked image, says that it is, and tells what is locked beside a system", async () => {
    const [locked, key, both] = [join(dir, "locked.img"), join(dir, "key"), join(dir, "both.img")];
    const [rule, system] = [
      await rules("root.yaml", "rules: { a: { user: { name: root } } }\n"),
      join(dir, "plain.img"),
    ];
    await writeFile(key, "secret", { mode: 0o600 });
    await makeSmallSystem(locked, {});
    await lock(locked, key);
    await makeSmallSystem(system, {});
    const closed = await check(locked, rule);
    expect(states(closed)).toEqual({ a: "error" });
    expect(closed.results[0]?.reasons).toEqual([
      expect.stringMatching(/may hold a system .* no key was given for it$/),
    ]);
    expect(states(await check(locked, rule, "--key", `*:file:${key}`))).toEqual({ a: "passed" });
    const LINUX = "0FC63DAF-8483-4772-8E79-3D69D8477DE4";
    await partitionedDisk(both, "gpt", [
      { size: 16, type: LINUX, script: `cp --sparse=always '${system}' "$1"` },
      { size: 48, type: LINUX, script: `cp --sparse=always '${locked}' "$1"` },
    ]);
    const beside = await check(both, rule);
    expect([beside.passed, beside.warnings]).toEqual([true, [expect.stringMatching(/no key was given for it$/)]]);
    expect((await check(both, rule, "--filesystem", "/dev/sda1")).warnings).toEqual([]);
  });

  it("is 1 where nothing can be judged, and 64 where nothing is asked", async () => {
    const file = await rules("one.yaml", "rules: { a: { user: { name: root } } }\n");
    const code = async (...args: readonly string[]) => (await guestkit(["check", ...args])).exitCode;
    expect(await code(join(dir, "gone.qcow2"), file)).toBe(1);
    expect(await code(image, join(dir, "gone.yaml"))).toBe(1);
    expect(await code(image)).toBe(64);
    const blank = join(dir, "blank.img");
    await run("truncate", ["-s", "4M", blank]);
    expect(states(await check(blank, file))).toEqual({ a: "error" });
  });
});
