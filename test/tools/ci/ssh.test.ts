import { chmod, readdir, readFile, writeFile } from "node:fs/promises";
import { beforeAll, describe, expect, it } from "vitest";
import { type Signing, Workshop } from "./workshop.ts";

/** What would be run, were the commit accepted. */
const ran = (shop: Workshop) => readFile(shop.path("ran"), "utf8").catch(() => "");
const touching = (shop: Workshop) => [{ name: "runs", command: ["sh", "-c", `echo ran >> ${shop.path("ran")}`] }];

describe("SSH signatures", async () => {
  const shop = await Workshop.open();
  let ada: Signing;
  let eve: Signing;
  let allowed: string;

  beforeAll(async () => {
    ada = await shop.sshKey("ada");
    eve = await shop.sshKey("eve");
    allowed = await shop.allow("allowed", 'ada namespaces="git"');
  });

  async function refused(name: string, ref: string, signers: Record<string, string>, code: string): Promise<string> {
    await writeFile(shop.path("ran"), "");
    await shop.job(name, { ref, signers, checks: touching(shop) });
    const error = await shop.run(name).then(
      () => null,
      (thrown: Error) => thrown,
    );
    expect(error).toMatchObject({ code });
    expect(await ran(shop)).toBe("");
    expect(await readdir(shop.path(`data/ci/${name}`))).not.toContain("work");
    const status = await shop.status(name);
    expect(status).toMatchObject({ result: "refused", exit_code: 1, reason: { code }, signer: null, changes: [] });
    expect(status.steps.map((each) => [each.name, each.result])).toEqual([
      ["fetch", "passed"],
      ["verify", "refused"],
    ]);
    return error?.message ?? "";
  }

  it("takes a commit that an allowed key signed, and tells whose it is", async () => {
    const commit = await shop.commit("first", { "file.txt": "one\n" }, ada);
    await shop.job("good", { signers: { allowed_signers: allowed }, checks: touching(shop) });
    const output = await shop.run("good");
    expect(output).toMatchObject({ result: "passed", commit, signer: "ada@example.org" });
    expect(await ran(shop)).toBe("ran\n");
    expect(await readFile(shop.path("data/ci/good/work/file.txt"), "utf8")).toBe("one\n");
    expect(await shop.status("good")).toMatchObject({
      ...{ result: "passed", exit_code: 0, reason: null, ref: "refs/heads/main" },
      signer: { kind: "ssh", name: "ada@example.org", by: "commit", key: expect.stringMatching(/^SHA256:/) },
      commit: { id: commit, subject: "first", author: "Ada <ada@example.org>" },
    });
  });

  it("takes a signed tag of an unsigned commit, and no tag that was renamed or that another key signed", async () => {
    await shop.git(["checkout", "--quiet", "-b", "releases"]);
    const commit = await shop.commit("unsigned, but tagged", { "file.txt": "two\n" }, null);
    await shop.git([...ada, "tag", "-s", "v1", "-m", "one"]);
    await shop.job("tag", { ref: "v1", signers: { allowed_signers: allowed } });
    expect(await shop.run("tag")).toMatchObject({ commit, signer: "ada@example.org" });
    expect(await shop.status("tag")).toMatchObject({ ref: "refs/tags/v1", signer: { by: "tag" } });
    const signers = { allowed_signers: allowed };
    await shop.git(["update-ref", "refs/tags/v2", await shop.head("refs/tags/v1")]);
    expect(await refused("renamed", "v2", signers, "E_CI_TAG")).toContain('signed as "v1"');
    await shop.git([...eve, "tag", "-s", "v3", "-m", "three"]);
    await refused("eve-tag", "v3", signers, "E_CI_SIGNATURE");
    await shop.git(["tag", "-a", "v4", "-m", "four"]);
    await refused("plain-tag", "v4", signers, "E_CI_UNSIGNED");
  });

  it("refuses what is not signed, is signed by another key, or was changed after", async () => {
    const signers = { allowed_signers: allowed };
    await shop.git(["checkout", "--quiet", "-b", "unsigned", "main"]);
    await shop.commit("no signature", {}, null);
    expect(await refused("unsigned", "unsigned", signers, "E_CI_UNSIGNED")).toContain(await shop.head());
    await shop.git(["checkout", "--quiet", "-b", "eve", "main"]);
    await shop.commit("by somebody else", {}, eve);
    await refused("eve", "eve", signers, "E_CI_SIGNATURE");
    const raw = `${await shop.git(["cat-file", "commit", "main"])}\n`;
    const tampered = raw.replace("\n\nfirst", "\n\nworse");
    expect(tampered).not.toBe(raw);
    const oid = await shop.git(["hash-object", "-t", "commit", "-w", "--stdin"], {}, tampered);
    await shop.git(["update-ref", "refs/heads/tampered", oid]);
    await refused("tampered", "tampered", signers, "E_CI_SIGNATURE");
    // A second signature header: which of the two speaks for the commit?
    const twice = raw.replace(/^gpgsig [\s\S]*?-----END SSH SIGNATURE-----\n/m, "$&$&");
    const double = await shop.git(["hash-object", "-t", "commit", "-w", "--literally", "--stdin"], {}, twice);
    await shop.git(["update-ref", "refs/heads/double", double]);
    await refused("double", "double", signers, "E_CI_SIGNATURE");
  });

  it("refuses keys that were revoked, are for something else, or are not valid any more, whatever the commit's date", async () => {
    await refused(
      "revoked",
      "main",
      { allowed_signers: allowed, revoked_keys: shop.path("ada.pub") },
      "E_CI_SIGNATURE",
    );
    const other = await shop.allow("other", 'ada namespaces="file"');
    await refused("namespace", "main", { allowed_signers: other }, "E_CI_SIGNATURE");
    const expired = await shop.allow("expired", 'ada valid-before="20200101"');
    await refused("expired", "main", { allowed_signers: expired }, "E_CI_SIGNATURE");
    await shop.git(["checkout", "--quiet", "-b", "backdated", "main"]);
    const date = { GIT_COMMITTER_DATE: "2019-06-01T00:00:00Z" };
    await shop.commit("long ago, as it says", {}, ada, date);
    await shop.git(["-c", `gpg.ssh.allowedSignersFile=${expired}`, "verify-commit", "HEAD"]);
    expect(await refused("backdated", "backdated", { allowed_signers: expired }, "E_CI_SIGNATURE")).toContain(
      "any more",
    );
  });

  it("refuses to trust a list of keys that others may write to", async () => {
    await writeFile(shop.path("ran"), "");
    const open = await shop.allow("open", "ada");
    await chmod(open, 0o666);
    await shop.job("open", { signers: { allowed_signers: open }, checks: touching(shop) });
    await expect(shop.run("open")).rejects.toMatchObject({
      code: "E_CI_FAILED",
      message: expect.stringContaining("trust"),
    });
    expect(await ran(shop)).toBe("");
  });
});
