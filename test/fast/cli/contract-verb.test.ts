import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import type { Command } from "../../../cli/command/command.ts";
import { bash } from "../../../cli/command/completion/bash.ts";
import { help } from "../../../cli/command/help.ts";
import { parse } from "../../../cli/command/parse.ts";
import { verbsOf } from "../../../cli/contract/command.ts";
import { inputOf } from "../../../cli/contract/input.ts";
import { answerText } from "../../../cli/contract/show.ts";
import { compile } from "../../../core/model/compile.ts";
import {
  action,
  byteSize,
  hostPath,
  inBytes,
  inSeconds,
  query,
  refersTo,
  writeOnly,
} from "../../../core/model/declare.ts";

const { signal } = new AbortController();
const body = { since: "0.1.0", description: "Tells more.", identity: [] };
const machine = () => z.string().meta(refersTo("virtual_machine")).describe("The machine.");

const poke = compile(
  action({
    ...body,
    name: "machine_poke",
    summary: "Poke a machine.",
    input: z.object({
      name: machine(),
      command: z.array(z.string()).default([]).describe("What it runs."),
      force: z.boolean().default(false).describe("At once."),
      wait: z.boolean().default(true).describe("Until it is done."),
      balloon: z.boolean().optional().describe("Either way."),
      memory: byteSize().optional().describe("Size."),
      timeout: z.int().min(1).default(60).describe("Seconds."),
      via: z.enum(["ssh", "agent"]).optional().describe("Way."),
      keys: z.array(hostPath()).default([]).describe("Files."),
      labels: z.record(z.string(), z.string()).default({}).describe("Labels."),
      steps: z
        .array(z.object({ run: z.string().describe("Text.") }))
        .default([])
        .describe("Steps."),
      password: z.string().optional().meta(writeOnly).describe("A secret."),
    }),
    output: z.object({ exit_code: z.int().describe("Code."), addresses: z.array(z.string()).describe("Addresses.") }),
    examples: [{ title: "Twice", input: { name: "web", command: ["true"], force: true, labels: { a: "b c" } } }],
    aliases: { cli: { name: "vm poke", positional: ["name", "command"], exitCode: "exit_code" } },
  }),
);

const list = compile(
  query({
    ...body,
    name: "machine_list",
    summary: "List machines.",
    input: z.object({}),
    output: z.object({
      machines: z
        .array(
          z.object({
            name: z.string().describe("Name."),
            ip_addresses: z.array(z.string()).describe("Addresses."),
            labels: z.record(z.string(), z.string()).describe("Labels."),
            pid: z.int().nullable().describe("Process."),
            memory: z.int().meta(inBytes).describe("Bytes."),
          }),
        )
        .describe("All of them."),
    }),
    examples: [{ title: "All", input: {} }],
    aliases: {
      cli: { name: "vm list", positional: [], list: "machines", columns: ["name", "pid", "memory", "ip_addresses"] },
    },
  }),
);

