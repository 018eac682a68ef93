import { expect, it } from "vitest";
import { publicAddress, readRepository } from "../../../core/ci/git/repository.ts";

it.each([
  ["https://git.example.org/x.git", "https", null],
  ["ssh://git@git.example.org/x.git", "ssh", null],
  ["git@git.example.org:x.git", "ssh", null],
  ["file:///srv/a%20b.git", "file", "/srv/a b.git"],
  ["/srv/x.git", "file", "/srv/x.git"],
])("%s is reached by %s", (text, protocol, path) => {
  expect(readRepository(text, "/jobs")).toEqual({ address: text, protocol, path });
});

it("starts relative paths at the job's folder", () => {
  expect(readRepository("./x", "/jobs")).toEqual({ address: "/jobs/x", protocol: "file", path: "/jobs/x" });
  expect(readRepository("../a:b", "/jobs").path).toBe("/a:b");
});

it.each(["ext::sh -c true", "fd::7", "--upload-pack=sh", "foo://x", "ext://x", "a\nb"])("refuses %j", (text) => {
  expect(() => readRepository(text, "/")).toThrow(expect.objectContaining({ code: "E_CI_REPOSITORY" }));
});

it("refuses a password, which would stand in arguments, and does not tell it", () => {
  const thrown = expect.objectContaining({ code: "E_CI_REPOSITORY", message: expect.not.stringContaining("secret") });
  expect(() => readRepository("https://me:secret@git.example.org/x.git", "/")).toThrow(thrown);
});

it("leaves user and password out of what is shown", () => {
  expect(publicAddress("https://me:secret@git.example.org/x.git")).toBe("https://git.example.org/x.git");
});
