import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { guestkit, guestkitText } from "../../support/cli.ts";
import { scratch } from "../../support/run.ts";

const dir = await scratch("plan-text");
const LONG = "a text that is longer than what one line of a terminal has room for and then some more";

const file = (machine: string) => `version: 1
variables: { word: { sensitive: true, default: hunter22 } }
resources:
  disk_image:
    root: { path: ./root.qcow2, size: 64M }
    more:
      path: ./more.raw
      format: raw
      size: 32M
      layout: { partitions: [{ name: data, filesystem: ext4, label: "\${var.word}" }] }
      files:
        - { path: /secret, secret_content: "\${file.secret.txt}", secret_content_version: 1 }
        - { path: /note, content: "\${file.note.txt}" }
        - { path: /long, content: ${LONG} }
  virtual_machine:
    web:
      name: plan-text
      running: false
${machine}
outputs:
  memory: \${virtual_machine.web.memory}
  bytes: \${disk_image.root.virtual_size}
  disks: \${virtual_machine.web.disks}
  long: ${LONG}
  word: \${var.word}
`;

const SMALL = `      memory: 512M
      labels: { role: "yes", "a b": "1" }
      disks: { root: { image: "\${disk_image.root.id}" } }`;
const LARGE = `      memory: 768M
      labels: { role: web }
      disks:
        root: { image: "\${disk_image.root.id}" }
        more: { image: "\${disk_image.more.id}", format: raw }`;

/** A folder with its own guestkit.yaml and its own machines. */
async function work(name: string) {
  const cwd = join(dir, name);
  await mkdir(cwd);
  await writeFile(join(cwd, "secret.txt"), "correct horse");
  await writeFile(join(cwd, "note.txt"), "battery staple");
  const env = {
    GUESTKIT_RUNTIME_DIR: join(cwd, "run"),
    GUESTKIT_DATA_DIR: join(cwd, "data"),
    NO_COLOR: "",
    FORCE_COLOR: "",
  };
  const text = (args: string[], more = {}) => guestkitText(args, { cwd, env: { ...env, ...more } });
  return {
    cwd,
    text,
    call: (...args: string[]) => guestkit(args, { cwd, env }),
    declare: (machine: string) => writeFile(join(cwd, "guestkit.yaml"), file(machine)),
  };
}

describe("a plan for people, and outputs", () => {
  it("show what is made, what changes within, and what there is", async () => {
    const { cwd, text, call, declare } = await work("plan");
    await declare(SMALL);
    const planned = await text(["plan"]);
    expect(planned).toContain(`+ disk_image.more will be created
    path: ./more.raw
    format: raw
    size: 32M
    layout:
      partitions:
        - name: data
          filesystem: ext4
          label: (secret)
    files:
      - path: /secret
        secret_content: (secret)
        secret_content_version: 1
      - path: /note
        content: "\${file.note.txt}"
      - path: /long
        content: ${LONG}
`);
    expect(planned).toContain(`+ virtual_machine.web will be created
    name: plan-text
    running: false
    memory: 512M
    labels:
      role: "yes"
      a b: "1"
    disks:
      root:
        image: ${cwd}/root.qcow2

Plan: 3 to create.
`);
    const early = await call("output", "--raw", "bytes");
    expect([early.exitCode, early.stderr]).toEqual([
      1,
      expect.stringContaining('Cannot show "bytes": what it hangs on is not there yet'),
    ]);
    expect(await text(["output"])).toContain("bytes = (known after apply)\n");

    await text(["apply", "--auto-approve"]);
    await declare(LARGE);
    const changed = await text(["plan"]);
    expect(changed).toContain("    memory: 512M -> 768M  (");
    expect(changed).toContain('    labels.role: "yes" -> web  (');
    expect(changed).toContain('    labels.a b: "1" -> (none)  (');
    expect(changed).toMatch(/^ {4}disks\.more: {2}\(.*\)\n {6}\+ image: .*more\.raw\n {6}\+ format: raw\n/m);
    expect(await text(["plan"], { FORCE_COLOR: "1" })).toContain(
      "\x1b[33m~ virtual_machine.web will be updated in place\x1b[39m\n",
    );
    for (const env of [{ NO_COLOR: "1" }, { FORCE_COLOR: "0" }]) expect(await text(["plan"], env)).toBe(changed);

    // What is, not what will be.
    expect(await text(["output"])).toContain(`memory = ${512 << 20}\nbytes = ${64 << 20}\n`);
    expect(await text(["output"])).toContain(`long = ${JSON.stringify(LONG)}\nword = "(secret)"\n`);
    const all = JSON.parse(await text(["output", "--json"]));
    expect(all).toMatchObject({
      memory: 512 << 20,
      disks: { root: { image: join(cwd, "root.qcow2") } },
      word: "(secret)",
    });
    expect(await text(["output", "long"])).toBe(`${JSON.stringify(LONG)}\n`);
    expect(await text(["output", "--raw", "long"])).toBe(LONG);
    expect(await text(["output", "word"])).toBe('"(secret)"\n');
    expect(await text(["output", "--raw", "word"])).toBe("hunter22");
    expect(await text(["output", "--json", "bytes"])).toBe(`${64 << 20}\n`);
    await text(["destroy", "--auto-approve"]);
  });

  it.each([
    [["output", "nope"], 1, 'Cannot show "nope": the project file has no such output\n  Outputs: memory, bytes'],
    [["output", "--raw"], 64, "--raw wants the NAME of one output"],
    [["output", "--raw", "--json", "word"], 64, "--raw and --json are two ways to print one value"],
  ])("%j is refused", async (args, code, message) => {
    const { call, declare } = await work(args.join("").replace(/\W/g, ""));
    await declare(SMALL);
    const { exitCode, stderr } = await call(...args);
    expect([exitCode, stderr]).toEqual([code, expect.stringContaining(message)]);
  });
});
