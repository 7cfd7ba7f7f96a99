"""Commands of click and typer that take the flags of a settings class."""

from __future__ import annotations

from typing import Any

import click
import pytest
from brevettiai.integrations.click import settings_command
from click.testing import CliRunner
from loaded_classes import loaded_class

Training = loaded_class(
    {
        "lr": {"type": "number", "maximum": 1, "title": "Learning rate"},
        "names": {"type": "array", "items": {"type": "string"}, "default": []},
        "flip": {"type": "boolean", "default": True},
    }
)


def by_click() -> Any:
    @click.command(cls=settings_command(Training, click.Command))
    @click.argument("folder")
    @click.option("--gpu", type=int, default=0, help="Which one.")
    @click.pass_obj
    def train(settings: Any, gpu: int, folder: str) -> None:
        click.echo(f"{folder} {gpu} {settings.get_config()}")

    group = click.Group(commands={"train": train})
    return lambda *words: CliRunner().invoke(group, ["train", *words])


def by_typer() -> Any:
    typer = pytest.importorskip("typer")
    from typer.core import TyperCommand
    from typer.testing import CliRunner as TyperRunner

    app = typer.Typer()

    def train(ctx: Any, folder: str, gpu: int = typer.Option(0, help="Which one.")) -> None:
        print(f"{folder} {gpu} {ctx.obj.get_config()}")

    train.__annotations__ |= {"ctx": typer.Context, "folder": str, "gpu": int}
    app.command(cls=settings_command(Training, TyperCommand))(train)
    return lambda *words: TyperRunner().invoke(app, [*words])


@pytest.fixture(params=[by_click, by_typer])
def run(request: pytest.FixtureRequest) -> Any:
    return request.param()


def test_options_and_settings_are_told_apart(run: Any) -> None:
    done = run("--lr", "-0.5", "out", "--names", "a", "--gpu", "3", "--names=b", "--no-flip")
    assert done.exit_code == 0, done.output
    assert done.output == "out 3 {'lr': -0.5, 'names': ['a', 'b'], 'flip': False}\n"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("out --lr 7", "Training: 1 problem lr: must be at most 1 (got 7, from --lr)"),
        ("out --flop", "unknown flag --flop, did you mean --flip?"),
        ("out --gpus 1", "unknown flag --gpus, did you mean --gpu?"),
        ("out more", "unexpected extra argument"),
        ("--lr 1", "Missing argument"),
    ],
)
def test_mistakes_are_usage_errors(run: Any, words: str, told: str) -> None:
    done = run(*words.split())
    assert done.exit_code == 2
    assert told in " ".join(done.output.replace("│", " ").split())


def test_help_lists_the_settings_beneath_the_options(run: Any) -> None:
    done = run("--help")
    assert done.exit_code == 0
    options, settings = done.output.index("--gpu"), done.output.index("--lr NUMBER")
    assert options < settings
    assert done.output.count("sage:") == 1
