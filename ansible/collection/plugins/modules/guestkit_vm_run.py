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
module: guestkit_vm_run
short_description: Run a script in a machine
version_added: 0.2.0
description:
  - "Brings a script or program into the guest as a file of its owner alone, runs it, and removes it, also
    where it is interrupted. Its #! decides what runs it. Its exit code and output are the answer. guestkit vm
    run on the command line streams instead."
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
  file:
    description:
      - The script or program. Where the engine works on another host, it is read on the machine that asks;
        host:/PATH is the host's own.
    type: path
    required: true
  args:
    description:
      - Arguments of the script. They are seen by everybody in the guest.
    type: list
    elements: str
    default: []
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
      - Seconds that the script may take.
    type: int
    default: 1800
  executable:
    description:
      - The guestkit program on the managed host.
      - What E(GUESTKIT_COMMAND) names in the task's environment where left out, else the one on PATH.
    type: path
'''

EXAMPLES = r'''
---
- name: Set a machine up by a script
  guestkit.guestkit.guestkit_vm_run:
    name: web
    file: setup.sh
    args:
      - --fast
'''

RETURN = r'''
---
exit_code:
  description: The script's own; 126 and 127 where it could not be run, as in a shell.
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
    name="vm_run",
    renamed={},
    keyed={},
)

ARGUMENT_SPEC = {
    "name": {
        "type": "str",
        "required": True,
    },
    "file": {
        "type": "path",
        "required": True,
    },
    "args": {
        "type": "list",
        "elements": "str",
        "default": [],
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
        "default": 1800,
    },
    "executable": {
        "type": "path",
    },
}


def main():
    guestkit.run(CONTRACT, ARGUMENT_SPEC)


if __name__ == "__main__":
    main()
