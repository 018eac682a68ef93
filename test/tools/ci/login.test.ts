import { readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join, normalize } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { guestkit } from "../../support/cli.ts";
import { Workshop } from "./workshop.ts";

const LOGIN = `Basic ${Buffer.from("ada:word-of-hers").toString("base64")}`;

/** The files of a repository, for who logs in (git's dumb protocol); gives its address. */
async function serve(repository: string): Promise<string> {
  const server = createServer(async (request, response) => {
    if (request.headers.authorization !== LOGIN) {
      return void response.writeHead(401, { "www-authenticate": 'Basic realm="git"' }).end();
    }
    const path = join(repository, ".git", normalize(new URL(request.url ?? "", "http://host").pathname));
    await readFile(path).then(
      (bytes) => response.end(bytes),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

it("logs in to a server by the credential helper that the user's own git has for it, and by no other", async () => {
  const shop = await Workshop.open("login");
  const ada = await shop.sshKey("ada");
  await shop.commit("signed", { file: "text" }, ada);
  await shop.git(["update-server-info"]);
  const address = await serve(shop.repository);
  const job = { repository: address, signers: { allowed_signers: await shop.allow("allowed", "ada") } };
  await shop.job("login", job);
  const home = shop.path(".");
  const run = () => {
    const env = { HOME: home, XDG_CONFIG_HOME: shop.path("config"), GUESTKIT_DATA_DIR: shop.path("data") };
    return guestkit(["ci", "run", "login", "--dry-run"], { env });
  };
  const helper = (url: string) =>
    writeFile(
      shop.path(".gitconfig"),
      `[credential "${url}"]\n\thelper = "!f() { echo username=ada; echo password=word-of-hers; }; f"\n`,
    );
  await helper("http://another.example/");
  expect((await run()).exitCode).toBe(1);
  await helper(address);
  const { exitCode, stderr, stdout } = await run();
  expect(exitCode, stderr).toBe(0);
  expect(stdout.toString() + stderr).not.toContain("word-of-hers");
});
