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
module: guestkit_virtual_machines
short_description: This user's machines
version_added: 0.2.0
description:
  - Every machine with what QEMU says of it.
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
      - "Reads only: check mode is as a run."
  diff_mode:
    support: none
    description:
      - "Reads only: nothing changes."
requirements:
  - guestkit on the managed host (the role guestkit.guestkit.guestkit installs it)
options:
  executable:
    description:
      - The guestkit program on the managed host.
      - What E(GUESTKIT_COMMAND) names in the task's environment where left out, else the one on PATH.
    type: path
'''

EXAMPLES = r'''
---
- name: What is there?
  guestkit.guestkit.guestkit_virtual_machines: {}
  register: result
'''

RETURN = r'''
---
machines:
  description: Machines by name.
  type: list
  elements: dict
  returned: always
  contains:
    name:
      description: Name.
      type: str
      returned: always
    status:
      description: What QEMU says of it.
      type: str
      returned: always
    pid:
      description: QEMU's process.
      type: int
      returned: always
    cpus:
      description: Virtual processors.
      type: int
      returned: always
    memory:
      description: Bytes.
      type: int
      returned: always
    accelerator:
      description: kvm, hvf or tcg.
      type: str
      returned: always
    address:
      description: An address of its own, else where its SSH server is forwarded to on this host (HOST:PORT).
      type: str
      returned: always
    uptime:
      description: Seconds since QEMU was started.
      type: float
      returned: always
    ssh_port:
      description: Port of the host that leads to its SSH server.
      type: int
      returned: always
    template_upgraded:
      description: Whether what its disks start from was changed since its last start; the next start takes it up.
      type: bool
      returned: always
    disposable:
      description: Whether nothing of it remains when the command that made it ends.
      type: bool
      returned: always
    notes:
      description: "In words: disposable, template upgraded."
      type: list
      elements: str
      returned: always
    warnings:
      description: "What is odd: logs that have outgrown their limits."
      type: list
      elements: str
      returned: always
    owner:
      description: Whose it is, FACE:PROJECT (guestkit.yaml:shop, terraform:1b2c...); null where nobody in
        particular owns it.
      type: str
      returned: always
    owner_file:
      description: The project file of an owner that has no name but a UUID.
      type: str
      returned: always
    labels:
      description: Words of its owner.
      type: dict
      returned: always
'''

from ansible_collections.guestkit.guestkit.plugins.module_utils import guestkit

CONTRACT = guestkit.Contract(
    kind="query",
    name="virtual_machines",
    renamed={},
    keyed={},
)

ARGUMENT_SPEC = {
    "executable": {
        "type": "path",
    },
}


def main():
    guestkit.run(CONTRACT, ARGUMENT_SPEC)


if __name__ == "__main__":
    main()
