import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { asGuestkitError, atPlace, reportError } from "../../../core/kit/errors.ts";
import { printedLimit, reasonOf } from "../../../core/kit/system-error.ts";
import { SYSTEM_ERRORS } from "../../../core/kit/system-table.ts";
import { scratch } from "../../support/run.ts";

const refusal = (code: string, more: object = {}) =>
  Object.assign(new Error(`${code}: words of the system, write`), { code, syscall: "write", ...more });

describe("what the system refuses", () => {
  it.each(Object.keys(SYSTEM_ERRORS))("%s has a code, a place, what is so, and a next step", (errno) => {
    const { code, message, help, at } = reportError(refusal(errno, { path: "/srv/it's" }));
    const { so } = SYSTEM_ERRORS[errno] ?? {};
    expect({ code, message, at }).toEqual({
      code: `E_SYSTEM_${errno}`,
      message: `Cannot write "/srv/it's": ${so}`,
      at: { file: "/srv/it's" },
    });
    expect(help).not.toMatch(/[%@]|^$/);
    if (help?.includes("/srv/")) expect(help).toContain(`'/srv/it'\\''s'`);
  });

  it("is told in the system's words where the table has none", () => {
    expect(reportError(refusal("EFROB", { path: "/x" })).message).toBe('Cannot write "/x": words of the system');
  });

  it("has both names of a rename, and the address of a connection", () => {
    const rename = refusal("EXDEV", { syscall: "rename", path: "/a", dest: "/b" });
    expect(reportError(rename).message).toMatch(/^Cannot rename "\/a" to "\/b": /);
    const connect = refusal("ECONNREFUSED", { syscall: "connect", address: "::1" });
    expect(reportError(new AggregateError([connect]))).toMatchObject({ code: "E_SYSTEM_ECONNREFUSED", at: null });
  });

  it("names what is being written by its target, not by the name that it goes by until it is whole", async () => {
    const partial = "/srv/.web.img.guestkit-partial-12-0123456789abcdef-image";
    expect(reportError(refusal("EACCES", { syscall: "open", path: partial }))).toMatchObject({
      message: expect.stringContaining('"/srv/web.img"'),
      at: { file: "/srv/web.img" },
    });
    const rename = refusal("EISDIR", { syscall: "rename", path: partial, dest: "/srv/web.img" });
    expect(reportError(rename).message).toMatch(/^Cannot rename "[/]srv[/]web.img": /);
    const called = atPlace("/srv/a", () => Promise.reject(refusal("EACCES", { path: "/srv/.tmp" })), "/srv/.tmp");
    await expect(called).rejects.toMatchObject({ at: { file: "/srv/a" } });
  });

  it("gets the place of an open file, which its error lacks", async () => {
    const work = atPlace("/srv/a", () => Promise.reject(refusal("ENOSPC")));
    await expect(work).rejects.toMatchObject({ code: "E_SYSTEM_ENOSPC", at: { file: "/srv/a" } });
    const other = atPlace("/srv/a", () => Promise.reject(refusal("ENOSPC", { path: "/srv/b" })));
    await expect(other.catch(asGuestkitError)).resolves.toMatchObject({ at: { file: "/srv/b" } });
    const fault = new TypeError("x is undefined");
    await expect(atPlace("/srv/a", () => Promise.reject(fault))).rejects.toBe(fault);
  });

  it("is what Node really throws", async () => {
    const dir = await scratch("system-error");
    const codes = await Promise.all(
      [dir, join(dir, "gone"), join(dir, "x".repeat(300)), `${dir}/a\0b`, "/dev/null/x"].map((path) =>
        readFile(path).then(null, (error) => asGuestkitError(error).code),
      ),
    );
    expect(codes.map((each) => String(each).replace("E_SYSTEM_", ""))).toEqual([
      "EISDIR",
      "ENOENT",
      "ENAMETOOLONG",
      "EINVAL",
      "ENOTDIR",
    ]);
  });

  it("is told from a fault of guestkit", () => {
    expect(asGuestkitError(new TypeError("x is undefined")).code).toBe("E_INTERNAL");
    expect(asGuestkitError(Object.assign(new Error("x"), { code: "ERR_ASSERTION" })).code).toBe("E_INTERNAL");
  });

  it("is recognised in what a program printed", () => {
    expect(printedLimit("qemu-img: error while writing at byte 0: No space left on device")).toMatchObject({
      code: "E_SYSTEM_ENOSPC",
    });
    expect(printedLimit("mke2fs: Read-only file system while creating")?.code).toBe("E_SYSTEM_EROFS");
    expect(printedLimit("ls: No such file or directory")).toBeNull();
    expect(reasonOf(new Error("plain"))).toBe("plain");
  });
});
