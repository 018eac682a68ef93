import { describe, expect, it } from "vitest";
import { parse } from "../../../cli/command/parse.ts";
import { commands } from "../../../cli/command/table.ts";
import { inputOf } from "../../../cli/contract/input.ts";
import { asGuestkitError } from "../../../core/kit/errors.ts";
import { contractOf, contracts, type Value } from "../../../core/model/index.ts";
import { parseYaml, readProject, validateProject } from "../../../core/project/index.ts";
import { createEngine } from "../../../core/resource/index.ts";
import { encode } from "../../../core/rpc/codec.ts";
import { RpcServer } from "../../../core/rpc/server.ts";
import { resources } from "../../../provider/schema/schema.ts";
import { readDynamic, writeDynamic } from "../../../provider/server/dynamic.ts";
import { createProvider } from "../../../provider/server/provider.ts";
import { nearlyRight, oddText, oddValue } from "../../support/odd-values.ts";
import { fc } from "../../support/property.ts";

/** The same cases every time: a fault that is found once is found again. */
const runs = (numRuns: number) => ({ numRuns, seed: 20261129, endOnFailure: true });

/** Runs it, and demands that whatever it throws is the input's fault. */
async function noFaultOfOurs(work: () => unknown): Promise<void> {
  try {
    await work();
  } catch (thrown) {
    const { code, stack } = asGuestkitError(thrown);
    if (code === "E_INTERNAL") throw new Error(`a fault of guestkit: ${(thrown as Error).stack ?? stack}`);
  }
}

/** One conversation: gives what is answered to each line. */
async function conversation(): Promise<(line: string | Uint8Array) => Promise<string>> {
  let said: object[] = [];
  const server = new RpcServer((message) => said.push(message));
  const ask = async (line: string | Uint8Array) => {
    said = [];
    server.receive(line);
    await server.idle();
    expect(said).not.toEqual([]);
    return JSON.stringify(said);
  };
  await ask('{"jsonrpc":"2.0","id":"hello","method":"initialize","params":{"protocol":1,"base_dir":"/nowhere"}}');
  return ask;
}

describe("whatever comes in is no fault of guestkit", () => {
  it("on the command line", async () => {
    const word = fc.oneof(
      oddText.filter((text) => text !== "-"),
      fc.constantFrom("--json", "--size=1G", "--size", "-r"),
    );
    const never = new AbortController().signal;
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...commands), fc.array(word, { maxLength: 6 }), async (command, words) => {
        const options = Object.keys(command.options);
        const args = words.map((each, at) =>
          at % 2 === 0 && options.length > 0 ? `--${options[each.length % options.length]}` : each,
        );
        await noFaultOfOurs(() => {
          const invocation = parse(command, args, never);
          if (command.contract !== undefined) inputOf(contractOf(command.contract), invocation);
        });
      }),
      runs(2000),
    );
  });

  it("in a project file", async () => {
    const engine = createEngine({ baseDir: "/nowhere" });
    const declared = contracts.filter(({ kind }) => kind !== "action");
    const entry = fc
      .constantFrom(...declared)
      .chain((contract) => nearlyRight(contract.input).map((config) => ({ contract, config })));
    const file = fc
      .tuple(fc.array(entry, { maxLength: 2 }), fc.option(oddValue), oddText)
      .map(([entries, outputs, name]) => {
        const section = (kind: string) =>
          Object.fromEntries(
            entries
              .filter((each) => each.contract.kind === kind)
              .map((each) => [each.contract.name, { a: each.config, [name]: each.config }]),
          );
        return JSON.stringify({
          version: 1,
          resources: section("resource"),
          queries: section("query"),
          ...(outputs !== null && { outputs: encode(outputs) }),
        });
      });
    const torn = fc
      .tuple(file, fc.nat(400), oddText)
      .map(([text, at, odd]) => text.slice(0, at) + odd + text.slice(at + 2));
    await fc.assert(
      fc.asyncProperty(fc.oneof(file, torn, oddText), (text) =>
        noFaultOfOurs(() => validateProject(readProject(parseYaml("/nowhere/guestkit.yaml", text)), engine)),
      ),
      runs(600),
    );
  });

  it("by rpc", async () => {
    const ask = await conversation();
    const request = fc.constantFrom(...contracts).chain((contract) =>
      fc.record({
        method: fc.constantFrom("validate", "plan", "observe", "import", "list", "validate", "plan"),
        params: fc.record(
          {
            contract: fc.constant(contract.name),
            config: nearlyRight(contract.input),
            prior: nearlyRight([...contract.input, ...contract.output]),
            id: oddValue,
            absent: fc.boolean(),
          },
          { requiredKeys: ["contract"] },
        ),
      }),
    );
    await fc.assert(
      fc.asyncProperty(request, oddValue, async (message, id) => {
        const text = await ask(
          JSON.stringify({ jsonrpc: "2.0", id: encode(id) ?? null, ...(encode(message) as object) }),
        );
        expect(text).not.toContain("E_INTERNAL");
      }),
      runs(1000),
    );
    const line = fc.oneof(
      fc
        .uint8Array({ minLength: 1 })
        .filter((bytes) => Buffer.from(bytes).toString().trim() !== "" && !bytes.includes(10)),
      oddValue.map((value) => JSON.stringify(encode(value)) ?? "x"),
    );
    await fc.assert(
      fc.asyncProperty(line, async (each) => {
        expect(await ask(each)).not.toContain("E_INTERNAL");
      }),
      runs(500),
    );
  });

  it("from Terraform", async () => {
    const provider = createProvider();
    const signal = new AbortController().signal;
    await fc.assert(
      fc.asyncProperty(fc.uint8Array(), (bytes) => noFaultOfOurs(() => readDynamic({ msgpack: bytes }))),
      runs(2000),
    );
    const called = async (call: Promise<{ readonly diagnostics?: readonly object[] }>) =>
      expect(JSON.stringify((await call).diagnostics ?? [])).not.toContain("E_INTERNAL");
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...resources), oddValue, async ([type_name, contract], odd) => {
        const [config] = fc.sample(nearlyRight(contract.input), { numRuns: 1, seed: 7 });
        for (const value of [odd, { ...config, ...(odd as object) }] as Value[]) {
          await called(provider.ValidateResourceConfig({ type_name, config: writeDynamic(value) }, signal));
        }
      }),
      runs(500),
    );
  });
});
