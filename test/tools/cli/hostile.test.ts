import { copyFile, lstat, readdir, readFile, readlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { guestkit, guestkitText } from "../../support/cli.ts";
import { withMount } from "../../support/mounted.ts";
import { run, scratch } from "../../support/run.ts";
import { blankExt4 } from "./filled-image.ts";

const dir = await scratch("hostile");

/** Every name that could disturb a terminal or lead somewhere else. */
const MAKE = `
import os, sys
root = os.fsencode(sys.argv[1])
def at(*names): return os.path.join(root, *names)
os.makedirs(at(b"etc/sub"))
def write(*names):
    with open(at(*names), "wb") as out: out.write(b"guest\\n")
for name in (b"new\\nline", b"esc\\x1b]0;owned\\x07\\x1b[2J", b"\\xff\\xfe", b"n" * 255, b"-rf", b"..\\\\evil", b"bidi\\xe2\\x80\\xaegnp.exe", b" ", b"etc.passwd"):
    write(b"etc", name)
os.symlink(b"/etc/passwd", at(b"etc/absolute"))
os.symlink(b"/etc", at(b"etc/out"))
os.symlink(b"/root/.ssh", at(b"etc/host"))
os.symlink(b"../../../../etc/passwd", at(b"etc/climb"))
os.symlink(b"loop-b", at(b"etc/loop-a"))
os.symlink(b"loop-a", at(b"etc/loop-b"))
os.symlink(b"..", at(b"etc/sub/up"))
os.symlink(b"sub/up/../../outside", at(b"etc/through"))
os.symlink(b"etc.passwd", at(b"etc/inside"))
os.mkfifo(at(b"etc/fifo"))
os.mknod(at(b"etc/sda"), 0o060666, os.makedev(8, 0))
`;

async function hostileImage(name: string, options: readonly string[] = []): Promise<string> {
  const image = join(dir, name);
  await blankExt4(image, 16, options);
  await withMount(image, "rw", (mounted) => run("python3", ["-c", MAKE, mounted]));
  return image;
}

const image = await hostileImage("hostile.raw");

/** Every path below a folder that, links followed, is outside of it. */
async function escapes(folder: string): Promise<string[]> {
  const script = `import os, sys
root = os.fsencode(sys.argv[1])
for base, folders, files in os.walk(root):
    for name in folders + files:
        real = os.path.realpath(os.path.join(base, name))
        if real != root and not real.startswith(root + b"/"): print(os.path.join(base, name), real)`;
  return (await run("python3", ["-c", script, folder])).split("\n").filter(Boolean);
}

/** What a terminal would take as more than text. */
function disturbing(text: string): string[] {
  return [...text].filter((char) => char !== "\n" && /[\p{Cc}\p{Cf}]/u.test(char));
}

describe("an image with hostile names", () => {
  it("is listed without a control character reaching the terminal", async () => {
    for (const args of [
      ["ls", "-R", image],
      ["ls", "-lR", image],
      ["ls", "-R", "--json", image],
    ]) {
      const text = await guestkitText(args);
      expect(disturbing(text)).toEqual([]);
      expect(text.split("\n").filter((line) => line.includes("owned"))).toHaveLength(1);
    }
    const { stderr } = await guestkit(["cat", image, "/etc/\x1b[2Jnone\nsuch"]);
    expect(stderr).not.toContain("\x1b");
  });

  it("is copied out whole, and nothing leads out of the folder", async () => {
    const out = join(dir, "out");
    const { exitCode, stderr } = await guestkit(["cp", "-r", `${image}:/etc`, out]);
    expect({ exitCode, disturbing: disturbing(stderr) }).toEqual({ exitCode: 0, disturbing: [] });
    const names = (await readdir(out, { encoding: "buffer" })).map((name) => name.toString("latin1"));
    for (const name of ["new\nline", "esc\x1b]0;owned\x07\x1b[2J", "\xff\xfe", "n".repeat(255), "-rf", "..\\evil"]) {
      expect(names).toContain(name);
    }
    expect(await escapes(out)).toEqual([]);
    expect(await readlink(join(out, "inside"))).toBe("etc.passwd");
    for (const left of ["host", "climb", "through", "fifo", "sda"]) {
      expect(names).not.toContain(left);
      expect(stderr).toContain(`left out ${left}:`);
    }
    // Absolute ones that stay below what is copied lead there, not to the host's /etc.
    expect([await readlink(join(out, "out")), await readlink(join(out, "absolute"))]).toEqual([".", "passwd"]);
  });

  it("never writes through a link that stands at the destination", async () => {
    const out = join(dir, "planted");
    const victim = join(dir, "victim");
    await writeFile(victim, "host\n");
    await run("sh", [
      "-e",
      "-c",
      'mkdir "$1" "$1/etc"; ln -s "$2" "$1/etc/-rf"; ln -s "$3" "$1/etc/sub"',
      "sh",
      out,
      victim,
      dir,
    ]);
    const refused = await guestkit(["cp", "-r", `${image}:/etc`, out]);
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toMatch(/something that is no folder stands there/);
    expect(await readFile(victim, "utf8")).toBe("host\n");
    expect((await lstat(join(out, "etc/-rf"))).isFile()).toBe(true);
    expect((await readdir(dir)).filter((name) => name.includes("up"))).toEqual([]);
  });

  it("changes nothing the second time, and tells beforehand what it would", async () => {
    const out = join(dir, "twice");
    const before = JSON.parse(await guestkitText(["cp", "-r", "--dry-run", "--json", `${image}:/etc`, out]));
    await expect(lstat(out)).rejects.toThrow("ENOENT");
    const first = JSON.parse(await guestkitText(["cp", "-r", "--json", `${image}:/etc`, out]));
    await run("mv", [out, `${out}.moved`]);
    const again = JSON.parse(await guestkitText(["cp", "-r", "--json", `${image}:/etc/.`, `${out}.moved`]));
    expect(before.copied).toBe(first.copied);
    expect(first.copied).toBeGreaterThan(10);
    expect(again.copied).toBe(0);
    expect((await readdir(`${out}.moved`)).filter((name) => name.includes("partial"))).toEqual([]);
  });

  it("whose directory holds ../ and absolute names is refused or left out, never followed", async () => {
    const crafted = join(dir, "crafted.raw");
    await copyFile(await hostileImage("plain.raw", ["-O", "^metadata_csum,^dir_index"]), crafted);
    const bytes = await readFile(crafted);
    bytes.write("../scaping", bytes.indexOf("etc.passwd"), "latin1");
    await writeFile(crafted, bytes);
    const out = join(dir, "crafted");
    const listed = await guestkit(["ls", "-R", "--json", crafted]);
    const copied = await guestkit(["cp", "-r", `${crafted}:/etc`, out]);
    for (const each of [listed, copied]) {
      if (each.exitCode !== 0) expect(each.stderr).toMatch(/^Cannot /);
    }
    expect((await readdir(dir)).filter((name) => name.startsWith("scaping"))).toEqual([]);
    expect(await escapes(dir)).toEqual([]);
  });
});