const nested = { ...list, aliases: { cli: { ...list.aliases.cli, name: "vm snapshot list" } } };
const verbs: readonly Command[] = verbsOf([poke, list, nested]).map((each) => ({
  ...each,
  load: () => import("../../../cli/verb/contract.ts"),
}));
const [pokeVerb, listVerb] = verbs as [Command, Command];
const input = (...args: string[]) => inputOf(poke, parse(pokeVerb, args, signal));

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "guestkit-verb-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe("a contract's verb", () => {
  it("has arguments and options from the input, and its examples", () => {
    const text = help(pokeVerb);
    expect(text).toContain("Usage: guestkit vm poke [OPTIONS] NAME [COMMAND...]");
    for (const option of ["--force", "--no-wait", "--balloon", "--no-balloon", "--memory SIZE", "--labels KEY=VALUE"]) {
      expect(text).toContain(option);
    }
    expect(text).toContain("--password-file FILE");
    expect(text).toContain("--dry-run");
    expect(text).not.toMatch(/--(no-force|wait|password|password-version)\b(?!-file)/);
    expect(text).toContain("guestkit vm poke --force --labels 'a=b c' web true");
    expect(help(listVerb)).toContain("One JSON object a line.");
    expect(pokeVerb).toMatchObject({ group: "Machines", positionals: [{ machine: true }, { many: true }] });
  });

  it("gives the contract what the command line says, typed", () => {
    expect(input("web")).toEqual({ name: "web", command: [] });
    expect(
      input("--force", "--no-wait", "--no-balloon", "--memory", "1G", "--timeout", "5", "--via", "ssh", "web"),
    ).toMatchObject({ force: true, wait: false, balloon: false, memory: "1G", timeout: 5, via: "ssh" });
    expect(
      input("--keys", "a", "--keys=b", "--labels", "x=1=2", "--labels", "y=", "--steps", '[{"run":"z"}]', "web"),
    ).toMatchObject({ keys: ["a", "b"], labels: { x: "1=2", y: "" }, steps: [{ run: "z" }] });
  });

  it("leaves what follows its arguments to the other program", () => {
    expect(input("--timeout", "5", "web", "ls", "-l", "--force")).toMatchObject({
      timeout: 5,
      command: ["ls", "-l", "--force"],
    });
    expect(input("web", "--", "ls", "--", "x")).toMatchObject({ name: "web", command: ["ls", "--", "x"] });
    expect(input("web", "--force", "ls")).toMatchObject({ force: true, command: ["ls"] });
  });

  it("takes secrets from files alone", () => {
    const path = join(folder, "secret");
    writeFileSync(path, "very-secret\n");
    expect(input("--password-file", path, "web").password).toBe("very-secret");
    expect(() => input("--password-file", join(folder, "none"), "web")).toThrow(
      expect.objectContaining({ code: "E_SECRET_READ" }),
    );
    expect(() => input("--password", "x", "web")).toThrow(/there is no option --password/);
  });

  it.each([
    [[], "NAME is missing"],
    [["--timeout", "x", "web"], '--timeout must be a number, not "x"'],
    [["--via", "smoke", "web"], "--via must be one of ssh, agent"],
    [["--labels", "x", "web"], '--labels must be KEY=VALUE, not "x"'],
    [["--steps", "{", "web"], "--steps is no JSON"],
  ])("%j is refused", (args, message) => {
    expect(() => input(...args)).toThrow(
      expect.objectContaining({ code: "E_USAGE", message: expect.stringContaining(`vm poke: ${message}`) }),
    );
  });

  it("shows an answer to people and to programs", () => {
    const output = { exit_code: 3, addresses: ["10.0.2.15", "::1"] };
    expect(answerText(poke, output, false)).toBe("exit code:  3\naddresses:  10.0.2.15, ::1\n");
    expect(JSON.parse(answerText(poke, output, true))).toEqual(output);
    const machines = [
      { name: "web", ip_addresses: [], labels: { a: "b" }, pid: 7, memory: 2 ** 30 },
      { name: "\u001bdb", ip_addresses: ["::1"], labels: {}, pid: null, memory: 2 ** 20 },
    ];
    expect(answerText(list, { machines }, false)).toBe(
      "NAME    PID  MEMORY  IP ADDRESSES\nweb     7    1 GiB   -\n\\x1bdb  -    1 MiB   ::1\n",
    );
    expect(
      answerText(list, { machines }, true)
        .trim()
        .split("\n")
        .map((each) => JSON.parse(each)),
    ).toEqual(machines);
    expect(answerText(list, { machines: [] }, false)).toBe("");
    const told = { ...list, aliases: { cli: { ...list.aliases.cli, empty: "No machines." } } };
    expect(answerText(told, { machines: [] }, false)).toBe("No machines.\n");
    expect(answerText(told, { machines: [] }, true)).toBe("");
  });

  it("shows each of several things on a line, and numbers in their unit", () => {
    const outputs = z.object({
      uptime: z.number().nullable().meta(inSeconds).describe("Seconds."),
      forwards: z.array(z.object({ port: z.int(), name: z.string().nullable() })).describe("Forwards."),
    });
    const contract = compile(
      query({ ...body, name: "status", summary: "S.", input: z.object({}), output: outputs, examples: [] }),
    );
    const forwards = [
      { port: 22, name: "ssh" },
      { port: 80, name: null },
    ];
    expect(answerText(contract, { uptime: 93_784, forwards }, false)).toBe(
      "uptime:    1 d 2 h\nforwards:  port=22, name=ssh\n           port=80\n",
    );
    expect(answerText(contract, { uptime: null, forwards: [] }, false)).toBe("uptime:    -\nforwards:  -\n");
  });
});

describe("bash completion", () => {
  function complete(...words: string[]): string[] {
    const script = `${bash(verbs)}\nCOMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _guestkit; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const env = { ...process.env, GUESTKIT_DATA_DIR: folder };
    const text = execFileSync("bash", ["-c", script, "bash", "guestkit", ...words], { env, cwd: folder }).toString();
    return text.split("\n").filter((each) => each !== "");
  }
  beforeAll(() => {
    for (const name of ["web", "web-2", "db"]) mkdirSync(join(folder, "machines", name), { recursive: true });
  });

  it("knows groups, their verbs, options and machines", () => {
    expect(complete("v")).toEqual(["vm"]);
    expect(complete("vm", "")).toEqual(["poke", "list", "snapshot", "--help"]);
    expect(complete("vm", "snapshot", "")).toEqual(["list", "--help"]);
    expect(complete("vm", "snapshot", "list", "--")).toEqual(["--json", "--help"]);
    expect(complete("vm", "poke", "--no")).toEqual(["--no-wait", "--no-balloon"]);
    expect(complete("vm", "poke", "--via", "a")).toEqual(["agent"]);
    expect(complete("vm", "poke", "w").sort()).toEqual(["web", "web-2"]);
    expect(complete("vm", "poke", "--timeout", "5", "d")).toEqual(["db"]);
    expect(complete("vm", "poke", "web", "d")).not.toContain("db");
    expect(complete("help", "v")).toEqual(["vm"]);
    expect(complete("help", "vm", "sn")).toEqual(["snapshot"]);
  });
});
