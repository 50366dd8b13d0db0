"""A sweep: its journal, its table and its figures, over rides that cost nothing."""

import json
import math
from dataclasses import replace

import numpy as np
import pyarrow.parquet as pq
import pytest

from scenarios.errors import BadInput
from scenarios.loader import load
from scenarios.metrics import METRICS
from scenarios.outcome import End
from scenarios.sweep.conduct import conduct
from scenarios.sweep.digest import digest, share
from scenarios.sweep.journal import Entry, Header, open_journal
from scenarios.sweep.request import Sample, SweepRequest, draw_sample, ride_seed
from scenarios.sweep.sweep_table import build_table
from scenarios.trial import Trial, TrialResult, broken
from tests.unit.fake_trials import deadly, do

REQUEST = SweepRequest("ride_straight", ("duration=5",), 6, 3)
HEADER = Header("ride_straight", "text", ("duration=5",), 3, "abc", {"numpy": "2"})


def draw(reference, overrides, seed, sample):
    scenario = load(reference, overrides)
    return (
        scenario,
        (*overrides, f"world.friction=0.{sample}"),
        {"world.friction": sample / 10, "kind": "ab"[sample % 2]},
    )


def units(reference, overrides):
    return {"world.friction": "1", "kind": ""}


def sweep(folder, request=REQUEST, **more):
    return conduct(request, folder, **{"jobs": 1, "draw": draw, "units": units, "do": do_numbered, **more})


def do_numbered(trial):
    return do(Trial(trial.name, trial.scenario, int(trial.name), trial.changes))


def do_deadly(trial):
    return deadly(Trial(trial.name, trial.scenario, int(trial.name), trial.changes))


def do_in_vain(trial):
    return broken(trial, "out of memory")


def do_wildly(trial):
    """Metrics that are hard to write down."""
    result = do_numbered(trial)
    odd = {"path_error_rms": math.nan, "roll_max": math.inf, "speed_mean": 0.1 + 0.2}
    return TrialResult(
        result.name, result.scenario, result.seed, result.changes, result.end, result.seconds,
        {**result.metrics, **odd}, result.failures, result.state_hash,
    )  # fmt: skip


def provenance_of(table):
    return json.loads(table.schema.metadata[b"draisine"])


def samples(count):
    return [draw_sample(REQUEST, number, draw) for number in range(count)]


def entry(number, survived, values, metrics=None):
    end: End = "completed" if survived else "fallen"
    found = {name: float(number) for name in METRICS} | (metrics or {})
    return Entry(number, values, TrialResult(str(number), "x", 0, (), end, 1.0, found, (), "h"))


# --- the journal ---


def test_what_is_written_down_is_read_again_to_the_bit(tmp_path):
    results = [do_wildly(sample.trial) for sample in samples(2)]
    with open_journal(tmp_path / "j", HEADER, fresh=False) as journal:
        for sample, result in zip(samples(2), results, strict=True):
            journal.add(sample, result)
    with open_journal(tmp_path / "j", HEADER, fresh=False) as journal:
        found = [journal.entries[number] for number in (0, 1)]
    assert [entry.values for entry in found] == [sample.values for sample in samples(2)]
    assert math.isnan(found[0].result.metrics["path_error_rms"])
    assert repr([entry.result for entry in found]) == repr(results)


@pytest.mark.parametrize("torn", [1, 20, -1])
def test_a_torn_last_line_is_dropped(tmp_path, torn):
    file = tmp_path / "j"
    with open_journal(file, HEADER, fresh=False) as journal:
        for sample in samples(3):
            journal.add(sample, do_numbered(sample.trial))
    lines = file.read_bytes().splitlines(keepends=True)
    file.write_bytes(b"".join(lines[:-1]) + lines[-1][:torn])
    with open_journal(file, HEADER, fresh=False) as journal:
        assert journal.entries.keys() == {0, 1}
        journal.add(samples(3)[2], do_numbered(samples(3)[2].trial))
    assert file.read_bytes() == b"".join(lines)


