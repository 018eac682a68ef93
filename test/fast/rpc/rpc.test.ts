import { describe, expect, it } from "vitest";
import { UNKNOWN, type Value } from "../../../core/model/index.ts";
import { decode, encode } from "../../../core/rpc/codec.ts";
import { RpcServer } from "../../../core/rpc/server.ts";
import { faultsBy } from "../../support/schemas.ts";

interface Answer {
  readonly id: number | null;
  readonly result?: Record<string, unknown>;
  readonly error?: { readonly code: number; readonly data: { readonly code: string; readonly message: string } };
}

async function talk(...lines: readonly (object | string | Uint8Array)[]): Promise<Map<number | null, Answer>> {
  const answers: Answer[] = [];
  const server = new RpcServer((message) => answers.push(JSON.parse(JSON.stringify(message))));
  for (const line of lines)
    server.receive(
      typeof line === "string" || line instanceof Uint8Array ? line : JSON.stringify({ jsonrpc: "2.0", ...line }),
    );
  await server.idle();
  expect(await faultsBy("rpc-message", "", answers)).toBeNull();
  return new Map(answers.map((answer) => [answer.id, answer]));
}

const hello = {
  id: 1,
  method: "initialize",
  params: { protocol: 1, client: { name: "test", version: "1" }, base_dir: "/nowhere" },
};
const config = { path: "a.qcow2", size: "1G" };

