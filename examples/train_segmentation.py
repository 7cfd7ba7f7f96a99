"""Train a toy segmentation model, with the settings of `schemas/segmentation.schema.json`.

Its images are invented and its network is a handful of logistic regressions, so that it needs
nothing but Python; what surrounds them is what a real training does with its settings and its job.

    brevetti-gen schemas/ -o settings/
    python -m examples.train_segmentation --training.epochs 5 --augmentation.color.brightness 0.3
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

from brevettiai.platform import Job
from settings.segmentation import Adam, Segmentation, Sgd

PIXELS = 2000
FEATURES = 3  # brightness, contrast to the neighbours, and a constant


@dataclass(frozen=True)
class Pixel:
    """What the network sees of a pixel, and the class it belongs to (None: background)."""

    features: tuple[float, float, float]
    label: str | None


@dataclass
class Detector:
    """Tells the pixels of one class from all others: a logistic regression."""

    weights: list[float] = field(default_factory=lambda: [0.0] * FEATURES)
    mean: list[float] = field(default_factory=lambda: [0.0] * FEATURES)
    square: list[float] = field(default_factory=lambda: [0.0] * FEATURES)
    steps: int = 0

    def confidence(self, features: Sequence[float]) -> float:
        """Probability, 0 to 1, that a pixel belongs to the class."""
        score = sum(w * x for w, x in zip(self.weights, features, strict=True))
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, score))))

    def step(self, gradient: Sequence[float], optimizer: Adam | Sgd) -> None:
        """Change the weights against the gradient of the loss."""
        self.steps += 1
        for i, slope in enumerate(gradient):
            if isinstance(optimizer, Adam):
                self.mean[i] += (1 - optimizer.beta_1) * (slope - self.mean[i])
                self.square[i] += (1 - optimizer.beta_2) * (slope * slope - self.square[i])
                # Both averages start at 0, which biases them for as long as they are young.
                mean = self.mean[i] / (1 - optimizer.beta_1**self.steps or 1)
                square = self.square[i] / (1 - optimizer.beta_2**self.steps or 1)
                self.weights[i] -= optimizer.learning_rate * mean / (math.sqrt(square) + 1e-8)
            else:
                self.mean[i] = optimizer.momentum * self.mean[i] + slope
                ahead = optimizer.momentum * self.mean[i] + slope
                change = ahead if optimizer.nesterov else self.mean[i]
                self.weights[i] -= optimizer.learning_rate * change


class TrainSegmentation(Job):
    """Trains one detector for each class, and stores them as `model.json`."""

    Settings = Segmentation
    settings: Segmentation

    def run(self) -> str:
        """Train, and give the path of the model."""
        random = Random(self.settings.seed)
        pixels = draw_pixels(self.settings.classes, random)
        kept = round(len(pixels) * self.settings.validation.share / 100)
        validation, training = pixels[:kept], pixels[kept:]
        detectors = {name: Detector() for name in self.settings.classes}
        losses = self.train(detectors, training, validation, random)

        for name, detector in detectors.items():
            self.add_output_metric(f"iou/{name}", round(overlap(detector, name, validation), 4))
        self.add_output_metrics({"epochs": len(losses), "loss": round(losses[-1], 4)})
        model = {name: detector.weights for name, detector in detectors.items()}
        path = self.artifact_path("model.json")
        self.io.write_file(path, json.dumps(model, indent=2) + "\n")
        table = "".join(f"{epoch},{loss:.6f}\n" for epoch, loss in enumerate(losses, start=1))
        self.upload_artifact(("history", "loss.csv"), "epoch,loss\n" + table)
        return path

    def train(
        self,
        detectors: dict[str, Detector],
        training: list[Pixel],
        validation: list[Pixel],
        random: Random,
    ) -> list[float]:
        """Train the detectors; the validation loss after each epoch."""
        settings = self.settings.training
        losses: list[float] = []
        for epoch in range(1, settings.epochs + 1):
            random.shuffle(training)
            for start in range(0, len(training), settings.batch_size):
                self.train_on(detectors, training[start : start + settings.batch_size], random)
            losses.append(sum(loss(d, name, validation) for name, d in detectors.items()))
            self.log(epoch=epoch, loss=losses[-1])
            print(f"epoch {epoch:3} of {settings.epochs}: validation loss {losses[-1]:.4f}")
            stop = settings.early_stopping
            if stop is not None and len(losses) > stop.patience:
                before, recent = losses[: -stop.patience], losses[-stop.patience :]
                if min(recent) > min(before) - stop.min_delta:
                    break
        return losses

    def train_on(self, detectors: dict[str, Detector], batch: list[Pixel], random: Random) -> None:
        """Take one step with each detector."""
        spread = self.settings.augmentation.color.brightness
        seen = [
            (brightness * random.uniform(1 - spread, 1 + spread), contrast, one)
            for brightness, contrast, one in (pixel.features for pixel in batch)
        ]
        for name, detector in detectors.items():
            weight = self.settings.class_weights.get(name, 1)
            gradient = [0.0] * FEATURES
            for features, pixel in zip(seen, batch, strict=True):
                is_class = pixel.label == name
                error = detector.confidence(features) - is_class
                for i, value in enumerate(features):
                    gradient[i] += error * value * (weight if is_class else 1) / len(batch)
            detector.step(gradient, self.settings.training.optimizer)


def draw_pixels(classes: Sequence[str], random: Random) -> list[Pixel]:
    """Invent pixels: every other one is background, each class has a look of its own."""
    pixels: list[Pixel] = []
    for i in range(PIXELS):
        kind = random.randrange(len(classes)) if i % 2 else None
        turn = 0.0 if kind is None else math.tau * kind / len(classes)
        size = 0.0 if kind is None else 2.0
        brightness = random.gauss(size * math.cos(turn), 0.6)
        contrast = random.gauss(size * math.sin(turn), 0.6)
        label = None if kind is None else classes[kind]
        pixels.append(Pixel((brightness, contrast, 1.0), label))
    random.shuffle(pixels)
    return pixels


def loss(detector: Detector, name: str, pixels: Sequence[Pixel]) -> float:
    """Mean cross entropy of a detector, in nats."""
    total = 0.0
    for pixel in pixels:
        confidence = detector.confidence(pixel.features)
        total -= math.log(max(1e-12, confidence if pixel.label == name else 1 - confidence))
    return total / max(1, len(pixels))


def overlap(detector: Detector, name: str, pixels: Sequence[Pixel]) -> float:
    """Intersection over union of the pixels found and the pixels that are of the class, 0 to 1."""
    found = [detector.confidence(pixel.features) > 0.5 for pixel in pixels]
    right = [pixel.label == name for pixel in pixels]
    both = sum(f and r for f, r in zip(found, right, strict=True))
    either = sum(f or r for f, r in zip(found, right, strict=True))
    return both / either if either else 1.0


if __name__ == "__main__":
    job = TrainSegmentation.init()
    job.start()
    print(f"Results: {job.artifact_path()}")
