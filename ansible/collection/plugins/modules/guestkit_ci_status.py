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
module: guestkit_ci_status
short_description: The last run of a CI job
version_added: 0.2.0
description:
  - What status.json in the job's report says.
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
  job:
    description:
      - The job's name on this host.
    type: str
  config:
    description:
      - The job's file; guestkit/ci/JOB.yaml in the configuration folder where left out.
    type: path
  executable:
    description:
      - The guestkit program on the managed host.
      - What E(GUESTKIT_COMMAND) names in the task's environment where left out, else the one on PATH.
    type: path
'''

EXAMPLES = r'''
---
- name: Did it work last night?
  guestkit.guestkit.guestkit_ci_status:
    job: nightly
  register: result
'''

RETURN = r'''
---
result:
  description: passed, unchanged, failed, refused, interrupted, running; null before the first run.
  type: str
  returned: always
commit:
  description: The commit.
  type: str
  returned: always
ended_at:
  description: When it ended, ISO 8601.
  type: str
  returned: always
reason:
  description: Why it failed or was refused.
  type: str
  returned: always
signer:
  description: Whose signature the commit has.
  type: str
  returned: always
started_at:
  description: When it started, ISO 8601.
  type: str
  returned: always
steps:
  description: What was done, in order.
  type: list
  elements: dict
  returned: always
  contains:
    name:
      description: fetch, verify, check out, plan, apply, recycle web, provision web.
      type: str
      returned: always
    result:
      description: passed, failed, refused, unchanged, skipped or interrupted.
      type: str
      returned: always
    seconds:
      description: How long it took.
      type: float
      returned: always
    detail:
      description: What it did, or why it failed.
      type: str
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
    kind="query",
    name="ci_status",
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
    "executable": {
        "type": "path",
    },
}


def main():
    guestkit.run(CONTRACT, ARGUMENT_SPEC)


if __name__ == "__main__":
    main()