describe("guestkit rpc", () => {
  it("answers versions and contracts", async () => {
    const { result } = (await talk(hello)).get(1) ?? {};
    expect(result).toMatchObject({ protocol: 1, server: { name: "guestkit" } });
    expect(((result?.contracts ?? []) as { name: string }[]).map(({ name }) => name)).toContain("disk_image");
  });

  it("answers no contracts to who wants none", async () => {
    const { result } = (await talk({ ...hello, params: { ...hello.params, contracts: false } })).get(1) ?? {};
    expect(result).toMatchObject({ protocol: 1 });
    expect(result).not.toHaveProperty("contracts");
  });

  it("refuses a protocol that does not fit, both named", async () => {
    const { error } = (await talk({ ...hello, params: { protocol: 7, client: "test 1" } })).get(1) ?? {};
    expect(error?.data.code).toBe("E_RPC_PROTOCOL");
    expect(error?.data.message).toMatch(/test 1.*protocol 7.*speaks 1/);
  });

  it("wants initialize first, and names methods that it has not", async () => {
    expect((await talk({ id: 2, method: "plan", params: {} })).get(2)?.error?.code).toBe(-32600);
    expect((await talk(hello, { id: 2, method: "dance" })).get(2)?.error?.code).toBe(-32601);
  });

  it("tells what is no JSON and no request", async () => {
    expect((await talk("{")).get(null)?.error?.code).toBe(-32700);
    expect((await talk("[]")).get(null)?.error?.code).toBe(-32600);
  });

  it.each([true, {}, [], null, 1.5, 1e300, "x".repeat(300)])(
    "answers a request whose id is %j, which is none",
    async (id) => {
      const { error } = (await talk(hello, { id, method: "list", params: {} })).get(null) ?? {};
      expect(error).toMatchObject({ code: -32600, data: { code: "E_RPC_ID" } });
      expect(JSON.stringify(error).length).toBeLessThan(500);
    },
  );

  it("refuses a second request with an id that is under way, and answers the first", async () => {
    const slow = { id: 5, method: "validate", params: { contract: "disk_image", config } };
    const answers = await talk(hello, slow, slow);
    expect(answers.get(5)?.result).toBeDefined();
    expect(answers.get(null)?.error?.data).toMatchObject({ code: "E_RPC_ID", message: expect.stringMatching(/ 5: /) });
  });

  it("never answers a notification, whatever is wrong with it", async () => {
    const answers = await talk(
      hello,
      { method: "dance" },
      { method: "plan", params: 5 },
      { method: "cancel", params: {} },
    );
    expect([...answers.keys()]).toEqual([1]);
  });

  it("answers with its id what has the wrong parameters, or too deep ones", async () => {
    const deep = `${'{"a":'.repeat(50_000)}1${"}".repeat(50_000)}`;
    const answers = await talk(
      hello,
      { id: 2, method: "plan", params: 5 },
      `{"jsonrpc":"2.0","id":3,"method":"validate","params":{"contract":"disk_image","config":${deep}}}`,
      { id: 4, method: "m".repeat(100_000) },
    );
    expect([2, 3, 4].map((id) => answers.get(id)?.error?.data.code)).toEqual([
      "E_RPC_PARAMS",
      "E_RPC_PARAMS",
      "E_RPC_METHOD",
    ]);
    expect(JSON.stringify(answers.get(4)).length).toBeLessThan(1000);
  });

  it("refuses a batch by name, and a line that is no UTF-8", async () => {
    expect((await talk("[{}]")).get(null)?.error?.data.message).toMatch(/batch/);
    expect((await talk(Buffer.from([0x22, 0xff, 0x22]))).get(null)?.error?.data.message).toMatch(/UTF-8/);
  });

  it.each([
    ["a NUL", "/srv/a\0b"],
    ["half a surrogate pair", "/srv/\ud800"],
    ["a name of 300 bytes", `/srv/${"x".repeat(300)}`],
    ["a name of 100 letters of three bytes", `/srv/${"€".repeat(100)}`],
    ["5,000 bytes", `/${"x/".repeat(2500)}`],
  ])("refuses a path with %s at its field", async (_what, path) => {
    const answers = await talk(hello, {
      id: 2,
      method: "apply",
      params: { contract: "disk_image", config: { path, size: "1M" } },
    });
    expect(answers.get(2)?.error?.data).toMatchObject({
      code: "E_FIELD_PATH",
      at: { field: ["path"] },
      help: expect.anything(),
    });
  });

  it("plans from a given prior without reading anything", async () => {
    const answers = await talk(
      hello,
      { id: 2, method: "plan", params: { contract: "disk_image", config, prior: null } },
      {
        id: 3,
        method: "plan",
        params: { contract: "disk_image", config: { ...config, size: { $unknown: true } }, prior: null },
      },
    );
    expect(answers.get(2)?.result).toMatchObject({
      plan: { action: "create", id: "/nowhere/a.qcow2", planned: { virtual_size: 2 ** 30 } },
    });
    expect(answers.get(3)?.result).toMatchObject({ plan: { planned: { size: { $unknown: true } } } });
  });

  it("gives every fault of a declaration, and the first as the error of an apply", async () => {
    const wrong = { path: "a.qcow2", format: "floppy", nonsense: 1 };
    const answers = await talk(
      hello,
      { id: 2, method: "validate", params: { contract: "disk_image", config: wrong } },
      { id: 3, method: "apply", params: { contract: "disk_image", config: wrong } },
    );
    const codes = ((answers.get(2)?.result?.diagnostics ?? []) as { code: string }[]).map(({ code }) => code);
    expect(codes.sort()).toEqual(["E_FIELD_CHOICE", "E_FIELD_UNKNOWN"]);
    expect(codes).toContain(answers.get(3)?.error?.data.code);
  });

  it("says of what lies anywhere that it cannot be listed", async () => {
    const answers = await talk(
      hello,
      { id: 2, method: "list", params: { contract: "cloud_init_seed" } },
      { id: 3, method: "list", params: { contract: "disk_image", config: { folder: "/nowhere" } } },
    );
    expect(answers.get(2)?.error?.data.code).toBe("E_LIST_UNSUPPORTED");
    expect(answers.get(3)?.error?.data.code).toBe("E_LIST_FOLDER");
  });

  it("names what is missing in its parameters", async () => {
    const answers = await talk(
      hello,
      { id: 2, method: "query", params: { contract: "image_info" } },
      { id: 3, method: "plan", params: {} },
    );
    expect([answers.get(2)?.error?.code, answers.get(3)?.error?.code]).toEqual([-32602, -32602]);
  });
});

it("carries unknown values both ways", () => {
  const value = { a: [UNKNOWN, 1], b: { c: UNKNOWN } };
  expect(encode(value)).toEqual({ a: [{ $unknown: true }, 1], b: { c: { $unknown: true } } });
  expect(decode(encode(value) as Value)).toEqual(value);
});

it("gives up to open the engine of another host once the client is gone", async () => {
  const answers: object[] = [];
  const server = new RpcServer(
    (message) => answers.push(message),
    (_far, signal) => new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
  );
  server.receive(JSON.stringify({ jsonrpc: "2.0", ...hello, params: { ...hello.params, host: "lab" } }));
  server.receive(JSON.stringify({ jsonrpc: "2.0", id: 2, method: "list", params: { contract: "disk_image" } }));
  server.abort();
  await server.idle();
  expect(answers).toMatchObject([
    { id: 1, error: { data: { code: "E_INTERRUPTED" } } },
    { id: 2, error: {} },
  ]);
});
