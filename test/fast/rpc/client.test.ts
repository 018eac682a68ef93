import { describe, expect, it } from "vitest";
import { GuestkitError } from "../../../core/kit/errors.ts";
import { UNKNOWN } from "../../../core/model/index.ts";
import { Breach, RpcClient } from "../../../core/rpc/client.ts";
import { failure } from "../../../core/rpc/protocol.ts";
import { RpcServer } from "../../../core/rpc/server.ts";

interface Heard {
  readonly id?: string | number;
  readonly method?: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly result?: unknown;
  readonly error?: { readonly data: { readonly code: string } };
}

/** The code of what it throws. */
const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => "nothing",
    (error: unknown) => (error instanceof GuestkitError ? error.code : String(error)),
  );

/** A client whose other end is this test: what it says, and whether it has hung up. */
function line(more: Partial<ConstructorParameters<typeof RpcClient>[0]> = {}) {
  const heard: Heard[] = [];
  const state = { closed: false };
  const client = new RpcClient({
    send: (message) => heard.push(JSON.parse(JSON.stringify(message))),
    close: () => {
      state.closed = true;
    },
    ...more,
  });
  const say = (message: object) => client.receive(JSON.stringify({ jsonrpc: "2.0", ...message }));
  return { client, heard, say, state };
}

