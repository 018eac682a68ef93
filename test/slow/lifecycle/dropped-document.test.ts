/** A rare case of what test/tools/lifecycle/ready.test.ts is about. */
import { describe, expect, it } from "vitest";
import { setLogSink } from "../../../core/kit/log.ts";
import { boot, failure, waitFor } from "../../tools/lifecycle/booting.ts";

describe("cloud-init", () => {
  it("fails where it says that it is done and dropped the document, and tells of it where one waits for the agent alone", async () => {
    const tab = { user_data: "#cloud-config\nruncmd:\n\t- touch /run/done\n" };
    await using web = await boot("", tab);
    const said: string[] = [];
    setLogSink((_, message) => said.push(message));
    await web.wait(waitFor("agent"));
    setLogSink(undefined);
    expect(said.join("\n")).toMatch(/dropped what it could not read: Failed at merging in cloud config part/);
    const error = await failure(web.wait(waitFor("cloud_init")));
    expect(error).toMatchObject({
      code: "E_CLOUD_INIT_FAILED",
      message: expect.stringContaining("Failed loading yaml blob"),
    });
  });
});
