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
module: guestkit_vm_mat
short_description: Strip files of metadata in a disposable machine
version_added: 0.2.0
description:
  - "Files go into a machine that is made for them, has no network device and is thrown away; mat2 strips them
    there. Clean files are written beside the originals (NAME.cleaned.EXT), which stay as they are. Exit code:
    0 where all were cleaned, 1 where some could not be, 125 where guestkit itself failed."
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
      - A machine that does not run, or an image, with mat2 in it.
    type: str
    required: true
  paths:
    description:
      - Files of the host to clean.
    type: list
    elements: path
    required: true
  lightweight:
    description:
      - Take away what can be without making the content anew; leaves more behind.
    type: bool
    default: false
  output:
    description:
      - Where the clean file goes, of one file; beside it where left out.
    type: path
  overwrite:
    description:
      - Replace a file that is there; never the original.
    type: bool
    default: false
  max_size:
    description:
      - Bytes that a file may have, before and after.
    type: str
    default: 256M
  timeout:
    description:
      - Seconds that each file may take.
    type: int
    default: 300
  executable:
    description:
      - The guestkit program on the managed host.
      - What E(GUESTKIT_COMMAND) names in the task's environment where left out, else the one on PATH.
    type: path
'''

EXAMPLES = r'''
---
- name: A photo without the place it was taken at
  guestkit.guestkit.guestkit_vm_mat:
    base: mat
    paths:
      - photo.jpg
- name: Several at once
  guestkit.guestkit.guestkit_vm_mat:
    base: mat
    paths:
      - photo.jpg
      - letter.odt
    overwrite: true
'''

RETURN = r'''
---
files:
  description: What became of each, in the order given.
  type: list
  elements: dict
  returned: always
  contains:
    path:
      description: The file as it was given.
      type: str
      returned: always
    status:
      description: cleaned, unsupported or failed.
      type: str
      returned: always
    written_to:
      description: The clean file.
      type: str
      returned: always
    message:
      description: Why there is none.
      type: str
      returned: always
exit_code:
  description: 0 where all were cleaned, 1 otherwise.
  type: int
  returned: always
'''

from ansible_collections.guestkit.guestkit.plugins.module_utils import guestkit

CONTRACT = guestkit.Contract(
    kind="action",
    name="vm_mat",
    renamed={},
    keyed={},
)

ARGUMENT_SPEC = {
    "base": {
        "type": "str",
        "required": True,
    },
    "paths": {
        "type": "list",
        "elements": "path",
        "required": True,
    },
    "lightweight": {
        "type": "bool",
        "default": False,
    },
    "output": {
        "type": "path",
    },
    "overwrite": {
        "type": "bool",
        "default": False,
    },
    "max_size": {
        "type": "str",
        "default": "256M",
    },
    "timeout": {
        "type": "int",
        "default": 300,
    },
    "executable": {
        "type": "path",
    },
}


def main():
    guestkit.run(CONTRACT, ARGUMENT_SPEC)


if __name__ == "__main__":
    main()
