/** A line that is cut in the middle of a change, a replacement and a destruction, by Terraform and by Pulumi. */
import { stat } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { onEveryEngine, workspace } from "../../engines/terraform/workspace.ts";
import { findEngine } from "../../support/engines.ts";
import { cutOff } from "../../support/held-lock.ts";
import { PulumiProject } from "../../support/pulumi.ts";
import { type RemoteHost, remoteHost, sshFor } from "../../support/remote-host.ts";
import { scratch } from "../../support/scratch.ts";

const dir = await scratch("engines-cut");
const { PATH } = process.env;
let host: RemoteHost;

beforeAll(async () => {
  host = await remoteHost(dir, "lab", { roundTrip: 20 });
  process.env.PATH = [await sshFor(dir, [host]), PATH].join(delimiter);
});

afterAll(async () => {
  process.env.PATH = PATH;
  await host.stop();
});

/** A face that has one image on the host. */
interface Face {
  readonly declare: (format: string, size: string) => Promise<void>;
  readonly apply: () => Promise<Told>;
  /** Whether a plan finds nothing to do. */
  readonly isSettled: () => Promise<boolean>;
  readonly destroy: () => Promise<Told>;
}

interface Told {
  readonly code: number;
  readonly text: string;
}

const isThere = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  );

/** All three, one after the other: the same command once more puts right what was left. */
async function cutAndConverge({ declare, apply, isSettled, destroy }: Face): Promise<void> {
  const path = join(host.home, "cut.img");
  const again = async (command: () => Promise<Told>) => {
    const half = await cutOff(path, command, () => expect(host.cut()).toBe(true));
    expect(half.code, half.text).not.toBe(0);
    expect(half.text).toMatch(/Cannot hear the host "lab" any more/);
    const { code, text } = await command();
    expect(code, text).toBe(0);
  };
  await declare("raw", "1M");
  const made = await apply();
  expect(made.code, made.text).toBe(0);
  for (const [format, size] of [
    ["raw", "2M"],
    ["qcow2", "2M"],
  ] as const) {
    await declare(format, size);
    await again(apply);
    expect(await isSettled()).toBe(true);
    expect(await isThere(path)).toBe(true);
  }
  await again(destroy);
  expect(await isThere(path)).toBe(false);
}

onEveryEngine((engine) => {
  it("converges once it is run again", async () => {
    const body = (format: string, size: string) =>
      `provider "guestkit" { host = "lab" }\nresource "guestkit_disk_image" "x" {\n  path = "cut.img"\n  format = "${format}"\n  size = "${size}"\n}\n`;
    const project = await workspace(engine, body("raw", "1M"));
    const tell = async (...args: string[]): Promise<Told> => {
      const { code, stdout, stderr } = await project.run(...args, "-input=false", "-auto-approve");
      return { code, text: stdout + stderr };
    };
    await cutAndConverge({
      declare: (format, size) => project.configure(body(format, size)),
      apply: () => tell("apply"),
      isSettled: async () => (await project.plan()).code === 0,
      destroy: () => tell("destroy"),
    });
  });
});

const pulumi = findEngine("pulumi");

describe.skipIf(!pulumi)("pulumi", () => {
  it("converges once it is run again", async () => {
    const stack = await PulumiProject.create(String(pulumi), join(dir, "project"));
    expect((await stack.pulumi("config", "set", "guestkit:host", "lab")).code).toBe(0);
    await cutAndConverge({
      declare: (format, size) =>
        stack.write(`new guestkit.DiskImage("x", { path: "cut.img", format: "${format}", size: "${size}" });`),
      apply: () => stack.up(),
      isSettled: async () => (await stack.preview("--expect-no-changes")).code === 0,
      destroy: () => stack.destroy(),
    });
  });
});
