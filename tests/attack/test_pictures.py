"""A short attack on the door through which files come; ``python -m tests.attack.pictures`` is the long one."""

from __future__ import annotations

import pytest

from tests.attack import files
from tests.attack.pictures import Attack, attack

TRIES = 400


@pytest.fixture(scope="module")
def originals():
    return files.originals()


@pytest.fixture
def work(tmp_path):
    begun = Attack(tmp_path)
    yield begun
    begun.decoder.close()


def test_a_file_of_every_format_opens_and_other_decoders_agree(work, originals):
    refused = [name for name, data in originals.items() if work.try_bytes(name, data) is None]
    assert not refused and not work.faults and not work.differing, work.report()
    assert work.counts["compared"] > len(originals) / 3


def test_bombs_do_no_harm(work):
    for name, data in files.bombs().items():
        work.try_bytes(name, data)
    assert not work.faults, work.report()


def test_damaged_files_open_or_are_refused(tmp_path, originals):
    done = attack(tmp_path, originals, TRIES, seed=11)
    assert not done.faults and done.counts["tries"] == TRIES, done.report()
