import { spawn } from "node:child_process";
import { afterAll, expect, it } from "vitest";
import { GUESTKIT } from "../../support/cli.ts";
import { bareMachine } from "../../support/declared.ts";
import { MachineHost } from "../../support/machine-host.ts";

const host = await MachineHost.open();
afterAll(() => host[Symbol.asyncDispose]());

const names = async () => (await host.run(["vm", "list", "--json"])).stdout.toString().match(/(?<="name":")[^"]*/g);

interface Said {
  readonly code: number | null;
  readonly text: string;
}

/** The command line at a terminal of its own, where somebody types `answer` once they are asked. */
function atTerminal(args: readonly string[], answer: string): Promise<Said> {
  const words = [...GUESTKIT, ...args];
  const line = words.map((each) => `'${each}'`).join(" ");
  const options = { cwd: host.folder, env: { ...process.env, ...host.env } };
  const child = spawn("script", ["--quiet", "--return", "--command", line, "/dev/null"], options);
  let text = "";
  let asked = false;
  child.stdout.on("data", (chunk) => {
    text += chunk;
    if (!asked && text.includes("Only yes will do")) child.stdin.write(`${answer}\n`);
    asked ||= text.includes("Only yes will do");
  });
  return new Promise((resolve) => child.on("close", (code) => resolve({ code, text })));
}

it("asks on a terminal before machines are destroyed, one or each of several, and takes nothing but yes", async () => {
  const machine = bareMachine({ running: false });
  await host.apply({ one: machine, two: machine });
  const lost = "What it wrote to disks of its own is lost.";
  const refused = await atTerminal(["vm", "destroy", "one"], "y");
  expect(refused.text).toContain(`guestkit: ${lost}`);
  expect(refused.text).toContain("Nothing was changed");
  const each = await atTerminal(["vm", "foreach", "--select", "*", "destroy"], "no");
  expect(each.text).toContain(`guestkit: one, two: ${lost}`);
  expect([refused.code, each.code]).toEqual([1, 1]);
  expect(await names()).toEqual(["one", "two"]);
  const agreed = await atTerminal(["vm", "foreach", "--select", "*", "destroy"], "yes");
  expect(agreed).toMatchObject({ code: 0, text: expect.stringContaining("2 machines: 2 done") });
  expect(await names()).toBeNull();
});

it("asks nobody where it is forced, or nothing is to be changed", async () => {
  await host.apply({ one: bareMachine({ running: false }) });
  const told = await atTerminal(["vm", "foreach", "--dry-run", "--select", "*", "destroy"], "no");
  const forced = await atTerminal(["vm", "foreach", "--select", "*", "destroy", "--", "--force"], "no");
  expect([told.code, forced.code]).toEqual([0, 0]);
  expect(told.text + forced.text).not.toContain("Go on?");
  expect(await names()).toBeNull();
});
