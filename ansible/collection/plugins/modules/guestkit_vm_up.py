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
module: guestkit_vm_up
short_description: Start a machine and wait until it is ready
version_added: 0.2.0
description:
  - Starts QEMU, waits for what wait_for declares, mounts the shares and runs the provisioning steps that are
    due. A machine that runs and is ready is left alone. An image that is gone is made again as it was
    declared; a machine that is none yet is made, with what it needs, as the project file declares it.
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
  wait:
    description:
      - Wait until it is ready; otherwise end when QEMU runs.
    type: bool
    default: true
  file:
    description:
      - Project file that declares what is missing; guestkit.yaml in the working directory where left out.
    type: path
  executable:
    description:
      - The guestkit program on the managed host.
      - What E(GUESTKIT_COMMAND) names in the task's environment where left out, else the one on PATH.
    type: path
'''

EXAMPLES = r'''
---
- name: Start a machine and wait until it is ready
  guestkit.guestkit.guestkit_vm_up:
    name: web
'''

RETURN = r'''
---
status:
  description: What QEMU says of it afterwards.
  type: str
  returned: always
pid:
  description: QEMU's process.
  type: int
  returned: always
ssh_command:
  description: A command that logs in.
  type: str
  returned: always
'''

from ansible_collections.guestkit.guestkit.plugins.module_utils import guestkit

CONTRACT = guestkit.Contract(
    kind="action",
    name="vm_up",
    renamed={},
    keyed={},
)

ARGUMENT_SPEC = {
    "name": {
        "type": "str",
        "required": True,
    },
    "wait": {
        "type": "bool",
        "default": True,
    },
    "file": {
        "type": "path",
    },
    "executable": {
        "type": "path",
    },
}


def main():
    guestkit.run(CONTRACT, ARGUMENT_SPEC)


if __name__ == "__main__":
    main()
