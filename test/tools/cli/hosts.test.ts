/** guestkit.yaml with things on two hosts: real sshd, a home each, guestkit brought there by the first of the commands. */
import { mkdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { type CliResult, guestkit } from "../../support/cli.ts";
import { type RemoteHost, remoteHost, sshFor } from "../../support/remote-host.ts";
import { scratch } from "../../support/scratch.ts";

const root = await scratch("yaml-hosts");
const here = join(root, "here");
await mkdir(here);
const hosts = [await remoteHost(root, "one"), await remoteHost(root, "two")] as const;
const [one, two] = hosts;
afterAll(() => Promise.all(hosts.map(({ server }) => server[Symbol.asyncDispose]())));
const PATH = `${await sshFor(root, hosts)}:${process.env.PATH}`;
const env = { PATH, HOME: here, GUESTKIT_DATA_DIR: join(here, "data") };

const run = (...args: string[]): Promise<CliResult> => guestkit(args, { cwd: here, env });
const isThere = (host: RemoteHost, name: string) =>
  stat(join(host.home, name)).then(
    () => true,
    () => false,
  );
async function declare(images: string): Promise<void> {
  const text = `version: 1
hosts: { a: { address: one }, b: { address: two } }
resources: { disk_image: ${images} }
outputs: { here: "\${disk_image.here.id}", there: '\${disk_image.data["a"].id}' }
`;
  await writeFile(join(here, "guestkit.yaml"), text);
}
const state = async (): Promise<readonly { address: string; id: string; host?: string; machine_id?: string }[]> =>
  JSON.parse(await readFile(join(here, ".guestkit/guestkit.yaml.state.json"), "utf8")).resources;

const BOTH =
  "{ here: { path: ./x.raw, format: raw, size: 1M }, data: { for_each: [a, b], host: '${each.key}', path: ./x.raw, format: raw, size: 1M } }";

it("makes things on all of them by one apply; the next plan is empty", async () => {
  await declare(BOTH);
  const applied = await run("apply", "--auto-approve");
  expect(applied).toMatchObject({ exitCode: 0 });
  expect(applied.stdout.toString()).toContain('+ disk_image.data["a"] on a will be created');
  expect(await Promise.all(hosts.map((each) => isThere(each, "x.raw")))).toEqual([true, true]);
  expect((await run("plan", "--detailed-exitcode")).exitCode).toBe(0);
  const kept = await state();
  expect(kept.map(({ host }) => host ?? null).toSorted()).toEqual(["a", "b", null]);
  expect(kept.find(({ host }) => host === "a")?.id).toBe(join(one.home, "x.raw"));
  expect((await run("output", "--raw", "there")).stdout.toString()).toBe(join(one.home, "x.raw"));
}, 120_000);

it("sees what went on a host, and makes it again there alone", async () => {
  await rm(join(one.home, "x.raw"));
  const plan = await run("plan", "--json");
  expect(JSON.parse(plan.stdout.toString()).changes).toMatchObject([
    { address: 'disk_image.data["a"]', host: "a", action: "create" },
  ]);
  expect((await run("apply", "--auto-approve")).exitCode).toBe(0);
  expect(await isThere(one, "x.raw")).toBe(true);
}, 120_000);

it("does what it can where a host is down, and the rest when it is up again", async () => {
  await one.server.stop();
  await declare(BOTH.replaceAll("1M", "2M"));
  const half = await run("apply", "--auto-approve");
  expect(half.exitCode).toBe(1);
  expect(half.stderr).toMatch(/disk_image\.data\["a"\]: Cannot reach the host "one"/);
  expect((await stat(join(two.home, "x.raw"))).size).toBe(2 << 20);
  const outputs = await run("output", "--json");
  expect([outputs.exitCode, JSON.parse(outputs.stdout.toString())]).toEqual([1, { here: join(here, "x.raw") }]);
  expect((await state()).filter(({ host }) => host === "a")).toHaveLength(1);
  await one.server.start();
  expect((await run("apply", "--auto-approve")).exitCode).toBe(0);
  expect((await stat(join(one.home, "x.raw"))).size).toBe(2 << 20);
}, 120_000);

it("is spoken with by rpc as this host is, whatever comes before the host has answered", async () => {
  const messages = [
    { method: "initialize", params: { protocol: 1, host: "two", contracts: false } },
    { method: "observe", params: { contract: "disk_image", id: join(two.home, "x.raw") } },
    { method: "initialize", params: { protocol: 1, host: "two", caller_dir: "/" } },
  ];
  const input = messages.map((each, id) => `${JSON.stringify({ jsonrpc: "2.0", id, ...each })}\n`).join("");
  const { exitCode, stdout } = await guestkit(["rpc"], { cwd: here, env, input });
  const answers = stdout
    .toString()
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  const [hello, seen, refused] = answers.toSorted((a, b) => a.id - b.id);
  expect(exitCode).toBe(0);
  expect(hello.result).toMatchObject({ base_dir: two.home });
  expect(seen.result.state).toMatchObject({ virtual_size: 2 << 20 });
  expect(refused.error.data.code).toBe("E_RPC_PARAMS");
}, 120_000);

it("moves a thing, imports one, and destroys all", async () => {
  await declare(
    "{ here: { path: ./x.raw, format: raw, size: 2M }, data: { for_each: { a: b }, host: '${each.value}', path: ./y.raw, format: raw, size: 1M } }",
  );
  const moved = await run("apply", "--auto-approve");
  expect(moved).toMatchObject({ exitCode: 0 });
  expect(moved.stdout.toString()).toContain("host: a -> b");
  expect([await isThere(one, "x.raw"), await isThere(two, "x.raw"), await isThere(two, "y.raw")]).toEqual([
    false,
    false,
    true,
  ]);
  await writeFile(join(two.home, "z.raw"), Buffer.alloc(1 << 20));
  await declare(
    "{ here: { path: ./x.raw, format: raw, size: 2M }, data: { for_each: [a], host: b, path: ./z.raw, format: raw, size: 1M } }",
  );
  const address = 'disk_image.data["a"]';
  expect((await run("import", address, `a:${join(two.home, "z.raw")}`)).stderr).toContain("declares disk_image.data");
  expect(await run("import", address, `b:${join(two.home, "z.raw")}`)).toMatchObject({ exitCode: 0 });
  expect((await run("apply", "--auto-approve")).exitCode).toBe(0);
  expect((await run("destroy", "--auto-approve")).exitCode).toBe(0);
  expect(await Promise.all(["y.raw", "z.raw"].map((each) => isThere(two, each)))).toEqual([false, false]);
  expect(await state()).toEqual([]);
}, 120_000);
