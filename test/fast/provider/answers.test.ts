import { setTimeout as sleep } from "node:timers/promises";
import type { Value } from "@guestkit/core/model";
import { describe, expect, it } from "vitest";
import type { InvokeActionEvent } from "../../../provider/generated/protocol.ts";
import { actionSchema, actions } from "../../../provider/schema/schema.ts";
import { readDynamic, writeDynamic } from "../../../provider/server/dynamic.ts";
import { createProvider } from "../../../provider/server/provider.ts";
import { told } from "../../../provider/server/told.ts";

const signal = new AbortController().signal;
const provider = createProvider();

describe("functions", () => {
  const call = (name: string, ...given: Value[]) =>
    provider.CallFunction({ name, arguments: given.map(writeDynamic) }, signal);

  it("are called with their arguments in order, of which the last may be left out", async () => {
    const { functions = {} } = await provider.GetFunctions({}, signal);
    expect(functions.file_digest).toMatchObject({
      parameters: [{ name: "path" }],
      variadic_parameter: { name: "algorithm" },
    });
    expect(readDynamic((await call("parse_size", "20G")).result)).toBe(20 * 2 ** 30);
    expect((await call("file_digest", import.meta.filename, "sha512")).error).toBeUndefined();
  });

  it.each([
    ["parse_size", ["20X"], 0],
    ["mac_for", ["web", ""], 1],
    ["file_digest", ["/nowhere"], 0],
    ["file_digest", ["/nowhere", "md5"], 1],
    ["file_digest", ["/nowhere", "sha256", "more"], 2],
  ])("tells of %s%o which argument is wrong", async (name, given, place) => {
    const { error } = await call(name, ...given);
    expect(error?.function_argument).toBe(place);
    expect(error?.text).toMatch(/^Cannot .*\(E_\w+\)$/s);
  });

  it("names those that there are where it has none of a name", async () => {
    expect((await call("nothing")).error?.text).toContain("parse_size");
  });
});

describe("ephemeral resources", () => {
  const open = (rounds: number) =>
    provider.OpenEphemeralResource(
      { type_name: "guestkit_password_hash", config: writeDynamic({ password: "a", rounds }) },
      signal,
    );

  it("answer all of their attributes, and have nothing to renew or close", async () => {
    const { result, private: kept, diagnostics } = await open(1000);
    expect(readDynamic(result)).toEqual({ password: "a", rounds: 1000, hash: expect.stringMatching(/^\$6\$/) });
    expect([kept, diagnostics]).toEqual([undefined, undefined]);
    expect(await provider.CloseEphemeralResource({ type_name: "guestkit_password_hash" }, signal)).toEqual({});
  });

  it("are given up where the engine stops the provider", async () => {
    let isDone = false;
    const opened = open(1_000_000).finally(() => {
      isDone = true;
    });
    while (!isDone) {
      await provider.StopProvider({}, signal);
      await sleep(20);
    }
    const { result, diagnostics = [] } = await opened;
    expect([result, diagnostics]).toEqual([undefined, [expect.objectContaining({ severity: 1 })]]);
    expect(diagnostics[0]?.detail).toContain("E_INTERRUPTED");
  });
});

describe("actions", () => {
  const invoke = async (action_type: string, config: Value) => {
    const events: InvokeActionEvent[] = [];
    for await (const event of provider.InvokeAction({ action_type, config: writeDynamic(config) }, signal))
      events.push(event);
    return events;
  };

  it("are all that need no terminal; nothing of them is computed", () => {
    expect([...actions.keys()]).toContain("guestkit_vm_stop");
    for (const contract of actions.values()) {
      expect(contract.interactive).toBeFalsy();
      const { attributes = [] } = actionSchema(contract).schema?.block ?? {};
      expect(attributes.filter(({ computed }) => computed)).toEqual([]);
    }
  });

  it("end with what failed, at its attribute", async () => {
    const events = await invoke("guestkit_copy", { disk_image: "/nowhere.qcow2", src: "/etc", dest: "/tmp" });
    expect(events.at(-1)?.completed?.diagnostics).toMatchObject([
      { summary: expect.stringContaining("/nowhere.qcow2") },
    ]);
    const [wrong] = (await invoke("guestkit_vm_stop", { name: "" })).at(-1)?.completed?.diagnostics ?? [];
    expect(wrong?.attribute).toEqual({ steps: [{ attribute_name: "name" }] });
    expect(await invoke("guestkit_nothing", {})).toHaveLength(1);
  });

  it("tell each phase, and what went wrong, in their order", async () => {
    const running = told(async (tell) => {
      for (const done of [0, 1, 2]) tell({ phase: "copying", done, total: 2, unit: "items" });
      tell({ phase: "note", detail: "one\x1b[2J", warning: true });
      await Promise.resolve();
      tell({ phase: "checking" });
      return 7;
    });
    const messages: string[] = [];
    let next = await running.next();
    for (; !next.done; next = await running.next()) messages.push(next.value);
    expect(messages).toEqual(["copying 0 of 2 (0%)", "note one\\x1b[2J", "checking"]);
    expect(next.value).toBe(7);
  });

  it("pass on what their work throws", async () => {
    const running = told(() => Promise.reject(new Error("no")));
    await expect(running.next()).rejects.toThrow("no");
  });
});
