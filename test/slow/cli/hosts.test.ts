/** guestkit.yaml and verbs with a host over a line that takes 20 ms a round trip, is cut, or leads over another host. */
import { readFile, stat, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { type CliResult, guestkit } from "../../support/cli.ts";
import { cutOff } from "../../support/held-lock.ts";
import { jumpTo } from "../../support/jump.ts";
import { remoteHost, sshFor } from "../../support/remote-host.ts";
import { scratch } from "../../support/scratch.ts";

const here = await scratch("cut-hosts");
const one = await remoteHost(here, "one", { roundTrip: 20 });
afterAll(() => one.stop());
const PATH = [await sshFor(here, [one]), process.env.PATH].join(delimiter);
const env = { PATH, HOME: here, GUESTKIT_DATA_DIR: join(here, "data") };

const run = (...args: string[]): Promise<CliResult> => guestkit(args, { cwd: here, env });
const done = async (...args: string[]) => {
  const { exitCode, stderr } = await run(...args);
  expect(exitCode, stderr).toBe(0);
};
const isThere = (name: string) =>
  stat(join(one.home, name)).then(
    () => true,
    () => false,
  );
const declare = (host: string, fields: string) =>
  writeFile(
    join(here, "guestkit.yaml"),
    `version: 1\nhosts: { ${host}: {} }\nresources: { disk_image: { x: { host: ${host}, path: ./cut.raw, ${fields} } } }\n`,
  );
const listed = async () =>
  JSON.parse(await readFile(join(here, ".guestkit/guestkit.yaml.state.json"), "utf8")).resources;

describe("a line that is cut", () => {
  const cut = () => expect(one.cut()).toBe(true);
  /** The same command once more waits for what goes on there, and nothing is left to be done. */
  const again = async (verb: string) => {
    const half = await cutOff(join(one.home, "cut.raw"), () => run(verb, "--auto-approve"), cut);
    expect(half).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('Cannot hear the host "one" any more') });
    await done(verb, "--auto-approve");
  };

  it.each([
    ["a change", "format: raw, size: 2M"],
    ["a replacement", "format: qcow2, size: 2M"],
  ])("in the middle of %s costs nothing that the next apply does not put right", async (_what, fields) => {
    await declare("one", "format: raw, size: 1M");
    await done("apply", "--auto-approve");
    await declare("one", fields);
    await again("apply");
    await done("plan", "--detailed-exitcode");
    const info = await run("info", "--json", "cut.raw", "--host", "one");
    expect(JSON.parse(info.stdout.toString())).toMatchObject({ virtual_size: 2 << 20 });
    await done("destroy", "--auto-approve");
  });

  it("in the middle of a destruction leaves nothing either", async () => {
    await declare("one", "format: raw, size: 1M");
    await done("apply", "--auto-approve");
    await again("destroy");
    expect([await isThere("cut.raw"), await listed()]).toEqual([false, []]);
  });
});

it("is reached over a jump host, with a key that an agent alone has, by verbs and files alike", async () => {
  await using jump = await jumpTo(here, one);
  await sshFor(here, [one, jump.gate], jump.section);
  await done("vm", "list", "--host", "inner");
  await declare("inner", "size: 1M");
  await done("apply", "--auto-approve");
  await done("plan", "--detailed-exitcode");
  expect(await isThere("cut.raw")).toBe(true);
  await done("destroy", "--auto-approve");
});
