"""Frames of all kinds through every decoder: none crashes it, and none is accepted that means nothing."""

import pytest

from robot.drivers import DriveReply, DriveSetpoint, Fault, FrameError
from robot.drivers.factory import end_of
from scenarios.assembly import load_drive_models
from tests.unit.drive_frames import DRIVE, MODELS, codec, frames, judge

CATALOGUE = load_drive_models()
COUNT = 4000


@pytest.mark.parametrize("dialect", MODELS)
def test_no_frame_crashes_a_decoder_or_is_read_as_what_it_is_not(dialect):
    host, accepted, refused = codec(CATALOGUE, dialect), 0, 0
    for frame in frames(CATALOGUE, dialect, COUNT, seed=7):
        found, right = host.reply(frame), judge(dialect, MODELS[dialect][1], host.reply_id, frame)
        if isinstance(found, DriveReply):
            assert right is not None, frame
            assert found[:3] == pytest.approx(right[:3], rel=1e-9, abs=1e-9), frame
            assert (found.fault is Fault.NONE) is right.ok, frame
            accepted += 1
        else:
            assert right is None, (frame, found)
            refused += isinstance(found, FrameError)
    assert accepted > COUNT // 10
    assert refused > COUNT // 20


@pytest.mark.parametrize("dialect", MODELS)
def test_no_frame_crashes_what_a_drive_or_a_check_of_its_settings_hears(dialect):
    host = codec(CATALOGUE, dialect)
    end = end_of(host.model, DRIVE, fd=dialect in ("powerflow", "moteus"))
    requests = {frame.id for frame in host.poll()} | {
        DRIVE,
        host.command(DriveSetpoint(0.0, 0.0, 0.0, 0.0, 0.0)).frames[0].id,
        DRIVE + 0x100,
    }
    kinds = set()
    for frame in frames(CATALOGUE, dialect, COUNT // 4, seed=11):
        for arbitration in requests:
            kinds.add(type(end.heard(frame._replace(id=arbitration))).__name__)
        for name in host.settings:
            answer = host.answer(name, frame)
            assert answer is None or isinstance(answer, float | FrameError)
    assert {"FrameError", "Command"} <= kinds
