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
module: guestkit_vm_upgrade
short_description: Run a machine's upgrade command
version_added: 0.2.0
description:
  - "Runs upgrade_command as root, by SSH or agent. A machine that stands still is started for it and stopped
    again, a paused one is paused again, also where the command fails. Skipped, and nothing changed, where no
    upgrade_command is declared, or where the disk of the system is made anew at every start: upgrade its
    template instead. Refused while other machines' overlays lean on what it writes."
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
      - Seconds that the command has.
    type: int
    default: 3600
  executable:
    description:
      - The guestkit program on the managed host.
      - What E(GUESTKIT_COMMAND) names in the task's environment where left out, else the one on PATH.
    type: path
'''

EXAMPLES = r'''
---
- name: Run a machine's upgrade command
  guestkit.guestkit.guestkit_vm_upgrade:
    name: web
'''

RETURN = r'''
---
status:
  description: What QEMU says of it afterwards.
  type: str
  returned: always
reason:
  description: Why nothing was done; null where it was upgraded.
  type: str
  returned: always
output:
  description: The last lines that the command printed.
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
    name="vm_upgrade",
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
        "default": 3600,
    },
    "executable": {
        "type": "path",
    },
}


def main():
    guestkit.run(CONTRACT, ARGUMENT_SPEC)


if __name__ == "__main__":
    main()
