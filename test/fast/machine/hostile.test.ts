import { chmod, chown, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { destination } from "../../../core/communicator/ssh/index.ts";
import { GuestkitError, reportError } from "../../../core/kit/errors.ts";
import { machineFolder, prepareFolder } from "../../../core/machine/folder.ts";
import { readRun, writeRun } from "../../../core/machine/run.ts";
import { ConsoleLines, cleanConsole } from "../../../core/qemu/log/console-text.ts";
import { contextIn } from "../../support/machine.ts";
import { scratch } from "../../support/scratch.ts";

const root = await scratch("hostile");

it("trusts no sockets' folder in which another user could put one of his own", async () => {
  for (const [name, spoil] of [
    ["open", (path: string) => chmod(path, 0o777)],
    ...(process.getuid?.() === 0 ? [["theirs", (path: string) => chown(path, 4_000, 4_000)] as const] : []),
  ] as const) {
    const { settings } = contextIn(join(root, name));
    await mkdir(settings.runtimeDir, { recursive: true });
    await spoil(settings.runtimeDir);
    const prepared = prepareFolder(machineFolder("web", settings));
    await expect(prepared).rejects.toMatchObject({ code: "E_FOLDER_FOREIGN" });
  }
});

it("takes no number out of run.json that means many processes, and nothing that is damaged", async () => {
  const folder = machineFolder("web", contextIn(join(root, "run")).settings);
  await prepareFolder(folder);
  const run = {
    ...{ format_version: 1 as const, qemu: { pid: 4_000_000, tag: "" }, program: "qemu", argv: ["-S"] },
    ...{ accelerator: "tcg", forwards: [], display: null, machine: null, ready: null },
  };
  await writeRun(folder, run);
  expect(await readRun(folder)).toEqual(run);
  const damaged = [
    ...[1, 0, -1, 1.5, "7", null].map((pid) => ({ ...run, qemu: { pid, tag: "" } })),
    ...[{ ...run, qemu: 7 }, { ...run, argv: "-S" }, { ...run, argv: [7] }, { ...run, forwards: {} }, [], null, 7],
  ];
  for (const each of damaged) {
    await writeFile(folder.run, JSON.stringify(each));
    expect([each, await readRun(folder)]).toEqual([each, null]);
  }
});

it("cleans a console of strings that never end in no time, and lets nothing of a sequence through", () => {
  const begun = "\x1b]".repeat(1 << 19);
  expect(cleanConsole(begun)).not.toContain("\x1b");
  const lines = new ConsoleLines();
  expect(lines.push(Buffer.from(`${"\x1b]0;\n".repeat(1 << 15)}${"x".repeat(300)}\nend\n`)).at(-1)).toBe("end");
  expect(cleanConsole("a\x1b]0;title\x07b\x1bP1$r\x1b\\c\x1b[31md\x9b1mе\x07")).toBe("abcd1mе");
});

it("writes terminal sequences out in what faces show of an error", () => {
  const error = new GuestkitError("E_X", "guest says:\n\x1b]0;owned\x07 a\\b", { cause: new Error("\x1b[2J") });
  expect(reportError(error)).toMatchObject({ message: "guest says:\n\\x1b]0;owned\\x07 a\\b", cause: "\\x1b[2J" });
});

it("tells ssh where its options end", () => {
  const target = { host: "-oProxyCommand=x", port: 22, user: "root" } as Parameters<typeof destination>[0];
  expect(destination(target).slice(-2)).toEqual(["--", "-oProxyCommand=x"]);
});
