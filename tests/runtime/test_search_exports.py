"""Search spaces in the words of other engines; tests/integrations has the engines themselves."""

from __future__ import annotations

import ast
import json
from typing import Any

import pytest
from brevettiai.cli.yaml_text import parse_yaml
from brevettiai.search.exports import ENGINES, export
from exported_space import CONDITIONAL, FLAT, SETTINGS, TEXTS, choices, numbers
from hostile_texts import kinds

PROGRAM = ["python", "-m", "examples.train_segmentation"]


@pytest.mark.parametrize("engine", ["wandb", "katib", "hydra"])
def test_the_text_is_yaml_of_the_document(engine: str) -> None:
    found = export(FLAT + CONDITIONAL, engine, program=PROGRAM, goals="max iou/a, min loss")
    assert parse_yaml(str(found)) == json.loads(json.dumps(found.document))
    assert PROGRAM[-1] in str(found)


def test_wandb() -> None:
    found = export(
        (numbers("rate", 1e-05, 0.1, log=True), choices("flip", [True, None])),
        "wandb",
        program=["python", "train.py", "--epochs=3"],
        goals="min loss",
        runs=7,
        search="random",
    )
    assert found.document == {
        "method": "random",
        "metric": {"name": "loss", "goal": "minimize"},
        "run_cap": 7,
        "parameters": {
            "rate": {"distribution": "log_uniform_values", "min": 1e-05, "max": 0.1},
            "flip": {"values": ["true", "null"]},
        },
        "command": ["python", "train.py", "--epochs=3", "${args}"],
    }
    assert found.losses == ()
    # Readers of YAML 1.1, as W&B has one, want a point.
    assert "min: 1.0e-05" in str(found)


def test_hydra() -> None:
    space = (
        numbers("a.rate", 1e-05, 0.1, log=True),
        numbers("a.angle", 0, 45),
        numbers("epochs", 1, 9, integer=True),
        numbers("batch", 1, 64, integer=True, log=True),
        numbers("size", 3, 27, integer=True, step=4),
        choices("mode", ["fast", "so so", "1", 1, True]),
    )
    found = export(space, "hydra", program=PROGRAM, goals=["min loss", "max iou"]).document
    assert found is not None
    assert found["hydra"]["sweeper"] == {
        "direction": ["minimize", "maximize"],
        "n_trials": 40,
        "n_jobs": 1,
        "params": {
            "++a.rate": "tag(log, interval(1e-05, 0.1))",
            "++a.angle": "interval(0.0, 45.0)",
            "++epochs": "range(1, 9, 1)",
            "++batch": "int(tag(log, interval(1, 64)))",
            "++size": "range(3, 27, 4)",
            "++mode": "choice(fast, '\"so so\"', '\"1\"', 1, true)",
        },
    }


def test_katib() -> None:
    space = (numbers("size", 3, 27, integer=True, step=4), choices("mode", ["a", '"$(X)"']))
    found = export(space, "katib", program=PROGRAM, goals="max iou", image="mine:1").document
    assert found is not None
    spec = found["spec"]
    assert spec["objective"]["type"] == "maximize"
    assert [each["feasibleSpace"] for each in spec["parameters"]] == [
        {"min": "3", "max": "27", "step": "4"},
        {"list": ["a", '\\"$$(X)\\"']},
    ]
    [container] = spec["trialTemplate"]["trialSpec"]["spec"]["template"]["spec"]["containers"]
    assert container["image"] == "mine:1"
    assert container["command"][-2:] == [
        "--size=${trialParameters.p1}",
        "--mode=${trialParameters.p2}",
    ]


def test_ray_is_python_of_literals() -> None:
    harmless = choices("text", [f"text {index}" for index in range(len(TEXTS))])
    tame, wild = (
        export(
            (*FLAT[:-1], last, *CONDITIONAL),
            "ray",
            program=["python", program],
            goals=f"min {metric}",
        )
        for last, program, metric in [(harmless, "a", "b"), (FLAT[-1], '"""\n', "')\"#")]
    )
    trees = [ast.parse(str(each)) for each in (tame, wild)]
    assert kinds(trees[0]) == kinds(trees[1])
    statements = [[type(each) for each in tree.body] for tree in trees]
    assert statements[0] == statements[1]
    texts = {node.value for node in ast.walk(trees[1]) if isinstance(node, ast.Constant)}
    assert {text for text in TEXTS if not text.startswith("@")} <= texts


