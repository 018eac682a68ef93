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
module: guestkit_vm_rsync
short_description: Bring folders of the host and a machine to the same state
version_added: 0.2.0
description:
  - Runs the host's rsync over the machine's own SSH options, with --archive; out of a guest come no devices,
    pipes, sockets, and setuid or setgid bits. The guest needs rsync, too. In check mode the machine is asked
    what would be changed. guestkit vm rsync on the command line takes NAME:PATH instead.
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
  source:
    description:
      - What is read; with a slash at its end, what is in the folder.
    type: str
    required: true
  dest:
    description:
      - What is written.
    type: str
    required: true
  direction:
    description:
      - "in: source is on the host, dest in the guest; out: the other way round."
    type: str
    default: in
    choices:
      - in
      - out
  options:
    description:
      - "Further options of rsync: --delete, --exclude=*.o."
    type: list
    elements: str
    default: []
  timeout:
    description:
      - Seconds that it may take.
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
- name: A web site into the guest
  guestkit.guestkit.guestkit_vm_rsync:
    name: web
    source: site/
    dest: /srv/www
    options:
      - --delete
'''

RETURN = r'''
---
changes:
  description: Files and folders that were, or in check mode would be, changed.
  type: int
  returned: always
stdout:
  description: What rsync said, the last MiB of it.
  type: str
  returned: always
'''

from ansible_collections.guestkit.guestkit.plugins.module_utils import guestkit

CONTRACT = guestkit.Contract(
    kind="action",
    name="vm_rsync",
    renamed={},
    keyed={},
)

ARGUMENT_SPEC = {
    "name": {
        "type": "str",
        "required": True,
    },
    "source": {
        "type": "str",
        "required": True,
    },
    "dest": {
        "type": "str",
        "required": True,
    },
    "direction": {
        "type": "str",
        "default": "in",
        "choices": ["in", "out"],
    },
    "options": {
        "type": "list",
        "elements": "str",
        "default": [],
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
