#!/usr/bin/python
# -*- coding: utf-8 -*-

# Copyright: (c) 2026, the guestkit authors
# GNU General Public License v3.0+ (see https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Generated from the contract by `npm run generate`: change the contract instead.

from __future__ import absolute_import, division, print_function
__metaclass__ = type

DOCUMENTATION = r'''
---
module: guestkit_vm_exec
short_description: Run a command in a machine
version_added: 0.2.0
description:
  - Runs a command in the guest by SSH or guest agent and gives its exit code and the last MiB of each of its
    outputs. guestkit vm exec on the command line streams instead.
  - Runs the C(guestkit) command on the managed host.
author:
  - the guestkit authors (@guestkit)
attributes:
  action_group:
    support: full
    membership:
      - guestkit.guestkit.all
    description:
      - C(module_defaults) may set what a whole group of modules has.
  check_mode:
    support: full
    description:
      - Says what would change, and changes nothing.
  diff_mode:
    support: full
    description:
      - Shows what changes, field by field.
requirements:
  - guestkit on the managed host (the role guestkit.guestkit.guestkit installs it)
options:
  name:
    description:
      - The machine's name.
    type: str
    required: true
  command:
    description:
      - Program and arguments.
    type: list
    elements: str
    required: true
  user:
    description:
      - As whom it runs; whoever logs in where left out.
    type: str
  via:
    description:
      - How the guest is reached.
    type: str
    default: auto
    choices:
      - auto
      - ssh
      - agent
  input:
    description:
      - What it reads from its standard input.
    type: str
  timeout:
    description:
      - Seconds that it may take.
    type: int
    default: 600
  executable:
    description:
      - The guestkit program on the managed host.
      - What E(GUESTKIT_COMMAND) names in the task's environment where left out, else the one on PATH.
    type: path
'''

EXAMPLES = r'''
---
- name: Which kernel runs?
  guestkit.guestkit.guestkit_vm_exec:
    name: web
    command:
      - uname
      - -r
'''

RETURN = r'''
---
exit_code:
  description: The command's own.
  type: int
  returned: always
stdout:
  description: What it wrote, the last MiB of it.
  type: str
  returned: always
stderr:
  description: What it complained of, the last MiB of it.
  type: str
  returned: always
'''

from ansible_collections.guestkit.guestkit.plugins.module_utils import guestkit

CONTRACT = guestkit.Contract(
    kind="action",
    name="vm_exec",
    renamed={},
    keyed={},
)

ARGUMENT_SPEC = {
    "name": {
        "type": "str",
        "required": True,
    },
    "command": {
        "type": "list",
        "elements": "str",
        "required": True,
    },
    "user": {
        "type": "str",
    },
    "via": {
        "type": "str",
        "default": "auto",
        "choices": ["auto", "ssh", "agent"],
    },
    "input": {
        "type": "str",
    },
    "timeout": {
        "type": "int",
        "default": 600,
    },
    "executable": {
        "type": "path",
    },
}


def main():
    guestkit.run(CONTRACT, ARGUMENT_SPEC)


if __name__ == "__main__":
    main()
