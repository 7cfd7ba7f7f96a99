"""What other engines propose from an exported search space: run where such an engine is installed.

`python engine_proposals.py ENGINE NUMBER <EXPORT` prints a JSON list of proposals: of W&B, Ray and
Katib the words that a job is started with, of Hydra the values by their keys.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import Any


def wandb(text: str, number: int) -> Iterator[Any]:
    import yaml
    from sweeps import next_runs, schema_violations_from_proposed_config
    from wandb.sdk.launch.sweeps.utils import create_sweep_command_args

    config = yaml.safe_load(text)
    assert schema_violations_from_proposed_config(config) == []
    for run in next_runs({**config, "method": "random"}, [], n=number):
        told = json.loads(json.dumps(run.config, default=lambda each: each.item()))
        yield create_sweep_command_args({"args": told})["args"]


def ray(text: str, number: int) -> Iterator[Any]:
    from ray import tune
    from ray.tune.search.variant_generator import generate_variants

    made: dict[str, Any] = {"__name__": "exported"}
    exec(compile(text, "exported", "exec"), made)
    if "OptunaSearch" in made:
        searcher = made["OptunaSearch"](space=made["param_space"], metric="loss", mode="min")
        proposals = (searcher.suggest(str(trial)) for trial in range(number))
    else:
        variants = (each for _ in range(number) for each in generate_variants(made["param_space"]))
        proposals = (proposal for _, proposal in islice(variants, number))
    started: list[list[str]] = []
    reported: list[Any] = []
    with TemporaryDirectory() as folder:
        artifacts = Path(folder, "job", "artifacts")
        artifacts.mkdir(parents=True)
        output = {"output": dict.fromkeys(made["METRICS"], 0.5)}
        (artifacts / "output.json").write_text(json.dumps(output), encoding="utf-8")
        tune.get_context = lambda: SimpleNamespace(get_trial_dir=lambda: folder)
        tune.report = reported.append
        made["subprocess"].run = lambda words, **_: started.append(words)
        for proposal in proposals:
            made["trainable"](proposal)
            yield started[-1]
    assert reported == [output["output"]] * number


def katib(text: str, number: int) -> Iterator[Any]:
    import yaml
    from kubeflow_katib_api.models import V1beta1Experiment

    document = yaml.safe_load(text)
    assert V1beta1Experiment.from_dict(document).to_dict() == document
    spec = document["spec"]
    template = json.dumps(spec["trialTemplate"]["trialSpec"])
    for turn in range(number):
        trial = template
        for each in spec["trialTemplate"]["trialParameters"]:
            [named] = [one for one in spec["parameters"] if one["name"] == each["reference"]]
            space = named["feasibleSpace"]
            values = space.get("list") or [space["min"], space["max"]]
            # As Katib's controller does it: in the JSON text.
            place = f"${{trialParameters.{each['name']}}}"
            assert place in trial
            trial = trial.replace(place, values[turn % len(values)])
        [container] = json.loads(trial)["spec"]["template"]["spec"]["containers"]
        yield [word.replace("$$", "$") for word in container["command"]]


def hydra(text: str, number: int) -> Iterator[Any]:
    import optuna
    import yaml
    from hydra.core.override_parser.overrides_parser import OverridesParser
    from hydra_plugins.hydra_optuna_sweeper import _impl as sweeper

    params = yaml.safe_load(text)["hydra"]["sweeper"]["params"]
    space, fixed = sweeper.create_params_from_overrides([f"{k}={v}" for k, v in params.items()])
    assert fixed == {}
    study = optuna.create_study(sampler=optuna.samplers.RandomSampler(seed=1))
    for _ in range(number):
        trial = study.ask(space)
        words = [f"{name}={value}" for name, value in trial.params.items()]
        overrides = OverridesParser.create().parse_overrides(words)
        yield {each.key_or_group: each.value() for each in overrides}


ENGINES: dict[str, Callable[[str, int], Iterator[Any]]] = {
    "wandb": wandb,
    "ray": ray,
    "katib": katib,
    "hydra": hydra,
}

if __name__ == "__main__":
    text = sys.stdin.buffer.read().decode()
    print(json.dumps([*ENGINES[sys.argv[1]](text, int(sys.argv[2]))]))