def test_a_torn_header_is_a_journal_that_has_not_begun(tmp_path):
    file = tmp_path / "j"
    with open_journal(file, HEADER, fresh=False):
        pass
    whole = file.read_bytes()
    file.write_bytes(whole[:30])
    with open_journal(file, HEADER, fresh=False) as journal:
        assert journal.entries == {}
    assert file.read_bytes() == whole


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"scenario_text": "other"}, "another text of the scenario's file"),
        ({"overrides": ()}, "other changes"),
        ({"seed": 4}, "another --seed"),
        ({"sources": "x"}, "other sources of the project"),
        ({"versions": {"numpy": "3"}, "seed": 9}, "another --seed and other versions"),
        ({"policy_sha256": {"waist.onnx": "e3"}}, "another file of the policy"),
        ({"robot_sha256": {"robot.urdf": "e3"}}, "other files of the robot"),
    ],
)
def test_another_sweep_is_refused_and_keeps_what_it_has(tmp_path, changed, told):
    file = tmp_path / "j"
    with open_journal(file, HEADER, fresh=False) as journal:
        journal.add(samples(1)[0], do_numbered(samples(1)[0].trial))
    before = file.read_bytes()
    other = replace(HEADER, **changed)
    with pytest.raises(BadInput, match=told), open_journal(file, other, fresh=False):
        pass
    assert file.read_bytes() == before
    with open_journal(file, other, fresh=True) as journal:
        assert journal.entries == {}


def test_a_journal_of_before_that_tells_of_no_files_and_no_processor_is_read(tmp_path):
    file = tmp_path / "j"
    with open_journal(file, HEADER, fresh=False) as journal:
        journal.add(samples(1)[0], do_numbered(samples(1)[0].trial))
    header, line = (json.loads(line) for line in file.read_text().splitlines())
    del header["policy_sha256"], header["robot_sha256"], line["cpu"]
    file.write_text(f"{json.dumps(header)}\n{json.dumps(line)}\n")
    with open_journal(file, HEADER, fresh=False) as journal:
        assert journal.has(0)
        assert journal.entries[0].cpu is None
    other = replace(HEADER, policy_sha256={"waist.onnx": "e3"})
    with pytest.raises(BadInput, match="another file of the policy"), open_journal(file, other, fresh=False):
        pass


def test_a_file_that_is_no_journal_is_refused(tmp_path):
    file = tmp_path / "j"
    for content in ("a letter\nto a friend\n", "a letter", '{"format": 1}\n'):
        file.write_text(content)
        with pytest.raises(BadInput, match="is not the journal of a sweep"), open_journal(file, HEADER, fresh=False):
            pass
        assert file.read_text() == content


def test_nobody_else_writes_at_the_same_time(tmp_path):
    with (
        open_journal(tmp_path / "j", HEADER, fresh=False),
        pytest.raises(BadInput, match="another sweep is writing there"),
        open_journal(tmp_path / "j", HEADER, fresh=True),
    ):
        pass


# --- the table ---


def test_the_table_has_a_row_for_each_sample_whatever_the_order():
    rows = [Entry(sample.number, sample.values, do_numbered(sample.trial)) for sample in samples(5)]
    table, other = (build_table(order, units("", ()), {"seed": 3}) for order in (rows, rows[::-1]))
    assert table.equals(other, check_metadata=True)
    names = ["sample", "seed", "world.friction", "kind", "end", "survived", "passed", "seconds"]
    assert table.column_names == [*names, *METRICS, "state_hash", "problem"]
    assert table["sample"].to_pylist() == [0, 1, 2, 3, 4]
    assert table["world.friction"].to_pylist() == [0.0, 0.1, 0.2, 0.3, 0.4]
    assert table["kind"].to_pylist() == ["a", "b", "a", "b", "a"]
    assert table["end"].to_pylist() == ["completed", "completed", "fallen", "completed", "completed"]
    assert table["survived"].to_pylist() == [True, True, False, True, True]
    assert table["problem"].null_count == 5
    assert table.schema.field("roll_max").metadata == {b"unit": b"rad"}
    assert provenance_of(table) == {"seed": 3}


def test_what_a_ride_does_not_have_is_null():
    sample = samples(1)[0]
    rows = [Entry(0, sample.values, broken(sample.trial, "no such thing")), Entry(1, {}, do_wildly(sample.trial))]
    table = build_table(rows, {}, {})
    assert table["path_error_rms"].to_pylist() == [None, None]
    assert table["roll_max"].to_pylist() == [None, math.inf]
    assert table["state_hash"].to_pylist() == [None, "h0"]
    assert table["problem"].to_pylist() == ["no such thing", None]
    assert table["seconds"].to_pylist() == [None, 1.0]
    assert table["passed"].to_pylist() == [False, True]


# --- the figures ---


def test_wilsons_interval():
    """Newcombe, Statistics in Medicine 17 (1998), table I, method 3."""
    for count, of, lower, upper in ((81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611)):
        found = share(count, of)
        assert (found.lower, found.upper) == pytest.approx((lower, upper), abs=5e-5)


