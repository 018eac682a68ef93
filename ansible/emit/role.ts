import type { Contract } from "@guestkit/core/model";
import { type CommonOption, commonOptions } from "./common.ts";
import { options, task, yaml } from "./documentation.ts";
import { moduleName, optionName } from "./option.ts";

/** A role for each resource: it makes all that a variable lists, as inventories of hosts declare it. */
export function roleFiles(contract: Contract): Record<string, string> {
  const parts = {
    "README.md": readme(contract),
    "defaults/main.yml": generated({ [listOf(contract)]: [] }),
    "meta/main.yml": generated(meta(contract)),
    "meta/argument_specs.yml": generated(argumentSpecs(contract)),
    "tasks/main.yml": generated(tasks(contract)),
  };
  const named = Object.entries(parts).map(([name, text]) => [`roles/${contract.name}/${name}`, text]);
  return Object.fromEntries(named);
}

/**
 * Beside the fields, what is of the one thing. The rest is left to `module_defaults`, which what a task gives would hide, even
 * where it gives `omit`.
 */
const ofThing = (contract: Contract): readonly CommonOption[] =>
  commonOptions(contract).filter((each) => each.isOfThing);

/** Variables of a role begin with its name. */
const listOf = ({ name }: Contract): string => `${name}_list`;

const generated = (value: unknown): string =>
  `---\n# Generated from the contract by \`npm run generate\`: change the contract instead.\n${yaml(value)}`;

const meta = (contract: Contract): object => ({
  galaxy_info: {
    author: "the guestkit authors",
    description: contract.summary,
    license: "GPL-3.0-or-later",
    min_ansible_version: "2.16",
    platforms: [{ name: "Debian", versions: ["bookworm"] }],
  },
  dependencies: [],
});

function argumentSpecs(contract: Contract): object {
  const each = {
    type: "list",
    elements: "dict",
    default: [],
    options: withOptions(options(contract, ofThing(contract))),
  };
  const description = [contract.description, `Each element is as the module C(${moduleName(contract)}) takes it.`];
  return {
    argument_specs: {
      main: {
        short_description: contract.summary,
        description,
        options: { [listOf(contract)]: { description: "What is to be there, or to be gone, in this order.", ...each } },
      },
    },
  };
}

/** What modules document as suboptions are a role's options, whatever their depth. */
function withOptions(documented: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const entries = Object.entries(documented).map(([name, option]) => {
    const { suboptions, ...rest } = option as { readonly suboptions?: Record<string, unknown> };
    return [name, { ...rest, ...(suboptions && { options: withOptions(suboptions) }) }];
  });
  return Object.fromEntries(entries);
}

/** The loop is over places in the list, since results show what is looped over: elements may have secrets in them. */
function tasks(contract: Contract): readonly object[] {
  const index = `${contract.name}_index`;
  const element = `${contract.name}_element`;
  const own = contract.input.map((field) => optionName(contract, field).name);
  const names = [...own, ...ofThing(contract).map(({ name }) => name)];
  const given = names.map((name) => [name, `{{ ${element}.get('${name}', omit) }}`]);
  return [
    {
      name: `Each ${contract.name.replaceAll("_", " ")} of the list`,
      [`guestkit.guestkit.${moduleName(contract)}`]: Object.fromEntries(given),
      loop: `{{ range(${listOf(contract)} | length) | list }}`,
      loop_control: { loop_var: index, label: `{{ ${element}.get('${contract.identity[0]}') }}` },
      vars: { [element]: `{{ ${listOf(contract)}[${index}] }}` },
    },
  ];
}

function readme(contract: Contract): string {
  const [example] = contract.examples;
  const list = { [listOf(contract)]: example ? [task(contract, example)] : [] };
  const play = [{ hosts: "hypervisors", roles: [{ role: `guestkit.guestkit.${contract.name}`, vars: list }] }];
  return `# guestkit.guestkit.${contract.name}

${contract.summary}

\`${listOf(contract)}\` lists them, each as the module \`guestkit.guestkit.${moduleName(contract)}\` takes it:
\`ansible-doc --type role guestkit.guestkit.${contract.name}\` tells all options. In \`group_vars\` it declares the things of every host of a group.
Owner, keys and the guestkit program come by \`module_defaults\` (\`group/guestkit.guestkit.resources\`).

\`\`\`yaml
${yaml(play)}\`\`\`
`;
}
