import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, expect, it, vi } from "vitest";
import type { Progress } from "../../../core/kit/context.ts";
import { contractOf, type Value, type ValueObject } from "../../../core/model/index.ts";
import { RemoteEngine } from "../../../core/remote/engine.ts";
import type { HostLink } from "../../../core/remote/link.ts";
import { createEngine } from "../../../core/resource/index.ts";
import { FailedAnswer } from "../../../core/rpc/protocol.ts";
import { scratch } from "../../support/scratch.ts";

const data = await scratch("engine-ways");
const folder = join(data, "hosts/lab");
const machine = contractOf("virtual_machine", "resource");
const pure = createEngine({ baseDir: "/srv" });
const way = { host: "127.0.0.1", port: 2222, user: "root", key: "S0VZ", own_key: true, known_hosts: null };
const evil = { id: "web", ssh_host: "-oProxyCommand=touch x", ssh_port: 22, ssh_user: "-x", ssh_config: null };
const none = { id: "web", ssh_host: null, ssh_port: null, ssh_user: null, ssh_config: null };

/** A host that answers each method as it is told; what was asked, and what was warned of. */
function lab(answers: Readonly<Record<string, ValueObject | Error>>) {
  const asked: [string, ValueObject][] = [];
  const call = async (method: string, params: ValueObject) => {
    asked.push([method, params]);
    const answer = answers[method] ?? {};
    if (answer instanceof Error) throw answer;
    return answer;
  };
  const engine = new RemoteEngine({ host: "lab", id: null }, pure, { call, planned: () => {} } as unknown as HostLink);
  const warnings: string[] = [];
  const progress = ({ detail, warning }: Progress) => warning && warnings.push(String(detail));
  return { engine, asked, warnings, options: { progress } };
}

const observed = (state: Value, told: Value) => {
  const host = lab({ observe: { state }, way_in: { way: told } });
  return { ...host, state: host.engine.observe(machine, { id: "web" }, host.options) };
};

beforeEach(() => vi.stubEnv("GUESTKIT_DATA_DIR", data));

it("has nothing of a way in out of an answer itself, whichever brings it", async () => {
  const info = contractOf("virtual_machine_info", "query");
  for (const told of [null, { ...way, host: "-oProxyCommand=touch x" }, { ...way, user: "a\n" }]) {
    const answers = {
      observe: { state: evil },
      import: { state: evil },
      query: { output: evil },
      way_in: { way: told },
    };
    const { engine } = lab(answers);
    expect(await engine.observe(machine, { id: "web" })).toEqual(none);
    expect(await engine.import(machine, "web")).toMatchObject(none);
    expect(await engine.query(info, { name: "web" })).toEqual(none);
  }
  const failed = new FailedAnswer("E_X", "Cannot", {}, { state: evil });
  const { engine } = lab({ apply: failed, way_in: { way: null } });
  const config = { name: "web" };
  const error = await engine.apply(machine, await engine.plan(machine, null, config), config).catch((each) => each);
  expect(error.state).toEqual(none);
});

it("warns of nothing where a machine has no key to bring, and tells of none", async () => {
  const { state, warnings } = observed({ ...evil, ssh_key_file: "/h/key", ssh_command: "x" }, { ...way, key: null });
  expect(await state).toMatchObject({ ssh_host: "127.0.0.1", ssh_key_file: null, ssh_command: /^ssh -F / });
  expect(warnings).toEqual([]);
});

it("lets go of what it keeps of a thing that is gone, or has no way in any more", async () => {
  for (const [state, told] of [
    [null, way],
    [evil, null],
  ] as const) {
    await observed(evil, way).state;
    expect(await readdir(folder)).toEqual(["web"]);
    await observed(state, told).state;
    expect(await readdir(folder)).toEqual([]);
  }
});

it("tells no removal as failed that was none, where what is kept of the thing here cannot be forgotten", async () => {
  const { engine, warnings, options } = lab({ apply: { state: null } });
  const plan = await engine.plan(machine, { name: "web", id: "web" }, null);
  vi.stubEnv("GUESTKIT_DATA_DIR", join(data, "file/below"));
  await mkdir(data, { recursive: true });
  await writeFile(join(data, "file"), "");
  expect(plan.action).toBe("delete");
  expect(await engine.apply(machine, plan, null, options)).toBeNull();
  expect(warnings).toHaveLength(1);
});

it("asks for a declared key where somebody logs in alone", async () => {
  const { engine, asked } = lab({ way_in: { way } });
  await engine.wayIn(machine, "web");
  await engine.wayIn(machine, "web", { isLogin: true });
  expect(asked.map(([, { login }]) => login)).toEqual([undefined, true]);
});