def test_a_parameter_that_decides_is_told_first():
    rng = np.random.default_rng(0)
    rows = [
        entry(number, number >= 10, {"noise": float(rng.random()), "weight": -float(number), "kind": "a", "fixed": 1.0})
        for number in range(30)
    ]
    found = digest(rows)
    assert (found.survived.count, found.survived.of) == (20, 30)
    assert [influence.parameter for influence in found.parameters] == ["weight", "noise"]
    weight, noise = found.parameters
    assert weight.correlation == pytest.approx(-1.0), "every survivor weighs less"
    assert weight.p_value < 1e-4
    assert abs(noise.correlation) < 0.5
    assert found.metrics[0].metric == "path_error_rms"
    assert found.metrics[0].median == 19.5, "over the survivors alone"


def test_when_all_survive_parameters_are_held_against_the_error():
    found = digest([entry(number, True, {"a": float(number), "b": number**2 % 7.0}) for number in range(12)])
    assert found.parameters[0].parameter == "a"
    assert found.parameters[0].against == "path_error_rms"
    assert found.parameters[0].correlation == pytest.approx(1.0)


def test_of_few_samples_nothing_is_said_about_parameters():
    assert digest([entry(number, number > 1, {"a": float(number)}) for number in range(5)]).parameters == ()


def test_broken_samples_are_counted_and_no_falls():
    trial = Trial("0", load("ride_straight"), 0)
    found = digest([Entry(0, {"a": 1.0}, broken(trial, "lost")), entry(1, True, {"a": 2.0})])
    assert found.broke_down == 1
    assert (found.survived.count, found.survived.of) == (1, 2)


# --- the whole ---


def test_seeds_differ_from_sample_to_sample_and_do_not_depend_on_their_number():
    seeds = [ride_seed(seed, sample) for seed in range(20) for sample in range(50)]
    assert len(set(seeds)) == len(seeds)
    assert all(0 <= seed < 2**32 for seed in seeds)
    assert ride_seed(0, 7) == ride_seed(0, 7)
    assert [sample.trial.seed for sample in samples(3)] == [ride_seed(3, number) for number in range(3)]


def files(folder):
    found = folder / "ride_straight-sweep3"
    return {
        file.name: file.read_bytes() for file in found.iterdir() if file.name not in ("journal.jsonl", "timing.json")
    }


def test_the_same_files_come_of_one_process_two_and_a_sweep_in_three_parts(tmp_path):
    assert sweep(tmp_path / "one") == 0
    assert sweep(tmp_path / "two", jobs=2) == 0
    for count in (1, 4, 6):
        sweep(tmp_path / "parts", SweepRequest(REQUEST.reference, REQUEST.overrides, count, 3), jobs=2)
    assert files(tmp_path / "one").keys() == {"sweep.parquet", "summary.json"}
    assert files(tmp_path / "one") == files(tmp_path / "two") == files(tmp_path / "parts")


def test_a_part_of_a_sweep_has_rows_of_the_whole_and_goes_into_its_journal(tmp_path, capsys):
    sweep(tmp_path / "whole")
    whole = pq.read_table(tmp_path / "whole" / "ride_straight-sweep3" / "sweep.parquet")
    part = SweepRequest(REQUEST.reference, REQUEST.overrides, 2, 3, first=3)
    sweep(tmp_path / "part", part)
    table = pq.read_table(tmp_path / "part" / "ride_straight-sweep3" / "sweep.parquet")
    assert table.to_pylist() == whole.slice(3, 2).to_pylist()
    assert (provenance_of(table)["first"], provenance_of(table)["samples"]) == (3, 2)
    capsys.readouterr()
    sweep(tmp_path / "part")
    assert "2 of 6 samples are there from before" in capsys.readouterr().out
    assert files(tmp_path / "part") == files(tmp_path / "whole")


def test_a_fresh_sweep_that_cannot_be_drawn_leaves_what_is_there(tmp_path):
    def refuse(reference, overrides, seed, sample):
        raise BadInput(f"sample {sample} cannot be drawn")

    sweep(tmp_path)
    journal = tmp_path / "ride_straight-sweep3" / "journal.jsonl"
    before = journal.read_bytes()
    with pytest.raises(BadInput, match="sample 0 cannot be drawn"):
        sweep(tmp_path, draw=refuse, fresh=True)
    assert journal.read_bytes() == before


