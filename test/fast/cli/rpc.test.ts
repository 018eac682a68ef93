import { describe, expect, it } from "vitest";
import { decode, encode } from "../../../cli/rpc/codec.ts";
import { RpcServer } from "../../../cli/rpc/server.ts";
import { UNKNOWN, type Value } from "../../../core/model/index.ts";

interface Answer {
  readonly id: number | null;
  readonly result?: Record<string, unknown>;
  readonly error?: { readonly code: number; readonly data: { readonly code: string; readonly message: string } };
}

async function talk(...lines: readonly (object | string)[]): Promise<Map<number | null, Answer>> {
  const answers: Answer[] = [];
  const server = new RpcServer((message) => answers.push(JSON.parse(JSON.stringify(message))));
  for (const line of lines)
    server.receive(typeof line === "string" ? line : JSON.stringify({ jsonrpc: "2.0", ...line }));
  await server.idle();
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
    const answers = await talk(hello, { id: 2, method: "list", params: { contract: "disk_image" } });
    expect(answers.get(2)?.error?.data.code).toBe("E_LIST_UNSUPPORTED");
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
