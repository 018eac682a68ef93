import type { Contract, ContractKind } from "@guestkit/core/model";
import { documentation, examples, returns } from "./emit/documentation.ts";
import { runtime } from "./emit/groups.ts";
import { moduleName } from "./emit/option.ts";
import { python } from "./emit/python.ts";
import { roleFiles } from "./emit/role.ts";
import { argumentSpec, keyedFields, renamedFields } from "./emit/spec.ts";

/** Secrets and functions have none: Ansible makes keys, hashes and digests by filters and modules of its own. */
const HAVE_MODULES: readonly ContractKind[] = ["resource", "query", "action"];

export const hasModule = ({ kind, interactive }: Contract): boolean => HAVE_MODULES.includes(kind) && !interactive;

/** Every generated file of the collection, by its path in the repository. */
export function ansibleFiles(contracts: readonly Contract[]): Record<string, string> {
  const used = contracts.filter(hasModule);
  const modules = used.map((each) => [`plugins/modules/${moduleName(each)}.py`, pythonModule(each)] as const);
  const roles = used.filter(({ kind }) => kind === "resource").flatMap((each) => Object.entries(roleFiles(each)));
  const files = [...modules, ...roles, ["meta/runtime.yml", `---\n${runtime(used)}`] as const];
  return Object.fromEntries(files.map(([name, text]) => [`ansible/collection/${name}`, text]));
}

function pythonModule(contract: Contract): string {
  const head = [
    "#!/usr/bin/python",
    "# -*- coding: utf-8 -*-",
    "",
    "# Copyright: (c) 2026, the guestkit authors",
    "# GNU General Public License v3.0+ (see https://www.gnu.org/licenses/gpl-3.0.txt)",
    "# SPDX-License-Identifier: GPL-3.0-or-later",
    "",
    "# Generated from the contract by `npm run generate`: change the contract instead.",
    "",
    "from __future__ import absolute_import, division, print_function",
    "__metaclass__ = type",
    "",
  ];
  return `${[
    ...head,
    block("DOCUMENTATION", documentation(contract)),
    block("EXAMPLES", examples(contract)),
    block("RETURN", returns(contract)),
    "from ansible_collections.guestkit.guestkit.plugins.module_utils import guestkit",
    "",
    "CONTRACT = guestkit.Contract(",
    `    kind=${python(contract.kind)},`,
    `    name=${python(contract.name)},`,
    `    renamed=${python(renamedFields(contract), 1)},`,
    `    keyed=${python(keyedFields(contract.input), 1)},`,
    ")",
    "",
    `ARGUMENT_SPEC = ${python(argumentSpec(contract))}`,
    "",
    "",
    "def main():",
    "    guestkit.run(CONTRACT, ARGUMENT_SPEC)",
    "",
    "",
    'if __name__ == "__main__":',
    "    main()",
  ].join("\n")}\n`;
}

const block = (name: string, yaml: string) => `${name} = r'''\n---\n${yaml}'''\n`;
