"""Many trials in processes that may die: each result once, whoever dies."""

import os
import signal

import pytest

from scenarios.errors import BadInput
from scenarios.trials import attempt_all
from tests.unit.fake_trials import DeadlyOnce, all_dead, deadly, do, trials


def by_name(results):
    results = list(results)
    found = {result.name: result for result in results}
    assert len(found) == len(results), "a result came twice"
    return found


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_trial_that_kills_its_process_breaks_down_and_the_others_go_on(jobs):
    found = by_name(attempt_all(trials(7), jobs, do=deadly))
    assert found.keys() == {f"t{index}" for index in range(7)}
    assert found["t3"].end == "broke down"
    assert found["t3"].problem == "its process died, 3 times"
    assert not found["t3"].survived
    assert not found["t3"].passed
    assert {name: result for name, result in found.items() if name != "t3"} == {
        trial.name: do(trial) for trial in trials(7) if trial.seed != 3
    }


def test_a_trial_whose_process_dies_once_is_done_again(tmp_path):
    do_once = DeadlyOnce(tmp_path)
    found = by_name(attempt_all(trials(6), 2, do=do_once))
    assert found == {trial.name: do(trial) for trial in trials(6)}
    assert do_once.attempts("t3") == 2
    assert do_once.attempts("t0") == 1, "a result that is there is kept"


def test_the_trials_are_not_done_in_the_process_that_asks(tmp_path):
    once = DeadlyOnce(tmp_path)
    list(attempt_all(trials(2), 1, do=once))
    assert os.getpid() not in once.processes()


def test_a_process_that_dies_before_it_begins_anything_ends_the_attempt():
    with pytest.raises(BadInput, match="the processes die before they begin a trial"):
        list(attempt_all(trials(2), 2, do=_Poison()))


class _Poison:
    """Kills the process that unpickles it."""

    def __call__(self, trial):
        raise AssertionError

    def __reduce__(self):
        return _die, ()


def _die():
    os.kill(os.getpid(), signal.SIGKILL)


def test_closing_the_iterator_ends_the_processes(tmp_path):
    once = DeadlyOnce(tmp_path)
    results = attempt_all([trial for trial in trials(40) if trial.seed != 3], 2, do=once)
    next(results)
    results.close()
    assert all_dead(once.processes(), within=10.0)
    assert len(list(tmp_path.iterdir())) < 39


def test_nothing_to_do_gives_nothing():
    assert list(attempt_all([], 2)) == []