def test_progress_counts_what_is_there_from_before_and_tells_falls_from_breakdowns(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("scenarios.sweep.progress._SECONDS_BETWEEN_LINES", 0.0)
    sweep(tmp_path, SweepRequest(REQUEST.reference, REQUEST.overrides, 3, 3))  # of which sample 2 falls
    capsys.readouterr()
    sweep(tmp_path, do=do_in_vain)
    lines = [line for line in capsys.readouterr().out.splitlines() if " left" in line]
    assert [line.rpartition(",")[0] for line in lines] == [
        "4 of 6 samples, 1 fell, 1 broke down", "5 of 6 samples, 1 fell, 2 broke down",
        "6 of 6 samples, 1 fell, 3 broke down",
    ]  # fmt: skip


def test_a_sweep_on_two_processors_goes_on_and_tells_of_both(tmp_path, capsys, monkeypatch):
    for model, count in (("Cyrix", 3), ("Zilog [8]", 6)):
        monkeypatch.setattr("scenarios.sweep.journal.processor", lambda model=model: {"model": model, "simd": []})
        sweep(tmp_path, SweepRequest(REQUEST.reference, REQUEST.overrides, count, 3))
        out = capsys.readouterr().out
        assert ("ridden on 2 processors" in out) == (count == 6)
    assert "otherwise: Cyrix; Zilog [8]" in out
    folder = tmp_path / "ride_straight-sweep3"
    cpus = [{"model": "Cyrix", "simd": []}, {"model": "Zilog [8]", "simd": []}]
    assert json.loads((folder / "summary.json").read_text())["provenance"]["cpus"] == cpus
    assert provenance_of(pq.read_table(folder / "sweep.parquet"))["cpus"] == cpus


def test_another_policy_in_the_same_file_is_another_sweep(tmp_path):
    policy = tmp_path / "waist.onnx"
    request = replace(REQUEST, overrides=("duration=5", f"policy={policy}"))
    with pytest.raises(BadInput, match=r"ride_straight: the file .*waist.onnx cannot be read: No such file"):
        sweep(tmp_path, request)
    policy.write_bytes(b"one")
    sweep(tmp_path, request)
    policy.write_bytes(b"another")
    with pytest.raises(BadInput, match="was begun with another file of the policy; --fresh begins it anew"):
        sweep(tmp_path, request)


def test_what_is_done_is_not_done_again_unless_it_is_asked(tmp_path, capsys):
    sweep(tmp_path)
    assert sweep(tmp_path, do=_never) == 0
    assert "6 of 6 samples are there from before" in capsys.readouterr().out
    timing = json.loads((tmp_path / "ride_straight-sweep3" / "timing.json").read_text())
    assert timing["samples_ridden"] == 0
    sweep(tmp_path, do=do_wildly, fresh=True)
    table = pq.read_table(tmp_path / "ride_straight-sweep3" / "sweep.parquet")
    assert table["roll_max"].to_pylist() == [math.inf] * 6


def test_a_sample_that_kills_its_process_is_a_row(tmp_path, capsys):
    assert sweep(tmp_path, jobs=2, do=do_deadly) == 0
    table = pq.read_table(tmp_path / "ride_straight-sweep3" / "sweep.parquet")
    assert table["sample"].to_pylist() == [0, 1, 2, 3, 4, 5]
    assert table["problem"].to_pylist()[3] == "its process died, 3 times"
    assert table["problem"].null_count == 5
    assert "samples that broke down: 1" in capsys.readouterr().out


def test_what_broke_down_is_ridden_again_by_the_same_command(tmp_path, capsys):
    sweep(tmp_path / "mended", jobs=2, do=do_deadly)
    assert sweep(tmp_path / "mended") == 0
    assert "5 of 6 samples are there from before" in capsys.readouterr().out
    sweep(tmp_path / "whole")
    assert files(tmp_path / "mended") == files(tmp_path / "whole")
    assert sweep(tmp_path / "mended", do=_never) == 0


def test_an_interrupted_sweep_says_how_to_go_on(tmp_path, capsys, monkeypatch):
    class Interrupted:
        def __init__(self, *arguments, **more):
            self.trials = iter(arguments[0])

        def __iter__(self):
            yield do_numbered(next(self.trials))
            raise KeyboardInterrupt

        def close(self):
            pass

    monkeypatch.setattr("scenarios.sweep.conduct.attempt_all", Interrupted)
    with pytest.raises(KeyboardInterrupt):
        sweep(tmp_path)
    folder = tmp_path / "ride_straight-sweep3"
    said = f"interrupted: 1 of 6 samples are done and kept in {folder}; the same command goes on from there"
    assert said in capsys.readouterr().out
    with pytest.raises(KeyboardInterrupt):
        sweep(tmp_path, fresh=True)
    assert "; the same command without --fresh goes on from there" in capsys.readouterr().out
    monkeypatch.undo()
    sweep(tmp_path)
    sweep(tmp_path / "whole")
    assert files(tmp_path) == files(tmp_path / "whole")


def _never(trial):
    raise AssertionError(f"{trial.name} is done already")


def test_a_sample_keeps_its_changes():
    sample = samples(2)[1]
    assert sample == Sample(1, sample.trial, {"world.friction": 0.1, "kind": "b"})
    assert sample.trial.changes == ("duration=5", "world.friction=0.1")
