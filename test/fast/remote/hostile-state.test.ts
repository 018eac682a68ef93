import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { ApplyError, type Engine } from "../../../core/engine/index.ts";
import { contractOf, type Value, type ValueObject } from "../../../core/model/index.ts";
import { RemoteEngine } from "../../../core/remote/engine.ts";
import { HostLink } from "../../../core/remote/link.ts";
import { createEngine } from "../../../core/resource/index.ts";
import { RpcClient } from "../../../core/rpc/index.ts";

const machine = contractOf("virtual_machine", "resource");
const SECRET = "the user's own";
let dir: string;
let pure: Engine;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "guestkit-hostile-state-"));
  await writeFile(join(dir, "key"), "this one");
  await writeFile(join(dir, "id_ed25519"), SECRET);
  pure = createEngine({ baseDir: "/srv", callerDir: dir });
});
afterAll(() => rm(dir, { recursive: true, force: true }));

interface Message {
  readonly id?: string | number;
  readonly method?: string;
}
type Answers = Readonly<Record<string, object>>;

/** An engine on a host that answers as it likes, and asks for `wanted` before it does; what it hears of that. */
function hostile(answers: Answers, wanted: string | null) {
  const given: object[] = [];
  let call: Message = {};
  const answer = () => say({ id: call.id, ...(answers[String(call.method)] ?? { result: {} }) });
  const client: RpcClient = new RpcClient({
    close: () => {},
    send: (message: Message) => {
      given.push(message);
      if (message.method === undefined) return answer();
      if (message.id === undefined) return;
      if (message.method === "way_in") return say({ id: message.id, result: { way: null } });
      call = message;
      if (wanted === null) answer();
      else say({ id: "s1", method: "file.open", params: { request: call.id, path: wanted } });
    },
  });
  const say = (message: object) => queueMicrotask(() => client.receive(JSON.stringify({ jsonrpc: "2.0", ...message })));
  const conversation = { client, hold: () => {}, isLost: () => false, close: () => {} };
  const opened = { conversation, hello: {} };
  const engine = new RemoteEngine({ host: "lab", id: null }, pure, new HostLink(opened, async () => opened));
  return { engine, given };
}

const state = (private_key: Value): ValueObject => ({
  id: "web",
  name: "web",
  ssh: { user: "root", port: 22, private_key, network: null },
  provision: [{ name: "a", file: private_key }],
});
const failed = (answered: ValueObject) => ({
  error: { code: -32000, message: "Cannot", data: { code: "E_X", message: "Cannot", state: answered } },
});

/** Every way by which a state comes from a host. */
const ways: Readonly<Record<string, (answered: ValueObject, config: ValueObject) => Promise<ValueObject | null>>> = {
  import: (answered) => hostile({ import: { result: { state: answered } } }, null).engine.import(machine, "web"),
  observe: (answered, config) =>
    hostile({ observe: { result: { state: answered } } }, join(dir, "key")).engine.observe(machine, config),
  apply: async (answered, config) => {
    const { engine } = hostile({ apply: { result: { state: answered } } }, join(dir, "key"));
    return await engine.apply(machine, await engine.plan(machine, null, config), config);
  },
  "failed apply": async (answered, config) => {
    const { engine } = hostile({ apply: failed(answered) }, join(dir, "key"));
    const error = await engine.apply(machine, await engine.plan(machine, null, config), config).catch((each) => each);
    expect(error).toBeInstanceOf(ApplyError);
    return (error as ApplyError).state;
  },
};

const config = () => ({ name: "web", ssh: { private_key: "key" } });

it.each(Object.keys(ways).filter((each) => each !== "import"))(
  "has in a state what the declaration named, after %s",
  async (way) => {
    expect(await ways[way]?.(state("key"), config())).toMatchObject({ ssh: { private_key: "key" } });
    expect(await ways[way]?.(state("host:/a"), config())).toMatchObject({ ssh: { private_key: "host:/a" } });
  },
);

it.each(Object.keys(ways))("names no other file by a state that it answers: %s", async (way) => {
  const wanted = join(dir, "id_ed25519");
  const evil: Value[] = [wanted, "id_ed25519", `caller:${wanted}`, `file://${wanted}`, [wanted], { a: wanted }];
  for (const value of evil) {
    const prior = (await ways[way]?.(state(value), way === "import" ? {} : config())) ?? {};
    const { ssh } = prior as { ssh: { private_key: Value } };
    expect([null, `caller:${wanted}`, `caller:${dir}/file:${wanted}`]).toContain(ssh.private_key);
    const next = hostile({ observe: { result: { state: null } } }, wanted);
    await expect(next.engine.observe(machine, prior)).rejects.toMatchObject({ code: "E_FILE_REFUSED" });
    expect(JSON.stringify(next.given)).not.toMatch(/"sha256":"[0-9a-f]/);
  }
});

it("is named again once a declaration does, though it was imported with another's word for it", async () => {
  const imported = await ways.import?.(state(join(dir, "key")), {});
  expect(imported).toMatchObject({ ssh: { private_key: `caller:${dir}/key` } });
  const plan = await pure.plan(machine, imported ?? null, { ...config(), provision: [{ name: "a", file: "key" }] });
  expect(plan.planned).toMatchObject({ ssh: { private_key: "key" } });
  expect(plan.changes.map(({ path }) => path.join("."))).not.toContain("ssh.private_key");
});

it("takes what was to be made to be there, where the conversation ends over what the host asks meanwhile", async () => {
  const { engine } = hostile({}, join(dir, "id_ed25519"));
  const error = await engine.apply(machine, await engine.plan(machine, null, config()), config()).catch((each) => each);
  expect(error).toMatchObject({ code: "E_FILE_REFUSED", state: { id: "web", ssh: { private_key: "key" } } });
});
