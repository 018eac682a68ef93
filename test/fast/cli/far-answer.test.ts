import { expect, it } from "vitest";
import { farAnswer } from "../../../cli/verb/vm/far-answer.ts";

const good = { host: "127.0.0.1", port: 2222, user: "root", key_file: "/d/ssh_key", known_hosts: "/d/known_hosts" };
const answer = (more: object) => farAnswer(JSON.stringify({ ...good, ...more }));

it("takes addresses, users, ports and paths as machines have them", () => {
  expect(answer({ name: "web", more: 1 })).toEqual(good);
  for (const host of ["fe80::1%eth0", "10.0.0.2", "web.example"]) expect(answer({ host })?.host).toBe(host);
  for (const user of ["debian", "CORP\\me", "me@corp", "jürgen", "a-b"]) expect(answer({ user })?.user).toBe(user);
  expect(answer({ key_file: "/my files/it's a key" })?.key_file).toBe("/my files/it's a key");
});

it("takes nothing that ssh or its configuration would take for more", () => {
  const words = [
    "root\n  ProxyCommand touch x",
    "-oProxyCommand=x",
    "",
    "a b",
    "a\tb",
    "a\0",
    "$(x)",
    "${X}",
    '"',
    "#",
    1,
  ];
  for (const word of [...words, null, ["root"], "x".repeat(256)]) {
    expect([answer({ host: word }), answer({ user: word })], JSON.stringify(word)).toEqual([null, null]);
  }
  for (const port of [0, -1, 65_536, 1.5, "22", "22\n  ProxyCommand x", null]) expect(answer({ port })).toBeNull();
  for (const path of ["key", "", "/a\nb", "/\0", 1, null, `/${"x".repeat(4096)}`]) {
    expect([answer({ key_file: path }), answer({ known_hosts: path })]).toEqual([null, null]);
  }
  for (const text of ["", "Welcome\n{}", "null", "[]", "{}", '"x"', "{"]) expect(farAnswer(text)).toBeNull();
});
