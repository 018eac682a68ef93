import { mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { Engine } from "../../../core/engine/index.ts";
import { contractOf } from "../../../core/model/registry.ts";
import { guardFor, RpcClient } from "../../../core/rpc/index.ts";

interface Heard {
  readonly id?: string | number;
  readonly method?: string;
  readonly result?: Readonly<Record<string, unknown>>;
  readonly error?: { readonly data: { readonly code: string } };
}

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "guestkit-hostile-host-"));
  await writeFile(join(dir, "motd"), "hello\n");
  await writeFile(join(dir, "secret"), "the user's own");
});
afterAll(() => rm(dir, { recursive: true, force: true }));

/** A call to a host that speaks as it likes: what it hears, what it says, how the call ends. */
function callTo(config: Record<string, string | readonly object[]>) {
  const heard: Heard[] = [];
  const state = { closed: false };
  const client = new RpcClient({
    send: (message) => heard.push(JSON.parse(JSON.stringify(message)) as Heard),
    close: () => {
      state.closed = true;
    },
  });
  const engine = new Engine({
    implementations: { resources: {}, queries: {}, actions: {} },
    baseDir: "/",
    callerDir: dir,
  });
  const guard = guardFor({ engine, contract: contractOf("disk_image"), declared: [config as never] });
  const ended = client.call("apply", { contract: "disk_image", config }, { answer: guard.answer }).then(
    (value: unknown) => ({ value }),
    (error: unknown) => ({ error }),
  );
  const say = (message: object) => client.receive(JSON.stringify({ jsonrpc: "2.0", ...message }));
  const call = heard[0]?.id;
  let asked = 0;
  /** Asks as a host does; what it hears of that. */
  const ask = async (method: string, params: object): Promise<Heard> => {
    const id = `s${++asked}`;
    say({ id, method, params: { request: call, ...params } });
    return await expect
      .poll(() => heard.find((each) => each.id === id))
      .toBeDefined()
      .then(() => heard.find((each) => each.id === id) as Heard);
  };
  return { ask, say, call, ended, state, guard, heard };
}

const config = () => ({ path: "web.qcow2", size: "1G", files: [{ path: "/motd", source: "motd" }] });

it("has what the declaration names, and the answer of the call", async () => {
  const { ask, say, call, ended, state, guard } = callTo(config());
  const path = join(dir, "motd");
  expect((await ask("file.open", { path })).result).toMatchObject({ size: 6 });
  const { result } = await ask("file.read", { path, offset: 0, length: 6 });
  expect(Buffer.from(String(result?.data), "base64").toString()).toBe("hello\n");
  say({ id: call, result: { state: null } });
  expect(await ended).toEqual({ value: { state: null } });
  expect(state.closed).toBe(false);
  await guard[Symbol.asyncDispose]();
});

it.each(["file.stat", "file.open", "file.read", "file.close"])(
  "ends the conversation by %s of what it does not name, and the call tells of which",
  async (method) => {
    const { ask, ended, state, heard } = callTo(config());
    const path = join(dir, "secret");
    const { error } = await ask(method, { path, offset: 0, length: 1 });
    expect(error?.data.code).toBe("E_FILE_REFUSED");
    expect(await ended).toMatchObject({ error: { code: "E_FILE_REFUSED", message: expect.stringContaining(path) } });
    expect(state.closed).toBe(true);
    expect(JSON.stringify(heard)).not.toContain(Buffer.from("the user's own").toString("base64"));
  },
);

it("has nothing in the name of a call that is over, or that never was", async () => {
  const { ask, say, call, ended } = callTo(config());
  say({ id: call, result: {} });
  await ended;
  for (const request of [call, 77, null]) {
    const { result, error } = await ask("file.open", { request, path: join(dir, "motd") });
    expect(result).toBeUndefined();
    expect(error).toBeDefined();
  }
});

it("has a file as it was opened, whatever takes its name", async () => {
  const { ask, guard } = callTo({ ...config(), files: [{ path: "/a", source: "swapped" }] });
  const path = join(dir, "swapped");
  await writeFile(path, "mine");
  await ask("file.open", { path });
  await rm(path);
  await symlink("secret", path);
  const { result } = await ask("file.read", { path, offset: 0, length: 4 });
  expect(Buffer.from(String(result?.data), "base64").toString()).toBe("mine");
  expect(await readFile(path, "utf8")).toBe("the user's own");
  await guard[Symbol.asyncDispose]();
});
