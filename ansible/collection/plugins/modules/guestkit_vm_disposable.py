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
module: guestkit_vm_disposable
short_description: Run a command in a machine of which nothing remains
version_added: 0.2.0
description:
  - Starts a machine from another one's disks, or from an image, runs a command in it, and removes it whatever
    comes of that. guestkit vm disposable on the command line streams, and gives a shell where there is no
    command.
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
  base:
    description:
      - A machine that does not run, or an image's path. It stays as it is, to the last byte.
    type: str
    required: true
  image_format:
    description:
      - The image's own format; what is recorded of it, else what it looks like where left out.
    type: str
    choices:
      - qcow2
      - raw
  allow_backing_files:
    description:
      - Let an image lean on files outside its own folder that no record of guestkit's names. Only for images
        that you know.
    type: bool
    default: false
  name:
    description:
      - The disposable's name; made up where left out.
    type: str
  network:
    description:
      - Whether the guest has a network device, with QEMU's own NAT; as its base where left out.
    type: bool
  memory:
    description:
      - Memory of the guest; as its base where left out.
    type: str
  cpus:
    description:
      - Virtual processors; as its base where left out.
    type: int
  quota:
    description:
      - What its disks and logs may take on the host, together. A guest that wants more is ended.
    type: str
    default: 4G
  shares:
    description:
      - Folders of the host that it gets, as HOST:GUEST or HOST:GUEST:ro. Those of its base are not among them.
    type: list
    elements: str
    default: []
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
      - What is read from standard input there.
    type: str
  timeout:
    description:
      - Seconds that the command may take once the guest is ready.
    type: int
    default: 600
  command:
    description:
      - Program and arguments.
    type: list
    elements: str
    required: true
  executable:
    description:
      - The guestkit program on the managed host.
      - What E(GUESTKIT_COMMAND) names in the task's environment where left out, else the one on PATH.
    type: path
'''

EXAMPLES = r'''
---
- name: What does it do without a network?
  guestkit.guestkit.guestkit_vm_disposable:
    base: web
    network: false
    command:
      - make
      - test
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
    name="vm_disposable",
    renamed={},
    keyed={},
)

ARGUMENT_SPEC = {
    "base": {
        "type": "str",
        "required": True,
    },
    "image_format": {
        "type": "str",
        "choices": ["qcow2", "raw"],
    },
    "allow_backing_files": {
        "type": "bool",
        "default": False,
    },
    "name": {
        "type": "str",
    },
    "network": {
        "type": "bool",
    },
    "memory": {
        "type": "str",
    },
    "cpus": {
        "type": "int",
    },
    "quota": {
        "type": "str",
        "default": "4G",
    },
    "shares": {
        "type": "list",
        "elements": "str",
        "default": [],
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
    "command": {
        "type": "list",
        "elements": "str",
        "required": True,
    },
    "executable": {
        "type": "path",
    },
}


def main():
    guestkit.run(CONTRACT, ARGUMENT_SPEC)


if __name__ == "__main__":
    main()
