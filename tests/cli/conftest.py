"""Stands for the tools for drives."""

import pytest

from tests.cli.drive_stand import Stand


@pytest.fixture
def make(request):
    return request.param if hasattr(request, "param") else "damiao"


@pytest.fixture
def stand(make, tmp_path, request):
    with Stand(make, tmp_path, request.node.name) as made:
        yield made
