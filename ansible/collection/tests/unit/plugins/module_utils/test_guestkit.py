# -*- coding: utf-8 -*-

# Copyright: (c) 2026, the guestkit authors
# GNU General Public License v3.0+ (see https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import absolute_import, division, print_function
__metaclass__ = type

import json

import pytest

from ansible_collections.guestkit.guestkit.plugins.module_utils import guestkit

FORWARDS = {"networks": {"key": "name", "fields": {"forwards": {"key": "name", "fields": {}}}}}
LISTED = {"networks": [{"name": "lan", "forwards": [{"name": "ssh", "guest_port": 22}]}], "name": "web"}
MAPPED = {"networks": {"lan": {"forwards": {"ssh": {"guest_port": 22}}}}, "name": "web"}


def test_lists_are_maps_by_name_and_back():
    assert guestkit.to_contract(LISTED, FORWARDS) == MAPPED
    assert guestkit.to_ansible(MAPPED, FORWARDS) == LISTED


def test_what_is_left_out_is_left_out_at_every_depth():
    given = {"size": None, "files": [{"path": "/a", "mode": None}], "networks": [{"name": "lan", "forwards": None}]}
    assert guestkit.to_contract(given, FORWARDS) == {"files": [{"path": "/a"}], "networks": {"lan": {}}}


def test_two_elements_of_one_name_are_refused():
    twins = {"networks": [{"name": "lan"}, {"name": "dmz", "forwards": [{"name": "a"}, {"name": "b"}, {"name": "a"}]}]}
    with pytest.raises(guestkit.RpcError) as refused:
        guestkit.to_contract(twins, FORWARDS)
    assert refused.value.report["code"] == "E_FIELD_DUPLICATE"
    assert refused.value.report["at"] == {"field": "networks[1].forwards[2].name"}


@pytest.mark.parametrize("given, full", [
    ("ansible", "ansible"),
    ("none", "none"),
    ("shop", "ansible:shop"),
    ("terraform:shop", "terraform:shop"),
])
def test_a_name_alone_is_an_owner_of_ansible(given, full):
    assert guestkit.owner_of(given) == full


def test_what_is_not_known_yet_is_left_out_of_states_and_told_in_reasons():
    unknown = {"$unknown": True}
    assert guestkit.without_unknown({"id": unknown, "a": [1, unknown], "b": {"c": unknown}}) == {"a": [1], "b": {}}
    reason = guestkit.readable_reason({"path": ["disks", 0, "size"], "before": None, "after": unknown, "why": "new"})
    assert reason == {"path": "disks[0].size", "before": None, "after": "(known after the run)", "why": "new"}


def test_a_difference_has_a_line_a_field_and_its_cause():
    reason = {"path": "cpus", "before": 1, "after": 2, "why": "will be restarted"}
    assert guestkit.difference([reason]) == {
        "before": "cpus: 1\n", "after": "cpus: 2\n", "prepared": "# will be restarted\n",
    }


def test_a_failure_is_its_message_with_the_next_step():
    report = {"code": "E_SHRINK", "message": "Cannot shrink", "help": "Leave it.", "at": None}
    assert guestkit.failure(report) == {"code": "E_SHRINK", "help": "Leave it.", "msg": "Cannot shrink\nLeave it."}


def answer(*messages):
    return guestkit.answer_of(b"\n".join(messages), b"it said so", 3)


def test_an_answer_is_found_among_whatever_else_is_printed():
    progress = json.dumps({"method": "progress", "params": {"id": 1}}).encode()
    result = json.dumps({"id": 1, "result": {"changed": True}}).encode()
    assert answer(b"motd", progress, b'{"id": 0, "result": {}}', result) == {"changed": True}


@pytest.mark.parametrize("lines, code", [
    ((b'{"id": 1, "error": {"message": "no", "data": {"code": "E_X", "message": "no"}}}',), "E_X"),
    ((b'{"id": 1, "error": {"data": {"code": "E_LATER"}}}', b'{"id": 0, "error": {"data": {"code": "E_FIRST"}}}'), "E_FIRST"),
    ((b'{"id": null, "error": {"message": "no"}}',), None),
    ((b"", b"\xff\xfe"), "E_GUESTKIT_ANSWER"),
    ((b"[1]", b"1", b'{"id": 1, "method": "apply"}'), "E_GUESTKIT_ANSWER"),
])
def test_an_error_and_no_answer_are_failures(lines, code):
    with pytest.raises(guestkit.RpcError) as refused:
        answer(*lines)
    assert refused.value.report.get("code") == code
