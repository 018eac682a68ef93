import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { makeImage } from "../../support/bootable-image.ts";
import { guestkit, guestkitText } from "../../support/cli.ts";
import { scratch } from "../../support/scratch.ts";

const cwd = await scratch("cli-preflight");
const env = {
  GUESTKIT_DATA_DIR: join(cwd, "data"),
  GUESTKIT_CACHE_DIR: join(cwd, "cache"),
  GUESTKIT_RUNTIME_DIR: join(cwd, "run"),
};
const options = { cwd, env };

beforeAll(async () => {
  await makeImage(join(cwd, "sound.raw"));
  await makeImage(join(cwd, "mute.raw"), { files: { "/usr/sbin/qemu-ga": null } });
});

describe("guestkit vm check", () => {
  it("has nothing to say of a sound image", async () => {
    const asked = ["--wait-for", "ssh", "--wait-for", "agent", "--cloud-init"];
    expect(await guestkitText(["vm", "check", "--image", "sound.raw", ...asked], options)).toMatch(/^All is well: /);
  });

  it("names rule, field, file and way out, and ends with 2", async () => {
    const asked = ["vm", "check", "--image", "mute.raw", "--wait-for", "agent"];
    const people = await guestkitText(asked, options, 2);
    expect(people).toMatch(/error\s+P_AGENT_MISSING\s+wait_for\[0\]\s+Cannot wait for .*qemu-ga/);
    const lines = (await guestkitText([...asked, "--json"], options, 2)).trim().split("\n");
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      {
        code: "P_AGENT_MISSING",
        severity: "error",
        field: "wait_for[0]",
        help: expect.stringMatching(/qemu-guest-agent/),
      },
    ]);
  });

  it("refuses what names nothing", async () => {
    for (const args of [[], ["nobody"]]) expect((await guestkit(["vm", "check", ...args], options)).exitCode).toBe(1);
  });
});

describe("a plan", () => {
  const plan = async (machine: object, others: object = {}) => {
    const web = { name: "web", ...machine };
    await writeFile(
      join(cwd, "guestkit.yaml"),
      JSON.stringify({ version: 1, resources: { ...others, virtual_machine: { web } } }),
    );
    return await guestkit(["plan"], options);
  };
  const root = (image: string) => ({ root: { image, overlay: true } });
  const wait_for = [{ condition: "agent" }];

  it("refuses an image that cannot do what is waited for, and takes one that can", async () => {
    const { exitCode, stderr } = await plan({ disks: root("mute.raw"), wait_for });
    expect([exitCode, stderr]).toEqual([1, expect.stringMatching(/P_AGENT_MISSING|has no \/usr\/sbin\/qemu-ga/)]);
    expect((await plan({ disks: root("sound.raw"), wait_for })).exitCode).toBe(0);
    expect((await plan({ disks: root("mute.raw"), wait_for, preflight: "warn" })).exitCode).toBe(0);
    expect(
      (await plan({ disks: root("mute.raw"), wait_for, preflight_rules: { P_AGENT_MISSING: "off" } })).exitCode,
    ).toBe(0);
  });

  it("judges an image that it is about to build by its declaration", async () => {
    const image = (packages: string[]) => ({
      disk_image: { debian: { path: "debian.qcow2", bootstrap: { packages } } },
    });
    const machine = { disks: root("${disk_image.debian.id}"), wait_for };
    const without = await plan(machine, image(["openssh-server"]));
    expect([without.exitCode, without.stderr]).toEqual([1, expect.stringMatching(/qemu-guest-agent/)]);
    expect((await plan(machine, image(["qemu-guest-agent"]))).exitCode).toBe(0);
  });

  it("refuses rules that there are not", async () => {
    const { exitCode, stderr } = await plan({ disks: root("sound.raw"), preflight_rules: { P_NONSENSE: "off" } });
    expect([exitCode, stderr]).toEqual([1, expect.stringMatching(/P_NONSENSE/)]);
  });
});
