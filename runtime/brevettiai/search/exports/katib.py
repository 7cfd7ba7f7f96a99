"""An experiment of Kubeflow's Katib: https://www.kubeflow.org/docs/components/katib."""

from __future__ import annotations

import json
import re
from typing import Any

from ..space import Numbers
from .plan import Export, Placed, Plan, about_steps, steps, unconditional, word
from .wandb import written

#: Those that Katib does by Optuna, which counts steps from the lower limit, where there are such.
_ALGORITHMS = {"tpe": "multivariate-tpe", "random": "random", "quasi": "sobol", "grid": "grid"}
_LONGEST_NAME = 40
#: What Katib would replace is in no name.
_NAME = r"(?!.*\$\{).*"
_JOB_DIR = "/tmp/job"
_CONTAINER = "job"
#: Each number of a line of a job's metrics.jsonl, which its log() and its monitor write.
_METRIC = r'"([^"\\]+)": (-?[0-9][0-9.eE+-]*)'


def experiment(plan: Plan) -> Export:
    """The manifest of an experiment, whose trials are Kubernetes jobs of one container."""
    varied, losses = unconditional(plan.parameters, "Katib", _NAME)
    parameters = [_parameter(each, plan.search, losses) for each in varied]
    others = [goal.metric for goal in plan.goals[1:]]
    if others:
        losses.append(f"{', '.join(others)}: recorded, but no goal: an experiment has one.")
    if not plan.image:
        losses.append("IMAGE stands for the container image that has the program: name yours.")
    document = {
        "apiVersion": "kubeflow.org/v1beta1",
        "kind": "Experiment",
        "metadata": {"name": _name(plan.program)},
        "spec": {
            "objective": {
                "type": f"{plan.goal.direction}imize",
                "objectiveMetricName": plan.goal.metric,
                "additionalMetricNames": others,
            },
            "algorithm": {"algorithmName": _ALGORITHMS[plan.search]},
            "maxTrialCount": plan.runs,
            "parallelTrialCount": min(2, plan.runs),
            "maxFailedTrialCount": min(3, plan.runs),
            "metricsCollectorSpec": {
                "collector": {"kind": "File"},
                "source": {
                    "filter": {"metricsFormat": [_METRIC]},
                    "fileSystemPath": {
                        "path": f"{_JOB_DIR}/artifacts/metrics.jsonl",
                        "kind": "File",
                    },
                },
            },
            "parameters": parameters,
            "trialTemplate": _template(plan, varied),
        },
    }
    about = [
        "An experiment of Katib. Begin it with",
        "    kubectl create --namespace YOURS --filename THIS_FILE",
        "Katib reads the metrics that the job logs, by log() or its monitor; those that are only "
        "among the output metrics it does not see.",
    ]
    return Export(written(about, losses, document), tuple(losses), document)


def _name(program: tuple[str, ...]) -> str:
    """A name that Kubernetes takes, after the program."""
    words = [each for each in program[1:] if not each.startswith("-")] or list(program)
    name = re.sub(r"[^a-z0-9]+", "-", words[0].removesuffix(".py").lower()).strip("-")
    return re.sub(r"^[^a-z]+", "", name)[:_LONGEST_NAME].strip("-") or "sweep"


def _parameter(each: Placed, search: str, losses: list[str]) -> dict[str, Any]:
    found = each.parameter
    if not isinstance(found, Numbers):
        words = [_substituted(str(word(choice))) for choice in found.choices]
        return _as(each, "categorical", {"list": words})
    if search == "grid":
        return _as(each, "discrete", {"list": [repr(value) for value in steps(found)]})
    limits = {"min": repr(found.low), "max": repr(found.high)}
    if not found.step:
        scale = {"distribution": "logUniform" if found.log else "uniform"}
        return _as(each, "int" if found.integer else "double", limits | scale)
    if found.integer and search == "tpe":
        return _as(each, "int", {**limits, "step": repr(found.step)})
    losses.append(about_steps(found, "Katib"))
    return _as(each, "discrete", {"list": [repr(value) for value in steps(found)]})


def _as(each: Placed, kind: str, space: dict[str, Any]) -> dict[str, Any]:
    return {"name": each.flag, "parameterType": kind, "feasibleSpace": space}


def _template(plan: Plan, varied: list[Placed]) -> dict[str, Any]:
    """The job of a trial: in it Katib puts the values of its parameters."""
    names = {each.flag: f"p{number}" for number, each in enumerate(varied, 1)}
    words = [
        *map(_literal, (*plan.program, f"--job_dir={_JOB_DIR}")),
        *(f"{_literal('--' + flag)}=${{trialParameters.{name}}}" for flag, name in names.items()),
    ]
    container = {"name": _CONTAINER, "image": plan.image or "IMAGE", "command": words}
    return {
        "primaryContainerName": _CONTAINER,
        "trialParameters": [{"name": n, "reference": flag} for flag, n in names.items()],
        "trialSpec": {
            "apiVersion": "batch/v1",
            "kind": "Job",
            "spec": {
                "backoffLimit": 0,
                "template": {"spec": {"containers": [container], "restartPolicy": "Never"}},
            },
        },
    }


def _literal(text: str) -> str:
    """A word of a container's command, in which Kubernetes replaces `$(NAME)` and reads `$$`."""
    return text.replace("$", "$$")


def _substituted(text: str) -> str:
    """A value as Katib puts it, unchanged, into the JSON text of a command."""
    return json.dumps(_literal(text))[1:-1]
