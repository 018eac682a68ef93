import { describe, expect, it } from "vitest";
import { hostNamed } from "../../../core/remote/host.ts";
import { demandMachine } from "../../../core/remote/machine.ts";
import { lineOf, sshWords } from "../../../core/remote/ssh.ts";

describe("the name of a host", () => {
  it.each([
    ["lab", null, "lab", null],
    ["me@lab.example", "me", "lab.example", null],
    ["ssh://lab", null, "lab", null],
    ["ssh://me@lab:2222/", "me", "lab", 2222],
    ["ssh://[fe80::1%eth0]:22", null, "fe80::1%eth0", 22],
  ])("%s", (name, user, destination, port) => {
    expect(hostNamed(name)).toEqual({ name, user, destination, port });
  });

  it.each([
    ...[
      "",
      "-oProxyCommand=id",
      "ssh://-oProxyCommand=id",
      "ssh://-x@lab",
      "-x@lab",
      "a b",
      "lab\n",
      "a;id",
      "$(id)",
      "`id`",
    ],
    ...[
      "http://lab",
      "ssh://",
      "ssh://me:secret@lab",
      "ssh://lab:0",
      "ssh://lab:65536",
      "ssh://lab/x",
      "ssh://lab:22x",
    ],
    ...["@lab", "me@", "me%h@lab", "ssh://me%r@lab", "x".repeat(2000)],
  ])("refuses %j", (name) => {
    expect(() => hostNamed(name)).toThrow(expect.objectContaining({ code: "E_HOST_NAME" }));
  });
});

it("stands behind all of ssh's options, which let nothing be asked or forwarded", () => {
  const words = sshWords(hostNamed("ssh://me@lab:2222"));
  expect(words.slice(-6)).toEqual(["-l", "me", "-p", "2222", "--", "lab"]);
  for (const each of ["BatchMode=yes", "ClearAllForwardings=yes", "ForwardAgent=no"]) expect(words).toContain(each);
});

it.each(["a'b", "a!b", "a\\b", "a\nb"])("makes no line of %j, which some shell would change", (text) => {
  expect(() => lineOf([text])).toThrow();
});

describe("the machine that a thing was made on", () => {
  const [a, b] = [
    { host: "a", id: "1" },
    { host: "b", id: "2" },
  ];
  it("may go by another name, and is not known of old states", () => {
    expect(() => demandMachine("/x", { ...a, host: "other" }, a)).not.toThrow();
    expect(() => demandMachine("/x", null, a)).not.toThrow();
    expect(() => demandMachine("/x", { host: "a", id: null }, a)).not.toThrow();
  });

  it.each([
    [a, b],
    [{ ...a, host: null }, b],
    [a, { ...a, id: "2" }],
    [{ host: "a", id: null }, b],
  ])("is not another one: %j is not %j", (kept, now) => {
    expect(() => demandMachine("/x", kept, now)).toThrow(
      expect.objectContaining({ code: "E_HOST_CHANGED", message: expect.stringMatching(/"\/x".*made on.*"b"|"a"/) }),
    );
  });
});
