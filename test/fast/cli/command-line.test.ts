import { describe, expect, it, vi } from "vitest";
import { completionScript } from "../../../cli/command/completion.ts";
import { help, overview } from "../../../cli/command/help.ts";
import { IMAGE_FORMAT } from "../../../cli/command/options.ts";
import { parse } from "../../../cli/command/parse.ts";
import { commandOf, commands } from "../../../cli/command/table.ts";
import { main } from "../../../cli/main.ts";

const { signal } = new AbortController();
const ls = commandOf("ls");
if (!ls) throw new Error("there is no ls");

describe("a verb's table", () => {
  it.each(commands)("$name has help with its options, and an example", (command) => {
    const text = help(command);
    for (const name of Object.keys(command.options)) expect(text).toContain(`--${name}`);
    expect(command.examples.length).toBeGreaterThan(0);
    expect(overview()).toContain(`  ${command.name}`);
  });

  it.each(commands)("$name tells what each option may be, and which may be there several times", (command) => {
    const rows = help(command)
      .replace(/\n {8,}/g, " ")
      .split("\n");
    for (const [name, { choices = [], multiple }] of Object.entries(command.options)) {
      const row = rows.find((each) => /^ {2}( {4}|-.)/.test(each) && each.includes(` --${name}`)) ?? "";
      for (const choice of choices) expect(row, name).toContain(choice);
      if (multiple) expect(row, name).toContain("May be given more than once");
    }
  });

  it.each(commands)("$name's help fits on a terminal", (command) => {
    const [text = ""] = help(command).split("\nExamples:");
    expect(text.split("\n").filter((line) => line.length > 124)).toEqual([]);
  });

  it.each(commands)("$name has a module with run", async (command) => {
    expect(typeof (await command.load()).run).toBe("function");
  });

  it("names every verb once, and no short option twice", () => {
    expect(new Set(commands.map(({ name }) => name)).size).toBe(commands.length);
    for (const { options, name } of commands) {
      const short = Object.values(options).flatMap((each) => each.short ?? []);
      expect(new Set(short).size, name).toBe(short.length);
      expect(short).not.toContain("h");
    }
  });

  it("is in every shell's completion", () => {
    for (const shell of ["bash", "zsh", "fish"]) {
      const script = completionScript(shell);
      for (const { name } of commands) expect(script, shell).toContain(name);
    }
  });
});

describe("a command line", () => {
  it("has flags, values and arguments", () => {
    const { flags, values, positionals } = parse(ls, ["-R", "--json", "--partition", "2", "a.qcow2", "/etc"], signal);
    expect([...flags].sort()).toEqual(["json", "recursive"]);
    expect(values).toEqual({ partition: "2" });
    expect(positionals).toEqual(["a.qcow2", "/etc"]);
  });

  it.each([
    [[], "IMAGE is missing"],
    [["a", "b", "c"], '"c" is one argument too many'],
    [["a", "--nope"], "there is no option --nope"],
    [["a", "--image-format", "iso"], `--image-format must be one of ${IMAGE_FORMAT.choices.join(", ")}, not "iso"`],
  ])("%j is refused", (args, message) => {
    expect(() => parse(ls, args, signal)).toThrow(
      expect.objectContaining({ code: "E_USAGE", message: `Cannot run ls: ${message}` }),
    );
  });

  it.each([
    [["a", "--recusive"], "Did you mean --recursive? See guestkit ls --help"],
    [["a", "--image_format=raw"], "Did you mean --image-format? See guestkit ls --help"],
    [["a", "--image-format", "qcow3"], "Did you mean qcow2? See guestkit ls --help"],
    [["a", "--nope"], "See guestkit ls --help"],
    [["a", "-q"], "See guestkit ls --help"],
  ])("%j is told what may have been meant", (args, help) => {
    expect(() => parse(ls, args, signal)).toThrow(expect.objectContaining({ code: "E_USAGE", help }));
  });

  it.each([
    [["inspct"], "Did you mean inspect? See guestkit --help"],
    [["vm", "stpo"], "Did you mean stop? See guestkit vm --help"],
    [["vm", "snapshot", "lsit"], "Did you mean list? See guestkit vm snapshot --help"],
    [["console"], "Did you mean vm console? See guestkit --help"],
    [["hepl"], "Did you mean help? See guestkit --help"],
    [["frobnicate"], "See guestkit --help"],
    [["help", "inspct"], "Did you mean inspect? See guestkit --help"],
    [["help", "vm", "stpo"], "Did you mean stop? See guestkit vm --help"],
  ])("%j is no verb, and the near one is named", async (args, help) => {
    const written: string[] = [];
    const write = vi.spyOn(process.stderr, "write").mockImplementation((text) => written.push(String(text)) > 0);
    expect(await main(args)).toBe(64);
    write.mockRestore();
    expect(written.join("")).toContain(help);
  });

  it.each([
    [["diff", "--json", "--stat", "a", "b"], "--json and --stat exclude one another"],
    [["check", "--json", "--format", "junit", "a", "--profile", "hardened"], "--json and --format junit exclude one"],
    [["check", "a"], "RULES is missing, and --profile as well"],
  ])("%j, which contradicts itself, is refused before anything is read", async (args, message) => {
    const written: string[] = [];
    const write = vi.spyOn(process.stderr, "write").mockImplementation((text) => written.push(String(text)) > 0);
    expect(await main(args)).toBe(64);
    write.mockRestore();
    expect(written.join("")).toContain(message);
  });

  it("takes what follows -- as arguments", () => {
    expect(parse(ls, ["--", "-odd.img"], signal).positionals).toEqual(["-odd.img"]);
  });
});
