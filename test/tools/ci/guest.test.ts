import { afterAll, beforeAll, expect, it } from "vitest";
import { stringify } from "yaml";
import { microMachine } from "../../support/declared.ts";
import { MachineHost } from "../../support/machine-host.ts";
import { type Signing, Workshop } from "./workshop.ts";

/** One machine through the life of a job: its tests follow one another, as its commits do. */
const shop = await Workshop.open("ci-guest");
const host = MachineHost.at(shop.folder);
const micro = await microMachine();
let ada: Signing;

beforeAll(async () => {
  ada = await shop.sshKey("ada");
  const signers = { allowed_signers: await shop.allow("allowed", "ada") };
  const checks = [{ name: "is ready", machine: "web", command: ["cat", "/run/ready"], timeout: 120 }];
  await shop.job("hosts", { signers, apply: true, checks });
  // The machine is the first job's own: the others have to name it.
  await shop.job("again", { signers, apply: true, provision: ["web"], checks });
  await shop.job("anew", { signers, apply: true, recycle: ["web"], checks });
});
afterAll(() => host[Symbol.asyncDispose]());

function push(message: string, ...inline: readonly string[]): Promise<string> {
  const web = { name: "web", ...micro, provision: [{ name: "setup", inline: [...inline], via: "agent" }] };
  const project = stringify({ version: 1, project: "shop", resources: { virtual_machine: { web } } });
  return shop.commit(message, { "guestkit.yaml": project }, ada);
}

const steps = async (job: string) =>
  (await shop.status(job)).steps.map(({ name, result }) => `${name}: ${result}`).slice(3);

it("fails where provisioning does, and says which machine, which step and its last words; the machine stays", async () => {
  const commit = await push("does not work", "echo mischief >&2", "exit 3");
  const failure = await shop.run("hosts").then(
    () => null,
    (error: Error) => error,
  );
  for (const word of ["virtual_machine.web", "setup", "mischief"]) expect(failure?.message).toContain(word);
  const status = await shop.status("hosts");
  expect(status).toMatchObject({ result: "failed", exit_code: 1, checks: [], commit: { id: commit } });
  expect(status.steps.at(-1)).toMatchObject({ name: "apply", result: "failed" });
  expect(status.steps.at(-1)?.detail).toMatch(/web[\s\S]*setup[\s\S]*mischief/);
  expect(await host.json(["vm", "status", "web"])).toMatchObject({ status: "running" });
});

it("goes on with the commit that mends it, and the check in the guest tells that it did", async () => {
  const commit = await push("works", "cat /proc/sys/kernel/random/uuid > /run/ready");
  expect(await shop.run("hosts")).toMatchObject({ result: "passed", commit });
  const [check] = (await shop.status("hosts")).checks;
  expect(check).toMatchObject({
    machine: "web",
    result: "passed",
    exit_code: 0,
    output: expect.stringMatching(/^[0-9a-f-]{36}$/),
  });
  expect(await steps("hosts")).toEqual(["plan: passed", "apply: passed"]);
  await shop.run("hosts");
  expect(await steps("hosts")).toEqual(["plan: unchanged"]);
  expect((await shop.status("hosts")).checks).toMatchObject([{ output: check?.output, result: "passed" }]);
});

/** What the step wrote when it ran last. */
const ready = async (job: string) => (await shop.status(job)).checks[0]?.output;

it("runs the steps of machines again, and makes machines anew, when there is a new commit and only then", async () => {
  const before = await ready("hosts");
  expect(await shop.run("again")).toMatchObject({ result: "passed" });
  expect(await steps("again")).toEqual(["plan: unchanged", "provision web: passed"]);
  const provisioned = await ready("again");
  expect(provisioned).not.toBe(before);
  await shop.run("again");
  expect(await steps("again")).toEqual(["plan: unchanged", "provision web: skipped"]);
  expect(await ready("again")).toBe(provisioned);
  const { pid } = await host.json<{ pid: number }>(["vm", "status", "web"]);
  await shop.run("anew");
  expect(await steps("anew")).toEqual(["plan: unchanged", "recycle web: passed"]);
  const recycled = await host.json<{ pid: number }>(["vm", "status", "web"]);
  expect(recycled.pid).not.toBe(pid);
  expect(await ready("anew")).not.toBe(provisioned);
});
