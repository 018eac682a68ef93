import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { readDocument } from "../../../core/seed/document.ts";
import { Random } from "../../support/random.ts";
import { scratch } from "../../support/scratch.ts";
import { run } from "../../support/tool.ts";

const dir = await scratch("seed-document");

/** Whether cloud-init's loader takes each text, and as a mapping. */
const ORACLE = `
import json, sys, yaml
def taken(text):
    try:
        value = yaml.safe_load(text.encode())
    except Exception:
        return False
    return value is None or isinstance(value, dict)
print(json.dumps([taken(text) for text in json.load(open(sys.argv[1]))]))
`;

async function told(texts: readonly string[]): Promise<readonly boolean[]> {
  const file = join(dir, "texts.json");
  await writeFile(file, JSON.stringify(texts));
  return JSON.parse(await run("python3", ["-c", ORACLE, file]));
}

const TEXTS = [
  ...[
    "a:\tb",
    "a: b\t# c",
    "a: b\tc",
    "a: b\t",
    "\ta: b",
    "a: [b,\tc]",
    "a: 'x\ty'",
    "k:\n - |\n  \tx",
    "a: b\n\t\nc: d",
  ],
  ...["a: {{ x }}", "a: '{{ x }}'", "a: !foo b", "a: !!str 1", "a: {b:1}", "a: {b, c}", "{a: 1, a: 2}", "? [a]\n: b"],
  ...[
    "a: *x",
    "a: &x b\nc: *x",
    "a: b\x07",
    "a: %b",
    "a: @b",
    "a: `x`",
    "--- \na: 1\n--- \nb: 1",
    "a: 1\n...\n",
    "x: - b",
  ],
  ...["a: b: c", "a: 'b' c", "a:\n  - b\n c: d", "a: - b", 'a: "x\\qy"', "<<: x\na: 1", "<<: {a: 1}\nb: 2", "a: [1, 2"],
  ...["", "# x", "- a", "a", "a: |\n   x\n  y", "a: >\n x\n\n y\n", "a:\n- b\n- c: d\n  e: f", "a: 'it''s'", "a: yes"],
  ...["%YAML 1.1\n---\na: 1", "passwd:6ea1\nb: c", "a: b\nc", "a: b # c: d", "'a': b", '{"a":{"b":[1,2]}}', "a: [,]"],
  ...[
    "a: {\n}\nb: [\n 1\n]\n",
    "a:\r\n  b: c\r\n",
    "a: |\r\n  x\r\n",
    "é: ü",
    "\ufeffa: b",
    "a: 0o9\nb: 0x1F",
    ": b",
    "a: ~\nb:",
  ],
];

it("takes and drops what python3-yaml takes and drops", async () => {
  const taken = await told(TEXTS);
  for (const [index, text] of TEXTS.entries()) expect(readDocument(text).fault === null, text).toBe(taken[index]);
});

const DOCUMENT = `#cloud-config
users:
  - default
  - name: "bob"
    groups: [adm, sudo]
    ssh_authorized_keys:
      - ssh-ed25519 AAAA x@y # c
write_files:
  - path: /x
    content: |
      a: b
      \tc
runcmd:
  - echo 'a: b'
  - [ls, "-l"]
d: {a: b, c: [1, 2]}
`;

/** A slip of the fingers. */
function slip(random: Random): string {
  const chars = [...DOCUMENT];
  const at = 14 + random.below(chars.length - 14);
  const other = random.pick([..."\t :-[]{}'\"#&*!|>%@,\n?ab\\"]);
  chars.splice(at, random.below(2), ...(random.below(3) === 0 ? [] : [other]));
  return chars.join("");
}

it("agrees with it over slips of the fingers, and hardly ever refuses what it takes", async () => {
  const random = new Random(11);
  const texts = Array.from({ length: 1000 }, () => slip(random));
  const taken = await told(texts);
  const wrong = texts.filter((text, index) => (readDocument(text).fault === null) !== taken[index]);
  const refused = texts.filter((text, index) => readDocument(text).fault !== null && taken[index]);
  expect(wrong.length, wrong.join("\n---\n")).toBeLessThanOrEqual(20);
  expect(refused.length, refused.join("\n---\n")).toBeLessThanOrEqual(6);
  expect(taken.filter((each) => !each).length).toBeGreaterThan(300);
});
