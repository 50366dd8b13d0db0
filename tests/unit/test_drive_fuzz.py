"""Frames of all kinds through every decoder: none crashes it, and none is accepted that means nothing."""

import pytest

from robot.drivers import DriveReply, Fault, FrameError
from robot.drivers.codec import Command
from scenarios.assembly import load_drive_models
from tests.unit.drive_frames import DRIVE, MODELS, codec, drive_end, frames, judge, judge_command

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
def test_a_drive_follows_no_frame_that_is_no_setpoint(dialect):
    end, accepted, refused = drive_end(CATALOGUE, dialect), 0, 0
    for frame in frames(CATALOGUE, dialect, COUNT // 4, seed=5, to_drive=True):
        found, right = end.heard(frame), judge_command(dialect, MODELS[dialect][1], frame)
        if isinstance(found, Command):
            assert right is not None, frame
            assert found.setpoint == pytest.approx(right, rel=1e-9, abs=1e-9), frame
            accepted += 1
        else:
            assert right is None, (frame, found)
            refused += isinstance(found, FrameError)
    assert accepted > COUNT // 40
    assert refused > COUNT // 100


@pytest.mark.parametrize("dialect", MODELS)
def test_no_frame_crashes_the_readers_of_settings(dialect):
    host, end = codec(CATALOGUE, dialect), drive_end(CATALOGUE, dialect)
    requests = {frame.id for frame in host.poll()} | {DRIVE + 0x100}
    for frame in frames(CATALOGUE, dialect, COUNT // 4, seed=11):
        for arbitration in requests:
            end.heard(frame._replace(id=arbitration))
        for name in host.settings:
            answer = host.answer(name, frame)
            assert answer is None or isinstance(answer, float | FrameError)
