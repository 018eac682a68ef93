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
module: guestkit_vm_stop
short_description: Shut a machine down
version_added: 0.2.0
description:
  - Runs shutdown_commands, asks the guest (agent, then power button), then tells QEMU to quit, then kills it,
    each with its own time.
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
  timeout:
    description:
      - Seconds that the guest has to shut down; as declared where left out.
    type: int
  quit_timeout:
    description:
      - Seconds that QEMU has to quit after that, before it is killed; as declared where left out.
    type: int
  executable:
    description:
      - The guestkit program on the managed host.
      - What E(GUESTKIT_COMMAND) names in the task's environment where left out, else the one on PATH.
    type: path
'''

EXAMPLES = r'''
---
- name: Shut a machine down
  guestkit.guestkit.guestkit_vm_stop:
    name: web
'''

RETURN = r'''
---
status:
  description: What QEMU says of it afterwards.
  type: str
  returned: always
how:
  description: not running, shut down, quit or killed.
  type: str
  returned: always
warnings:
  description: "What went wrong and stopped nothing: shutdown_commands."
  type: list
  elements: str
  returned: always
'''

from ansible_collections.guestkit.guestkit.plugins.module_utils import guestkit

CONTRACT = guestkit.Contract(
    kind="action",
    name="vm_stop",
    renamed={},
    keyed={},
)

ARGUMENT_SPEC = {
    "name": {
        "type": "str",
        "required": True,
    },
    "timeout": {
        "type": "int",
    },
    "quit_timeout": {
        "type": "int",
    },
    "executable": {
        "type": "path",
    },
}


def main():
    guestkit.run(CONTRACT, ARGUMENT_SPEC)


if __name__ == "__main__":
    main()
