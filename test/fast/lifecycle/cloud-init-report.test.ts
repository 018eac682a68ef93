import { expect, it } from "vitest";
import { parseCloudInit } from "../../../core/lifecycle/ready/cloud-init-report.ts";

const RESULT = { v1: { datasource: "DataSourceNoCloud [seed=/dev/sr0][dsmode=net]", errors: [] as string[] } };
const STATUS = {
  v1: {
    datasource: null,
    init: { errors: [], finished: 3.1, start: 2.1, recoverable_errors: { WARNING: ["No such key"] } },
    "modules-final": { errors: ["('scripts_user', RuntimeError('failed'))"], finished: null, start: 9.5 },
    stage: "modules-final",
  },
};

const answer = (result: unknown, status: unknown, more = "") =>
  `motd\n@@guestkit result\n${result ? JSON.stringify(result) : ""}\n@@guestkit status\n${JSON.stringify(status)}\n${more}@@guestkit end\n`;

it("is running until there is a result, whatever the status says", () => {
  expect(parseCloudInit(answer(null, STATUS))).toMatchObject({ state: "running", stage: "modules-final" });
  const running = answer(null, STATUS).replace("result\n", 'result\n{"v1": {"datasou');
  expect(parseCloudInit(running)).toMatchObject({ state: "running" });
});

it("tells errors once, warnings apart, and the end of what was printed", () => {
  const failure = STATUS.v1["modules-final"].errors[0] as string;
  const result = { v1: { ...RESULT.v1, errors: [failure] } };
  const report = parseCloudInit(
    answer(
      result,
      STATUS,
      "@@guestkit commands\n[9.1] guestkit: runcmd[1] (apt) failed with exit code 3\n@@guestkit output\nE: no package\n",
    ),
  );
  expect(report).toMatchObject({
    state: "done",
    datasource: RESULT.v1.datasource,
    errors: [failure],
    warnings: ["WARNING: No such key"],
    commands: ["runcmd[1] (apt) failed with exit code 3"],
    output: ["E: no package"],
  });
});

it("tells a cloud-init that will never run from one that has not begun", () => {
  expect(parseCloudInit(answer(null, null, "@@guestkit disabled\n"))).toMatchObject({ state: "disabled" });
  expect(parseCloudInit(answer(null, null, "@@guestkit missing\n"))).toMatchObject({ state: "missing" });
  expect(parseCloudInit(answer(null, null))).toMatchObject({ state: "running" });
  expect(parseCloudInit("@@guestkit result\n{")).toBeNull();
});

it("tells what was dropped, once, without the times of the log", () => {
  const lines = [
    "2026-01-01 10:00:00,100 - util.py[WARNING]: Failed loading yaml blob. Invalid format at line 3",
    "[    9.1] cloud-init[300]: 2026-01-01 10:00:00,100 - util.py[WARNING]: Failed loading yaml blob. Invalid format at line 3",
    "2026-01-01 10:00:00,101 - util.py[WARNING]: Failed at merging in cloud config part from part-001",
  ];
  const report = parseCloudInit(
    answer(RESULT, STATUS, `@@guestkit dropped\n${lines.join("\n")}\n@@guestkit output\nx\n`),
  );
  expect(report?.dropped).toEqual([
    "Failed loading yaml blob. Invalid format at line 3",
    "Failed at merging in cloud config part from part-001",
  ]);
  expect(report?.output).toEqual(["x"]);
  expect(parseCloudInit(answer(RESULT, STATUS))?.dropped).toEqual([]);
});
