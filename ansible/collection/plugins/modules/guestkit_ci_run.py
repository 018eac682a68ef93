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
module: guestkit_ci_run
short_description: Run a CI job
version_added: 0.2.0
description:
  - Fetches the job's repository, verifies the signature of the commit or tag, checks it out, applies its
    project file, recycles or provisions machines, runs the checks, and writes log and report. Without a good
    signature of an allowed key nothing is run; where the commit and everything observed are unchanged nothing
    is done.
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
  job:
    description:
      - The job's name on this host.
    type: str
  config:
    description:
      - The job's file; guestkit/ci/JOB.yaml in the configuration folder where left out.
    type: path
  allow_rewind:
    description:
      - This once, take a commit that does not descend from the last accepted one.
    type: bool
    default: false
  executable:
    description:
      - The guestkit program on the managed host.
      - What E(GUESTKIT_COMMAND) names in the task's environment where left out, else the one on PATH.
    type: path
'''

EXAMPLES = r'''
---
- name: As the timer does
  guestkit.guestkit.guestkit_ci_run:
    job: nightly
'''

RETURN = r'''
---
result:
  description: passed or unchanged; with dry-run also accepted. What fails or is refused is an error.
  type: str
  returned: always
commit:
  description: The commit.
  type: str
  returned: always
signer:
  description: Whose signature it has.
  type: str
  returned: always
changes:
  description: "What was done: address and action."
  type: list
  elements: str
  returned: always
report:
  description: The page of the report.
  type: str
  returned: always
log:
  description: The run's log.
  type: str
  returned: always
'''

from ansible_collections.guestkit.guestkit.plugins.module_utils import guestkit

CONTRACT = guestkit.Contract(
    kind="action",
    name="ci_run",
    renamed={},
    keyed={},
)

ARGUMENT_SPEC = {
    "job": {
        "type": "str",
    },
    "config": {
        "type": "path",
    },
    "allow_rewind": {
        "type": "bool",
        "default": False,
    },
    "executable": {
        "type": "path",
    },
}


def main():
    guestkit.run(CONTRACT, ARGUMENT_SPEC)


if __name__ == "__main__":
    main()
