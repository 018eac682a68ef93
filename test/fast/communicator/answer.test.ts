import { expect, it } from "vitest";
import { guestAnswer } from "../../../core/communicator/index.ts";
import { machineVerb } from "../../../core/resource/machine-verbs/foreach/verbs.ts";

const MIB = 1 << 20;

it("answers with the last MiB of what a guest says, whatever it says", () => {
  const answer = guestAnswer({ exitCode: 3, stdout: `${"a".repeat(16 * MIB)}end`, stderr: "b" });
  expect(answer).toMatchObject({ exit_code: 3, stderr: "b" });
  expect(String(answer.stdout)).toHaveLength(MIB);
  expect(String(answer.stdout)).toMatch(/aend$/);
});

it("runs commands and scripts as a user, by every face", () => {
  for (const verb of ["exec", "run"]) {
    expect(machineVerb(verb).contract.input.map(({ name }) => name)).toContain("user");
  }
});