describe("the calling end of rpc", () => {
  it("hands each answer to its call, in whatever order they come", async () => {
    const { client, heard, say } = line();
    const calls = [client.call("list", {}), client.call("list", {})];
    const [first, second] = heard.map(({ id }) => id);
    say({ id: second, result: { ids: ["b"] } });
    say({ id: first, result: { ids: [{ $unknown: true }] } });
    expect(await Promise.all(calls)).toEqual([{ ids: [UNKNOWN] }, { ids: ["b"] }]);
  });

  it("throws what the server reports, with all of the report", async () => {
    const { client, heard, say } = line();
    const call = client.call("apply", {});
    const fault = new GuestkitError("E_SHRINK", "Cannot shrink it", { help: "Do not.", at: { field: ["size"] } });
    say(failure(heard[0]?.id ?? null, fault, { state: { id: "/x" } }));
    await expect(call).rejects.toMatchObject({
      ...{ code: "E_SHRINK", message: "Cannot shrink it", help: "Do not.", at: { field: ["size"] } },
      report: { state: { id: "/x" } },
    });
  });

  it("tells progress to the call that it is of", async () => {
    const { client, heard, say } = line();
    const seen: string[] = [];
    const call = client.call("apply", {}, { progress: ({ phase }) => seen.push(phase) });
    say({ method: "progress", params: { id: heard[0]?.id, phase: "copying" } });
    say({ method: "progress", params: { id: 99, phase: "of another" } });
    say({ id: heard[0]?.id, result: {} });
    await call;
    expect(seen).toEqual(["copying"]);
  });

  it("cancels by its signal, and waits for what really exists", async () => {
    const { client, heard, say } = line();
    const stop = new AbortController();
    const call = client.call("apply", {}, { signal: stop.signal });
    stop.abort();
    expect(heard[1]).toMatchObject({ method: "cancel", params: { id: heard[0]?.id } });
    say(
      failure(heard[0]?.id ?? null, new GuestkitError("E_INTERRUPTED", "Cannot finish: interrupted"), { state: null }),
    );
    await expect(call).rejects.toMatchObject({ code: "E_INTERRUPTED", report: { state: null } });
    await expect(client.call("list", {}, { signal: stop.signal })).rejects.toThrow();
    expect(heard).toHaveLength(2);
  });

  it("fails all that wait, and all that come later, when the line is cut", async () => {
    const { client, heard } = line();
    const calls = [client.call("list", {}), client.call("observe", {})];
    client.lost(new GuestkitError("E_HOST_LOST", "Cannot go on: the line is cut"));
    client.lost(new GuestkitError("E_OTHER", "Cannot go on: otherwise"));
    for (const call of [...calls, client.call("list", {})]) expect(await codeOf(call)).toBe("E_HOST_LOST");
    expect(heard).toHaveLength(2);
  });

  it("answers backwards on behalf of a call that says how, and nothing else", async () => {
    const { client, heard, say, state } = line();
    const call = client.call(
      "apply",
      {},
      { answer: async (method, params) => ({ method, path: params.path ?? null }) },
    );
    const request = heard[0]?.id;
    say({ id: "s1", method: "file.stat", params: { request, path: "/a" } });
    say({ id: "s2", method: "file.stat", params: { request: 77, path: "/a" } });
    await expect.poll(() => heard.length).toBe(3);
    expect(heard.find(({ id }) => id === "s1")?.result).toEqual({ method: "file.stat", path: "/a" });
    expect(heard.find(({ id }) => id === "s2")?.error?.data.code).toBe("E_RPC_METHOD");
    say({ id: request, result: {} });
    await call;
    expect(state.closed).toBe(false);
  });

  const shadow = () => new Breach("E_FILE_REFUSED", 'Cannot give "/etc/shadow": nothing names it');
  const endedBy = (cause: GuestkitError) =>
    new GuestkitError("E_HOST_LOST", "Cannot hear the host any more", { cause });

  it("ends the conversation at a breach, by name; others hear of a lost host, and why", async () => {
    const { client, heard, say, state } = line({ endedBy });
    const answer = async () => {
      throw shadow();
    };
    const [asked, other] = [client.call("apply", {}, { answer }), client.call("apply", {})];
    const lost = expect(other).rejects.toMatchObject({ code: "E_HOST_LOST", cause: { code: "E_FILE_REFUSED" } });
    say({ id: "s1", method: "file.read", params: { request: heard[0]?.id, path: "/etc/shadow" } });
    expect(await codeOf(asked)).toBe("E_FILE_REFUSED");
    await lost;
    expect(state.closed).toBe(true);
    expect(heard.at(-1)?.error?.data.code).toBe("E_FILE_REFUSED");
    say({ id: "s2", method: "file.read", params: { request: heard[0]?.id, path: "/etc/shadow" } });
    expect(heard.filter(({ id }) => id === "s2")).toEqual([]);
    expect(await codeOf(client.call("list", {}))).toBe("E_HOST_LOST");
  });

  it("leaves all calls with a lost host by what is no message", async () => {
    const { client } = line({ endedBy });
    const calls = [1, 2].map(() => client.call("apply", {}));
    client.receive("Segmentation fault");
    for (const call of calls)
      await expect(call).rejects.toMatchObject({
        code: "E_HOST_LOST",
        cause: { code: expect.stringMatching(/^E_RPC_/) },
      });
  });

  it("works out no more answers at once than an honest server asks for, sent ones that nobody takes counted", async () => {
    const taken: (() => void)[] = [];
    const { client, heard, say, state } = line({
      send: async (message) => {
        heard.push(JSON.parse(JSON.stringify(message)));
        await new Promise<void>((resolve) => taken.push(resolve));
      },
    });
    let answered = 0;
    const call = codeOf(client.call("apply", {}, { answer: async () => ++answered }));
    const ask = (id: number) => say({ id: `s${id}`, method: "file.read", params: { request: heard[0]?.id } });
    for (let id = 0; id < 500; id += 100) {
      for (let each = 0; each < 100; each++) ask(id + each);
      await expect.poll(() => answered).toBe(id + 100);
      await expect.poll(() => heard.length).toBe(1 + id + 100);
      for (const take of taken.splice(0)) take();
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(state.closed).toBe(false);
    for (let id = 500; id < 1000; id++) ask(id);
    expect(await call).toBe("E_RPC_FLOOD");
    expect(state.closed).toBe(true);
    expect(answered).toBe(500 + 128);
  });

  it("takes no more questions of calls that are over, either", async () => {
    const { client, say, state } = line({ send: () => new Promise(() => {}) });
    const call = codeOf(client.call("apply", {}));
    for (let id = 0; id < 200; id++) say({ id: `s${id}`, method: "file.read", params: { request: 1000 + id } });
    expect(await call).toBe("E_RPC_FLOOD");
    expect(state.closed).toBe(true);
  });

  it.each([
    "Welcome!",
    '{"jsonrpc":"2.0"}',
    "[]",
    `{"jsonrpc":"2.0","id":1,"result":${"[".repeat(99)}${"]".repeat(99)}}`,
  ])("ends it at what is no message: %s", async (text) => {
    const { client, state } = line();
    const call = client.call("list", {});
    client.receive(text);
    expect(await codeOf(call)).toMatch(/^E_RPC_/);
    expect(state.closed).toBe(true);
  });

  it("ends it at a line that is too long", async () => {
    const { client, state } = line();
    const call = client.call("list", {});
    client.receive(null);
    expect(await codeOf(call)).toBe("E_RPC_PARSE");
    expect(state.closed).toBe(true);
  });
});

it("speaks with its own server", async () => {
  const ends: { client?: RpcClient } = {};
  const server = new RpcServer((message) => ends.client?.receive(JSON.stringify(message)));
  const client = new RpcClient({ send: (message) => server.receive(JSON.stringify(message)), close: () => {} });
  ends.client = client;
  const hello = { protocol: 1, client: { name: "test" }, base_dir: "/nowhere", contracts: false };
  const answer = await client.call("initialize", { ...hello, settings: { data_dir: "/data", lock_timeout: 3 } });
  expect(answer).toMatchObject({ base_dir: "/nowhere", settings: { data_dir: "/data", lock_timeout: 3 } });
  expect(answer.machine_id === null || /^[0-9a-f]{32}$/.test(String(answer.machine_id))).toBe(true);
  const config = { path: "a.qcow2", size: "1G" };
  const planned = await client.call("plan", { contract: "disk_image", config, prior: null });
  expect(await client.call("preflight", { contract: "disk_image", config, plan: planned.plan })).toEqual({
    diagnostics: [],
  });
  expect(await codeOf(client.call("preflight", { contract: "disk_image", config, plan: { id: 5 } }))).toBe(
    "E_RPC_PARAMS",
  );
  const thing = { contract: "disk_image", id: "/nowhere/a.qcow2" };
  expect(await client.call("owner_of", thing)).toEqual({ owner: null, recorded: false });
  expect(await client.call("is_ours", thing)).toEqual({ ours: false });
  expect(await client.call("way_in", thing)).toEqual({ way: null });
  for (const method of ["confirm_owner", "clear_gone"]) expect(await client.call(method, thing)).toEqual({});
});
