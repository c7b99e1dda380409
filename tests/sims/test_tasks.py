from __future__ import annotations

import functools
from pathlib import Path

import numpy as np
import pytest

from lmp.errors import BadFile, UnknownName
from lmp.lab.tasks.filling import FilledTask, Skipped, fill
from lmp.lab.tasks.loader import load_task, task_names
from lmp.lab.tasks.task_file import SLOT
from lmp.lab.truth.predicates.displacements import DIRECTIONS, MovedTruth
from lmp.lab.truth.truth import judge
from lmp.lab.truth.truth_snapshot import Snapshot
from lmp.robots.robot_file import load_robot
from lmp.schema.pose import Pose
from lmp.schema.world_spec import WorldSpec
from lmp.sims.kinematic.kinematic_world import KinematicWorld
from lmp.sims.scenes.footprint import free_distance
from lmp.sims.world_report import world_report

PANDA = load_robot("panda")
KINDS = {"in", "on", "beside", "left_of", "between", "all_except", "push", "two_steps", "aligned"}


@functools.lru_cache(maxsize=64)
def start_of(seed: int, scene: str = "tabletop") -> Snapshot:
    return open_scene(seed, scene)[1]


def open_scene(seed: int, scene: str = "tabletop") -> tuple[KinematicWorld, Snapshot]:
    world = KinematicWorld.open(WorldSpec(address=f"kinematic:{scene}", seed=seed), PANDA)
    return world, Snapshot(world.scene_file, world_report(world))


def test_there_is_a_task_of_every_kind() -> None:
    assert set(task_names()) >= KINDS


@pytest.mark.parametrize("name", task_names("audit"))
def test_fillings_are_whole_repeatable_and_not_done_already(name: str) -> None:
    task, sentences, filled = load_task(name), set(), 0
    for seed in range(12):
        start = start_of(seed, task.world or "tabletop")
        found = fill(task, start, seed)
        assert fill(task, start, seed) == found
        if isinstance(found, FilledTask):
            filled += 1
            sentences.add(found.instruction)
            assert "{" not in found.instruction
            assert "None" not in found.instruction
            assert not SLOT.search(str(found.plan))
            assert not judge(found.truth, start, start).holds
    assert filled >= 8
    assert len(sentences) >= min(6, 2 * len(task.instructions) - 3)


@pytest.mark.parametrize("seed", range(8))
def test_a_push_that_is_asked_for_is_free_and_doing_it_makes_it_true(seed: int) -> None:
    world, start = open_scene(seed)
    found = fill(load_task("push"), start, seed)
    assert isinstance(found, FilledTask)
    assert isinstance(found.truth, MovedTruth)
    thing = start.find(found.truth.object)
    assert thing is not None
    way = start.along(*DIRECTIONS[found.truth.direction])
    for share in np.linspace(0.0, 1.0, 10):
        here = thing.outline + share * found.truth.distance * way
        others = [other for other in start.objects if other is not thing]
        assert min(free_distance(here, other.outline) for other in others) > 0.01
    goal = np.array(thing.pose.position) + np.append(found.truth.distance * way, 0.0)
    world.move_object(thing.name, Pose(position=tuple(goal), quat_xyzw=thing.pose.quat_xyzw))
    assert judge(found.truth, start, Snapshot(world.scene_file, world_report(world))).holds
    wrong = goal - np.append(2 * found.truth.distance * way, 0.0)
    world.move_object(thing.name, Pose(position=tuple(wrong), quat_xyzw=thing.pose.quat_xyzw))
    assert not judge(found.truth, start, Snapshot(world.scene_file, world_report(world))).holds


def test_a_task_that_is_done_already_is_skipped(tmp_path: Path) -> None:
    path = tmp_path / "stay.toml"
    path.write_text(
        'name = "stay"\ninstructions = ["put the {thing} on the table"]\n'
        'slots.thing = {kind = "object", category = ["block"]}\n'
        'truth = {kind = "on", object = "{thing}", reference = "table"}\n'
    )
    start = start_of(0)
    assert fill(load_task(path), start, 0) == Skipped("it is done already")


def test_a_slot_that_nothing_fits_is_skipped(tmp_path: Path) -> None:
    path = tmp_path / "spoon.toml"
    path.write_text(
        'name = "spoon"\ninstructions = ["put the {thing} in the bowl"]\n'
        'slots.thing = {kind = "object", category = ["spoon"]}\n'
        'truth = {kind = "in", object = "{thing}", reference = "bowl"}\n'
    )
    assert fill(load_task(path), start_of(0), 0) == Skipped("no object fits the slot 'thing'; the scene has no 'spoon'.")


def test_a_slot_whose_category_is_misspelt_names_the_nearest(tmp_path: Path) -> None:
    path = tmp_path / "bawl.toml"
    path.write_text(
        'name = "bawl"\ninstructions = ["put the {thing} in the bowl"]\n'
        'slots.thing = {kind = "object", category = ["bawl"]}\n'
        'truth = {kind = "in", object = "{thing}", reference = "bowl"}\n'
    )
    skipped = fill(load_task(path), start_of(0), 0)
    assert skipped == Skipped("no object fits the slot 'thing'; the scene has no 'bawl'. Did you mean 'bowl'?")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("name = ", "not TOML"),
        ('name = "x"\ninstructions = []\ntruth = {}', "instructions: Tuple should have at least 1 item"),
        ('name = "x"\ninstructions = ["put {a}"]\ntruth = {}', "there is no slot named a; slots: none"),
        ('name = "x"\ninstructions = ["go"]\ntruth = {}\nslots.a = {kind = "side"}', "nothing uses the slots a"),
        ('name = "x"\ninstructions = ["go"]\ntruth = {}\nslots.a = {kind = "colour"}', "slots.a"),
    ],
)
def test_bad_task_files_say_what_is_wrong(text: str, words: str, tmp_path: Path) -> None:
    path = tmp_path / "task.toml"
    path.write_text(text)
    with pytest.raises(BadFile, match=words):
        load_task(path)


def test_a_truth_that_is_no_predicate_is_told_when_it_is_filled_in(tmp_path: Path) -> None:
    path = tmp_path / "bad.toml"
    path.write_text('name = "bad"\ninstructions = ["go"]\ntruth = {kind = "inside", object = "mug"}')
    with pytest.raises(BadFile, match="truth"):
        fill(load_task(path), start_of(0), 0)


def test_unknown_names_come_with_the_nearest() -> None:
    with pytest.raises(UnknownName, match="Did you mean 'push'"):
        load_task("psh")
    with pytest.raises(BadFile, match="cannot be read"):
        load_task("nowhere/none.toml")
