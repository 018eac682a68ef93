import { readdir, readFile } from "node:fs/promises";
import { beforeAll, describe, expect, it } from "vitest";
import { type Signing, Workshop } from "./workshop.ts";

const ESCAPE = "\u001b";
const TURN = "\u202e";
const HOSTILE = `<script>alert("1")</script> & 'quotes' ${ESCAPE}[31mred${ESCAPE}[0m ${TURN}esrever`;

describe("the report", async () => {
  const shop = await Workshop.open();
  let ada: Signing;

  beforeAll(async () => {
    ada = await shop.sshKey("ada");
    const signers = { allowed_signers: await shop.allow("allowed", "ada") };
    const checks = [{ name: "says <b>", command: ["printf", `${HOSTILE}\\n</pre>`] }];
    await shop.job("daily", { signers, checks, keep: 3 });
  });

  it("shows what strangers wrote as text, on a page of its own without scripts", async () => {
    // git takes <, > and line breaks out of names itself; what it leaves is text as well.
    const author = { GIT_AUTHOR_NAME: `Eve "&' ${ESCAPE}[31m ${TURN}`, GIT_AUTHOR_EMAIL: "eve@example.org" };
    await shop.commit(HOSTILE, {}, ada, author);
    await shop.run("daily");
    const page = await readFile(shop.path("data/ci/daily/report/index.html"), "utf8");
    expect(page).not.toMatch(/<script|<img|<b>/);
    for (const each of [ESCAPE, TURN]) expect(page).not.toContain(each);
    expect(page).toContain("&#60;script&#62;alert(&#34;1&#34;)");
    expect(page).toContain("Eve &#34;&#38;&#39; \\x1b[31m \\u{202e} &#60;eve@example.org&#62;");
    // Nothing is loaded from anywhere; whoever cannot see has captions, scopes and words instead of colours.
    expect(page).not.toMatch(/(src|href)="(?!logs\/)/);
    expect(page).toMatch(/^<!DOCTYPE html>\n<html lang="en">/);
    expect(page).toMatch(/<caption>Checks<\/caption>[\s\S]*<th scope="col">Result<\/th>[\s\S]*>passed</);
    const commit = await shop.head();
    const status = await shop.status("daily");
    expect(status.commit?.subject).toContain("\\x1b[31mred");
    expect(status).toMatchObject({ format_version: 1, job: "daily", result: "passed", commit: { id: commit } });
    for (const each of [ESCAPE, TURN]) expect(await readFile(status.log, "utf8")).not.toContain(each);
  });

  it("keeps as many runs as it is told, each with its log", async () => {
    for (let count = 0; count < 4; count++) await shop.run("daily");
    const folder = shop.path("data/ci/daily/report");
    const [runs, logs] = [await readdir(`${folder}/runs`), await readdir(`${folder}/logs`)];
    expect(runs).toHaveLength(3);
    expect(logs.map((each) => each.slice(0, -4)).toSorted()).toEqual(runs.map((each) => each.slice(0, -5)).toSorted());
    const page = await readFile(`${folder}/index.html`, "utf8");
    expect(page.match(/href="logs\/[^"]+"/g)).toHaveLength(4);
    expect((await readdir(folder)).toSorted()).toEqual(["index.html", "logs", "runs", "status.json"]);
  });
});
