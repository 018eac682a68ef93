import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { contractOf } from "../../../core/model/index.ts";
import { createEngine } from "../../../core/resource/index.ts";
import { sha512Crypt } from "../../../core/seed/index.ts";
import { scratch } from "../../support/scratch.ts";
import { run } from "../../support/tool.ts";

const dir = await scratch("crypt");

/** https://www.akkadia.org/drepper/SHA-crypt.txt */
it("gives the specification's own hash", async () => {
  expect(await sha512Crypt("Hello world!", { rounds: 10_000, salt: "saltstringsaltst" })).toBe(
    "$6$rounds=10000$saltstringsaltst$OW1/O6BYHV6BcXZu8QVeXbDWra3Oeqh0sbHbbMCVNSnCM/UrjmM0Dp8vOuZeHBy/YTBmSK6H9qs/y3RnOaw5v.",
  );
});

it("gives what openssl gives, whatever the lengths of password and salt", async () => {
  const cases = [1, 2, 31, 63, 64, 65, 127, 128, 129].map((length, at) => ({
    password: "ä%Z".repeat(length).slice(0, length),
    salt: "./09AZazbcdefghi".slice(0, 1 + ((at * 5) % 16)),
  }));
  const list = join(dir, "passwords");
  for (const { password, salt } of cases) {
    await writeFile(list, `${password}\n`);
    const theirs = await run("openssl", ["passwd", "-6", "-salt", salt, "-in", list]);
    expect(await sha512Crypt(password, { rounds: 5000, salt })).toBe(theirs.trim());
  }
});

it("makes a key that ssh-keygen reads, of which it tells the same", async () => {
  const pair = await createEngine().query(contractOf("key_pair", "secret"), { comment: "web" });
  const file = join(dir, "key");
  await writeFile(file, String(pair.private_key), { mode: 0o600 });
  const [half, told] = [await run("ssh-keygen", ["-y", "-f", file]), await run("ssh-keygen", ["-l", "-f", file])];
  expect(half.trim()).toBe(pair.public_key);
  expect(told).toContain(` ${String(pair.fingerprint)} web `);
});
