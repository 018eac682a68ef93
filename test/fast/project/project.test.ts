import { describe, expect, it } from "vitest";
import { locate, readProject } from "../../../core/project/index.ts";
import { parseYaml } from "../../../core/project/yaml.ts";

function read(text: string) {
  const project = readProject(parseYaml("/srv/guestkit.yaml", text));
  const faults = project.diagnostics.map(({ code, path }) => {
    const at = locate(project.document, path);
    return `${code} ${at?.line}:${at?.column}`;
  });
  return { project, faults };
}

describe("a project file", () => {
  it("has resources, queries and what they need", () => {
    const { project, faults } = read(`version: 1
resources:
  disk_image:
    web: { path: ./web.qcow2, size: 20G }
queries:
  inspection:
    web: { disk_image: "\${disk_image.web.id}" }
outputs:
  distro: "\${inspection.web.distro}"
`);
    expect(faults).toEqual([]);
    expect(project.baseDir).toBe("/srv");
    expect([...project.entries.values()].map(({ address, needs }) => [address, needs])).toEqual([
      ["disk_image.web", []],
      ["inspection.web", ["disk_image.web"]],
    ]);
  });

  it("needs what it gives the path of, however that is spelled, and never itself", () => {
    const { project, faults } = read(`version: 1
resources:
  disk_image:
    base: { path: ./img//base.qcow2, size: 1G }
    copy: { path: copy.qcow2, source: { url: "file:img/base.qcow2" } }
    over: { path: over.qcow2, backing_file: /srv/img/base.qcow2, files: [{ path: /over.qcow2, content: ./copy.qcow2 }] }
  virtual_machine:
    web: { disks: { root: { image: img/../over.qcow2 } } }
queries:
  inspection:
    web: { disk_image: copy.qcow2 }
`);
    expect(faults).toEqual([]);
    expect(Object.fromEntries([...project.entries.values()].map(({ address, needs }) => [address, needs]))).toEqual({
      "disk_image.base": [],
      "disk_image.copy": ["disk_image.base"],
      "disk_image.over": ["disk_image.base"],
      "virtual_machine.web": ["disk_image.over"],
      "inspection.web": ["disk_image.copy"],
    });
  });

  it("has parts in sections of nobody's, which merge keys name", () => {
    const { project, faults } = read(
      "version: 1\nx-base: &base { size: 1M }\nresources: { disk_image: { a: { <<: *base, path: a, sise: 1 } } }\n",
    );
    expect([faults, project.entries.get("disk_image.a")?.config]).toEqual([[], { size: "1M", path: "a", sise: 1 }]);
  });

  it.each([
    ["version: 2\n", "E_PROJECT_VERSION 1:10"],
    ["resources: {}\n", "E_PROJECT_VERSION 1:1"],
    ["version: 1\nsources: {}\n", "E_PROJECT_KEY 2:10"],
    ["version: 1\nresources:\n  floppy: {}\n", "E_CONTRACT_UNKNOWN 3:11"],
    ["version: 1\nresources:\n  disk_image:\n    a b: {}\n", "E_PROJECT_NAME 4:10"],
    ["version: 1\nresources:\n  disk_image:\n    a: 7\n", "E_FIELD_TYPE 4:8"],
    ["version: 1\noutputs:\n  x: ${disk_image.gone.id}\n", "E_REFERENCE 3:6"],
    [
      "version: 1\nresources: { disk_image: { a: { path: a } } }\noutputs:\n  x: ${disk_image.a.colour}\n",
      "E_REFERENCE 4:6",
    ],
  ])("%j is refused at its place", (text, fault) => {
    expect(read(text).faults).toEqual([fault]);
  });

  it("refuses a loop and names it", () => {
    const { project } = read(`version: 1
resources:
  disk_image:
    a: { path: a, backing_file: "\${disk_image.b.id}" }
    b: { path: b, backing_file: "\${disk_image.a.id}" }
`);
    expect(project.diagnostics.map(({ message }) => message)).toEqual([
      "Cannot order the file: disk_image.a needs disk_image.b needs disk_image.a",
    ]);
  });

  it("refuses YAML that is none with its line", () => {
    expect(() => parseYaml("x.yaml", "a: [1\nb: 2\n")).toThrow(expect.objectContaining({ code: "E_YAML" }));
    expect(() => parseYaml("x.yaml", "a: 1\na: 2\n")).toThrow(/x\.yaml:2:1/);
  });
});
