"""A sweep on a Ray cluster of two nodes of this machine, of which one is lost in the middle."""

import shutil
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from scenarios.sweep.conduct import conduct
from scenarios.sweep.request import SweepRequest
from scenarios.trial import attempt

pytestmark = pytest.mark.long
SCENARIO = """\
summary = "a tenth of a second straight ahead"
duration = "0.1 s"
course = { kind = "straight", length = "20 m" }
criteria = [{ metric = "falls", max = 0 }]

[randomize]
world.friction = { uniform = [0.5, 1.0] }
"""
SAMPLES = 8


class Watched:
    """Does a trial and tells in a folder on which node it was begun and ended.

    On the node that is to be lost a trial does not end: it waits for that.
    """

    def __init__(self, folder: Path, doomed: str) -> None:
        self.folder, self.doomed = folder, doomed

    def __call__(self, trial):
        import ray

        node = ray.get_runtime_context().get_node_id()
        file = self.folder / f"{trial.name} {node} {time.time_ns()}"
        file.with_suffix(".begun").touch()
        result = attempt(trial)
        if node == self.doomed:
            time.sleep(120.0)
        file.with_suffix(".ended").touch()
        return result

    def attempts(self, node=""):
        """Trial of each attempt on a node, with whether it came to its end."""
        begun = [file for file in self.folder.glob("*.begun") if node in file.name]
        return [(file.name.split()[0], file.with_suffix(".ended").exists()) for file in begun]


@pytest.fixture
def cluster(monkeypatch):
    """Two nodes with a core each; yields the cluster and the one that is not the head."""
    folder = tempfile.mkdtemp(prefix="ray", dir="/tmp")  # sockets live there: their paths must be short
    monkeypatch.setenv("RAY_USAGE_STATS_ENABLED", "0")
    monkeypatch.setenv("RAY_TMPDIR", folder)  # for the nodes, and for the file with the head's address beside them
    pytest.importorskip("ray", reason="the cluster's packages are not installed")
    from ray.cluster_utils import Cluster

    node: dict[str, Any] = {"num_cpus": 1, "object_store_memory": 80 * 2**20}
    nodes = Cluster(initialize_head=True, connect=False, head_node_args={**node, "include_dashboard": False})
    try:
        yield nodes, nodes.add_node(**node)
    finally:
        nodes.shutdown()
        shutil.rmtree(folder, ignore_errors=True)


def test_a_sweep_outlives_the_loss_of_a_node_and_gives_the_same_table(cluster, tmp_path):
    nodes, second = cluster
    (tmp_path / "brief.toml").write_text(SCENARIO)
    request = SweepRequest(str(tmp_path / "brief.toml"), (), SAMPLES, 7)
    (tmp_path / "watch").mkdir()
    watched = Watched(tmp_path / "watch", second.node_id)
    journal = tmp_path / "ray" / "brief-sweep7" / "journal.jsonl"
    stop = threading.Event()

    def lose_a_node_in_the_middle():
        while not stop.wait(0.005):
            some_done = journal.exists() and len(journal.read_bytes().splitlines()) >= 3
            if some_done and watched.attempts(second.node_id):
                nodes.remove_node(second, allow_graceful=False)
                return

    loser = threading.Thread(target=lose_a_node_in_the_middle)
    loser.start()
    try:
        assert conduct(request, tmp_path / "ray", engine="ray", address=nodes.address, do=watched) == 0
    finally:
        stop.set()
        loser.join()

    assert len(nodes.list_all_nodes()) == 1, "a node was lost"
    lost = {trial for trial, ended in watched.attempts(second.node_id) if not ended}
    assert lost, "it was riding"
    assert lost <= {trial for trial, ended in watched.attempts(nodes.head_node.node_id) if ended}, "it was done again"
    table = pq.read_table(tmp_path / "ray" / "brief-sweep7" / "sweep.parquet")
    assert table["sample"].to_pylist() == list(range(SAMPLES))
    assert table["problem"].null_count == SAMPLES

    assert conduct(request, tmp_path / "local", jobs=2) == 0
    ray_file, local_file = (tmp_path / engine / "brief-sweep7" / "sweep.parquet" for engine in ("ray", "local"))
    assert ray_file.read_bytes() == local_file.read_bytes()
