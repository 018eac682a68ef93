import { mkdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { writeSdks } from "../../../scripts/release.d/sdks.ts";
import { findEngine, findFurtherEngine, repository } from "../../support/engines.ts";
import { PulumiProject, type Ran } from "../../support/pulumi.ts";
import { type Language, languages } from "../../support/pulumi-languages.ts";
import { scratch } from "../../support/scratch.ts";

const [binary, generator] = [findEngine("pulumi"), findFurtherEngine("pulumi-sdks")];
const [TOKEN, OTHER] = ["very-secret-text", "another-secret-text"];

let release: string;

/** The text of what succeeded; nothing that is secret is in it. */
function told(ran: Ran): string {
  expect(ran, ran.text).toMatchObject({ code: 0 });
  for (const secret of [TOKEN, OTHER]) expect(ran.text).not.toContain(secret);
  return ran.text;
}

async function projectIn({ name, install, env }: Language): Promise<PulumiProject> {
  const folder = join(await scratch(`pulumi-${name}`), "project");
  const program = join(repository, "examples/pulumi-native", name);
  const stack = await PulumiProject.create(String(binary), folder, undefined, program, env(folder));
  await install(folder, release);
  await stack.installProvider();
  await stack.pulumi("config", "set", "guestkit:dataDir", join(folder, "data"));
  return stack;
}

async function configure(stack: PulumiProject, size: string, token: string): Promise<void> {
  told(await stack.pulumi("config", "set", "size", size));
  told(await stack.pulumi("config", "set", "--secret", "token", token));
}

describe.skipIf(!binary || !generator)("a program with the native provider and its language's SDK", () => {
  beforeAll(async () => {
    release = join(await scratch("pulumi-sdks"), "release");
    await mkdir(release);
    await writeSdks(release, String(generator), 1);
  });

  it.for(languages())(
    "in $name makes, changes and removes an image and a machine, and shows no secret",
    async (language) => {
      const stack = await projectIn(language);
      const path = join(stack.folder, "data.raw");
      await configure(stack, "64M", TOKEN);
      told(await stack.up());
      expect(await stack.outputs()).toEqual({ id: path, format: "raw", machineName: "native", secret: TOKEN });
      expect(told(await stack.pulumi("stack", "output"))).toContain("[secret]");
      expect(await readFile(path, "latin1")).toContain(TOKEN);
      expect(await stack.state()).not.toContain(TOKEN);
      told(await stack.preview("--expect-no-changes"));

      await configure(stack, "96M", OTHER);
      const shown = told(await stack.preview("--diff"));
      expect(shown).toMatch(/~ guestkit:index:DiskImage: \(update\)/);
      expect(shown).toMatch(/~ size *: "64M" => "96M"/);
      told(await stack.up());
      expect(await readFile(path, "latin1")).toContain(OTHER);
      expect(await stack.state()).not.toMatch(new RegExp(`${TOKEN}|${OTHER}`));

      told(await stack.refresh());
      told(await stack.preview("--expect-no-changes"));
      told(await stack.destroy());
      await expect(stat(path)).rejects.toThrow();
    },
  );
});
