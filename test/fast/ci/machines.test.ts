import { describe, expect, it } from "vitest";
import { machineTasks } from "../../../core/ci/work/machines.ts";
import type { OpenProject } from "../../../core/ci/work/project.ts";

/** A project that declares machines of these names, which are their keys as well, and owns them all. */
const projectOf = (...names: readonly string[]): OpenProject => projectOwning(names, ...names);

function projectOwning(mine: readonly string[], ...names: readonly string[]): OpenProject {
  const entries = names.map((name) => {
    const address = `virtual_machine.${name}`;
    return [address, { address, config: { name }, contract: { name: "virtual_machine" } }] as const;
  });
  const owned = { all: mine.map((id) => ({ address: `virtual_machine.${id}`, id })) };
  return { project: { entries: new Map(entries) }, owned } as unknown as OpenProject;
}

const recycled = (project: OpenProject, ...recycle: readonly string[]) =>
  machineTasks(project, { recycle, provision: [] }).map(({ name }) => name);

describe("the machines of a job", () => {
  it("are named as those of vm foreach are", () => {
    expect(recycled(projectOf("web1", "web2", "web10", "db"), "web?")).toEqual(["web1", "web2"]);
    expect(recycled(projectOf("web1", "db"), "*b*")).toEqual(["web1", "db"]);
    expect(() => recycled(projectOf("web1"), "web")).toThrow(expect.objectContaining({ code: "E_CI_MACHINE" }));
  });

  it("are the project's own, or what the job's file names in full", () => {
    const project = projectOwning(["web"], "web", "users-own");
    expect(recycled(project, "*")).toEqual(["web"]);
    expect(recycled(project, "users-own")).toEqual(["users-own"]);
  });
});