@pytest.mark.parametrize("engine", ENGINES)
def test_what_is_lost_is_told_and_stands_in_the_comments(engine: str) -> None:
    odd = [numbers("a b", 0, 1), numbers("${x}", 0, 1), numbers("é\n", 0, 1)]
    found = export((*odd, *FLAT, *CONDITIONAL), engine, program=PROGRAM, goals="min a, min b")
    commented = " ".join(
        line.removeprefix("#").strip() for line in str(found).splitlines() if line.startswith("#")
    )
    assert found.losses
    for loss in found.losses:
        assert " ".join(loss.split()).replace("é", "é") in commented.replace("\\n", "")
    told = " ".join(found.losses)
    lost = {
        "wandb": ["by[adam].beta", "by[sgd].nesterov", "a b:", "${x}:", "share:", "b: no goal"],
        "katib": ["by[adam].beta", "${x}:", "share:", "b: recorded", "IMAGE"],
        "hydra": ["by[adam].beta", "a b:", "${x}:", "share:", "background: without null"],
        "ray": ["size:", "share:", "TPE is random search", "b: recorded", "stops none midway"],
    }[engine]
    assert [each for each in lost if each not in told] == []
    # What all branches have alike is searched.
    assert "by.rate" in str(found)
    assert "by[adam].rate" not in str(found)


def test_a_comment_is_never_left() -> None:
    hostile = numbers("x\nevil: true\r\u2028evil: [", 0, 1)
    for engine in ENGINES:
        found = export((hostile, *FLAT), engine, program=["a\nevil: 1"], goals="min x #evil: 1")
        if engine == "ray":
            ast.parse(str(found))
        else:
            assert "evil" not in parse_yaml(str(found))


@pytest.mark.parametrize("engine", ENGINES)
def test_a_grid(engine: str) -> None:
    steps = (numbers("size", 3, 27, integer=True, step=4), numbers("n", 1, 3, integer=True))
    found = export(steps, engine, program=PROGRAM, goals="min loss", search="grid")
    assert "27" in str(found)
    angle = numbers("angle", 0, 45)
    with pytest.raises(ValueError, match=r"angle takes any number.*angle=0\.\.45:step="):
        export((*steps, angle), engine, program=PROGRAM, goals="min loss", search="grid")


def test_many_steps_are_thinned() -> None:
    space = (numbers("share", 0, 1, step=0.0001),)
    found = export(space, "wandb", program=PROGRAM, goals="min loss")
    assert found.document is not None
    values = found.document["parameters"]["share"]["values"]
    assert len(values) <= 1000
    assert values[:3] == [0.0, 0.0011, 0.0022]
    assert "every 11th" in found.losses[0]


def test_wrong_words() -> None:
    with pytest.raises(ValueError, match=r"no export for 'wand': there are wandb, ray"):
        export(FLAT, "wand", program=PROGRAM, goals="min loss")
    with pytest.raises(ValueError, match=r"'loss' is no goal: that is `min`"):
        export(FLAT, "wandb", program=PROGRAM, goals="loss")
    with pytest.raises(ValueError, match=r"none is given"):
        export(FLAT, "wandb", program=PROGRAM, goals=())


def test_a_space_exports_itself_with_the_settings_that_it_lies_over(class_of: Any) -> None:
    cls = class_of(SETTINGS)
    space = cls.search_space("rate", "epochs", base={"loss": "focal", "token": "secret"})
    found = space.export("wandb", program="examples.train", goal="min loss")
    command = found.document["command"]
    assert command == ["python", "-m", "examples.train", "--loss=focal", "${args}"]
    assert "secret" not in str(found)


def test_what_is_lost_is_warned_of(class_of: Any) -> None:
    space = class_of(SETTINGS).search_space("share")
    with pytest.warns(UserWarning, match="Katib") as warned:
        found = space.export("katib", program=["job"], goal="min loss", image="mine")
    assert [str(each.message) for each in warned] == [*found.losses]
    assert "share: without null, as Katib" in found.losses[0]
