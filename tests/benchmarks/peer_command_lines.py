"""What other libraries make of the command lines of `tests/command_lines.py`, as a table.

    python tests/benchmarks/peer_command_lines.py

Each peer has the same settings as a program that prints them as JSON, written as its users would;
where it knows no nested settings, its options have their dotted names. The result is the table in
`docs/command-line.md`. Peers that are not installed are left out.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from measuring import CHECKOUT, installed

sys.path.insert(0, str(CHECKOUT / "tests"))
from command_lines import FILES, RIGHT, WRONG, Line, holds

_CLASSES = """\
import json
from dataclasses import asdict, dataclass, field
from typing import Dict, List, Literal, Optional, Tuple, Union

@dataclass
class Adam:
    name: Literal["adam"] = "adam"
    lr: float = 0.001

@dataclass
class Sgd:
    name: Literal["sgd"] = "sgd"
    lr: float = 0.1
    momentum: float = 0.9

@dataclass
class Stage:
    name: str
    epochs: int = 1

@dataclass
class Training:
    epochs: int = 20
    shuffle: bool = True
    loss: Literal["dice", "focal"] = "dice"
    optimizer: Union[Adam, Sgd] = field(default_factory=Adam)

@dataclass
class Train:
    base_model: str
    classes: List[str] = field(default_factory=lambda: ["scratch"])
    weights: Dict[str, float] = field(default_factory=dict)
    seed: Optional[int] = None
    shift: float = 0.0
    betas: Tuple[float, float] = (0.9, 0.999)
    notes: str = ""
    training: Training = field(default_factory=Training)
    stages: List[Stage] = field(default_factory=list)

"""
_TYRO = _CLASSES + "import tyro\nprint(json.dumps(asdict(tyro.cli(Train))))\n"
_JSONARGPARSE = (
    _CLASSES
    + """\
from jsonargparse import ArgumentParser
parser = ArgumentParser()
parser.add_class_arguments(Train)
parser.add_argument("--settings-file", action="config")
found = parser.instantiate_classes(parser.parse_args())
plain = lambda v: asdict(v) if hasattr(v, "__dataclass_fields__") else v
listed = lambda v: [plain(item) for item in v] if isinstance(v, (list, tuple)) else plain(v)
known = {key: value for key, value in vars(found).items() if key in Train.__annotations__}
print(json.dumps({key: listed(value) for key, value in known.items()}))
"""
)
_PYDANTIC = """\
import json
from typing import Annotated, Dict, List, Literal, Optional, Tuple, Union
from pydantic import BaseModel, Field
from pydantic_settings import BaseSettings, SettingsConfigDict

class Adam(BaseModel):
    name: Literal["adam"] = "adam"
    lr: float = 0.001

class Sgd(BaseModel):
    name: Literal["sgd"] = "sgd"
    lr: float = 0.1
    momentum: float = 0.9

class Stage(BaseModel):
    name: str
    epochs: int = 1

class Training(BaseModel):
    epochs: int = Field(20, ge=1, le=1000)
    shuffle: bool = True
    loss: Literal["dice", "focal"] = "dice"
    optimizer: Annotated[Union[Adam, Sgd], Field(discriminator="name")] = Adam()

class Train(BaseSettings):
    model_config = SettingsConfigDict(cli_parse_args=True, nested_model_default_partial_update=True)
    base_model: str
    classes: List[str] = ["scratch"]
    weights: Dict[str, float] = {}
    seed: Optional[int] = None
    shift: float = 0.0
    betas: Tuple[float, float] = (0.9, 0.999)
    notes: str = ""
    training: Training = Training()
    stages: List[Stage] = []

print(Train().model_dump_json())
"""
_TYPER = """\
import json
from enum import Enum
from typing import Annotated, List, Optional, Tuple
import typer

class Loss(str, Enum):
    dice = "dice"
    focal = "focal"

def main(
    base_model: Annotated[str, typer.Option("--base_model")],
    classes: List[str] = ["scratch"],
    seed: Optional[int] = None,
    shift: float = 0.0,
    betas: Tuple[float, float] = (0.9, 0.999),
    notes: str = "",
    epochs: Annotated[int, typer.Option("--training.epochs", min=1, max=1000)] = 20,
    shuffle: Annotated[bool, typer.Option("--training.shuffle/--no-training.shuffle")] = True,
    loss: Annotated[Loss, typer.Option("--training.loss")] = Loss.dice,
) -> None:
    training = dict(epochs=epochs, shuffle=shuffle, loss=loss.value)
    own = dict(base_model=base_model, classes=classes, seed=seed, shift=shift, betas=betas)
    print(json.dumps(own | dict(notes=notes, training=training)))

typer.run(main)
"""
PEERS = {
    "tyro": _TYRO,
    "jsonargparse": _JSONARGPARSE,
    "pydantic_settings": _PYDANTIC,
    "typer": _TYPER,
}


def verdict(program: Path, line: Line) -> str:
    """What a program makes of a line, in a word or two."""
    ran = subprocess.run(
        [sys.executable, program.name, *line.words],
        cwd=program.parent,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    if ran.returncode:
        if "Traceback" in ran.stderr:
            return "traceback"
        return "refused" if line.config is not None or ran.returncode == 2 else "exit code 1"
    if line.config is None:
        return "taken"
    return "as meant" if holds(json.loads(ran.stdout), line.config) else "another value"


def table(lines: Iterable[Line], programs: dict[str, Path]) -> list[str]:
    """The rows of the table."""
    return [
        f"| {f'`{line.typed}`' if line.typed else 'nothing'} | "
        + " | ".join(verdict(program, line) for program in programs.values())
        + " |"
        for line in lines
    ]


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for file, text in FILES.items():
            (folder / file).write_text(text)
        programs: dict[str, Path] = {}
        for peer, text in PEERS.items():
            if installed(peer) is not None:
                programs[peer] = folder / f"{peer}_program.py"
                programs[peer].write_text(text)
        head = ["typed", *programs]
        print("| " + " | ".join(head) + " |")
        print("| " + " | ".join("---" for _ in head) + " |")
        print("\n".join([*table(RIGHT, programs), *table(WRONG, programs)]))


if __name__ == "__main__":
    main()
