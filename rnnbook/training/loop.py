"""The training: from a text and settings to a model, in steps that can be interrupted and resumed.

One step, on every process: read the next stretch of its lanes, carry the states over from the step
before without their gradients, add up the gradients of the parts, clip, and let AdamW take a step.
"""

from __future__ import annotations

import gc
import math
import signal
import time
from collections.abc import Sequence
from contextlib import closing, nullcontext
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import torch
from torch import Tensor

import rnnbook
from rnnbook.training import checkpoints, machine
from rnnbook.training.checkpoints import Checkpoint
from rnnbook.training.errors import TrainingError
from rnnbook.training.evaluation import bits_per_character
from rnnbook.training.group import Group
from rnnbook.training.lanes import Lanes
from rnnbook.training.model import CharacterModel, State
from rnnbook.training.reports import Report
from rnnbook.training.settings import CHANGEABLE, Settings
from rnnbook.training.stopping import Stop
from rnnbook.training.text import Text

WATCHED = 200_000
"""Tokens of the part that is held out that an evaluation reads at most while training."""

MEASURED = 5_000_000
"""Tokens of it that the last evaluation reads at most."""


@dataclass(frozen=True)
class Point:
    """One point of the curves.

    Attributes:
        step: steps done.
        trained: bits per character of the stretches since the point before, while training.
        held_out: bits per character of the part that is held out; with patience of the part that
            chooses.
    """

    step: int
    trained: float
    held_out: float


@dataclass(frozen=True, eq=False)
class Result:
    """What a training came to.

    Attributes:
        model: the trained one, with patience the best one, ready to read, on the CPU.
        text: what it was trained on.
        settings: of the training.
        history: the curves.
        step: steps done.
        bits_per_character: of the part that is held out.
        tokens_per_second: of all processes, evaluations left out.
        seconds: in all, evaluations left out.
        ended: ``"done"``, ``"patience"`` or the name of a signal.
        checkpoint: where the last one lies, None without a folder.
    """

    model: CharacterModel
    text: Text
    settings: Settings
    history: tuple[Point, ...]
    step: int
    bits_per_character: float
    tokens_per_second: float
    seconds: float
    ended: str
    checkpoint: Path | None


def train(
    text: Text,
    settings: Settings | None = None,
    *,
    folder: str | Path | None = None,
    resume: bool = False,
    reports: Sequence[Report] = (),
) -> Result:
    """Train a character model on a text.

    Under ``torchrun`` every process calls this with the same arguments, and they share the batch.
    PyTorch's global switches and random numbers are afterwards as before.

    Args:
        text: what to learn.
        settings: :class:`~rnnbook.training.settings.Settings`, the default ones if left out.
        folder: where to keep checkpoints; none are kept without one.
        resume: whether to go on from the folder's newest checkpoint.
        reports: what tells how it goes; called by the first process alone.

    Raises:
        TrainingError: it cannot start, go on or be saved; says why and what would help.

    Source: chapter 11.
    """
    settings = Settings() if settings is None else settings
    group = Group.from_environment()
    device = machine.choose_device(settings.device, group.local_rank)
    precision = machine.choose_precision(settings.precision, device)
    folder = None if folder is None else Path(folder)
    with (
        machine.configured(device, precision, settings.deterministic),
        Stop() as stop,
        group.joined(device),
    ):
        group.check_same("text", text.sha256)
        group.check_same("set of settings", settings)
        run = Training(text, settings, group, device, precision)
        with closing(run):
            if resume:
                if folder is None:
                    raise TrainingError("To resume, name the folder that holds the checkpoints.")
                run.restore(checkpoints.read(folder))
            elif folder is not None and group.told(any(folder.glob("step-*.json"))):
                raise TrainingError(
                    f"{folder} holds checkpoints of a training already: --resume goes on with it, "
                    "and another --out begins a new one."
                )
            return run.run(folder, stop, reports if group.leads else ())


class Training:
    """A training at some step.

    Args:
        text: what to learn.
        settings: how.
        group: the processes.
        device: of this process.
        precision: one of :data:`rnnbook.training.settings.PRECISIONS`.
    """

    def __init__(
        self,
        text: Text,
        settings: Settings,
        group: Group,
        device: torch.device,
        precision: str,
    ) -> None:
        """Make an untrained model, the same on every process and every device."""
        self.text, self.settings, self.group = text, settings, group
        self.device, self.precision = device, precision
        self.first, self.last = group.lanes(settings.batch, settings.accumulate)
        self.until, self.from_ = parts(len(text), settings)
        self.lanes = Lanes(
            text.tokens[: self.until], settings.batch, settings.length, settings.seed
        )
        torch.manual_seed(settings.seed)
        self.model = settings.make_model(len(text.alphabet)).to(device)
        torch.manual_seed(settings.seed + 1 + group.rank)  # of dropout
        self.optimiser = torch.optim.AdamW(
            self.model.parameters(),
            settings.learning_rate,
            weight_decay=settings.weight_decay,
            foreach=False if device.type == "cpu" else None,
        )
        self.scaler = torch.amp.GradScaler(device.type, enabled=precision == "float16")
        self.shared: torch.nn.Module = self.model
        if group.size > 1:
            devices = [device] if device.type == "cuda" else None
            self.shared = torch.nn.parallel.DistributedDataParallel(self.model, devices)
        self.step = 0
        self.states = self._zero_states()
        self.history: list[Point] = []
        self.since = [0.0, 0]  # sum of the losses and number of steps since the last point
        self.best: dict[str, Tensor] = {}
        self.best_bits = math.inf
        self.waited = 0
        self.seconds = 0.0
        self.bits_per_token = len(text) / max(1, text.characters) / math.log(2)
        self.passed_over: tuple[str, ...] = ()

    def close(self) -> None:
        """Let go of what is shared with the other processes, while they are still there.

        DistributedDataParallel holds the connection, too. If it were freed last, gloo's threads
        would be waited for with Python's lock held, which they may be waiting for: a deadlock.
        """
        if self.shared is not self.model:
            self.shared = self.model
            gc.collect()  # it refers to itself

    def _zero_states(self) -> list[State]:
        lanes = (self.last - self.first) // self.settings.accumulate
        return [self.model.zero_state(lanes) for _ in range(self.settings.accumulate)]

    # --- one step --------------------------------------------------------------------------------

    def advance(self) -> float:
        """Take one step; return its loss, in bits per character, the mean over the processes.

        Raises:
            TrainingError: the loss or the gradient is no finite number; the model is then as it
                was before.
        """
        settings = self.settings
        if self.lanes.starts_afresh(self.step):
            self.states = self._zero_states()
        inputs, targets = (t.to(self.device) for t in
                           self.lanes.at(self.step, self.first, self.last))  # fmt: skip
        parts = settings.accumulate
        loss = torch.zeros((), device=self.device)
        for k, (x, y) in enumerate(zip(inputs.chunk(parts, 1), targets.chunk(parts, 1),
                                       strict=True)):  # fmt: skip
            waits = self.group.size > 1 and k < parts - 1  # gradients are exchanged once
            with self.shared.no_sync() if waits else nullcontext():
                with machine.autocast(self.device, self.precision):
                    scores, state = self.shared(x, self.states[k])
                part = (
                    torch.nn.functional.cross_entropy(scores.float().flatten(0, 1), y.flatten())
                    / parts
                )
                self.scaler.scale(part).backward()
            self.states[k] = tuple(s.detach() for s in state)
            loss += part.detach()
        loss = float(self.group.mean(loss))
        self.scaler.unscale_(self.optimiser)
        norm = torch.nn.utils.clip_grad_norm_(self.model.parameters(), settings.clip)
        self._check_finite(loss, float(norm))
        for group in self.optimiser.param_groups:
            group["lr"] = settings.rate_at(self.step)
        self.scaler.step(self.optimiser)
        self.scaler.update()
        self.optimiser.zero_grad(set_to_none=True)
        self.step += 1
        return loss * self.bits_per_token

    def _check_finite(self, loss: float, norm: float) -> None:
        scaled = self.scaler.is_enabled()  # skips a step whose gradient overflows, and scales less
        if math.isfinite(loss) and (
            math.isfinite(norm) or (scaled and self.scaler.get_scale() > 1)
        ):
            return
        self._refuse(*(("gradient's norm", norm) if math.isfinite(loss) else ("loss", loss)))

    def _refuse(self, what: str, value: float) -> None:
        half = " or --precision float32" if self.precision != "float32" else ""
        raise TrainingError(
            f"Step {self.step + 1}: the {what} is {value}, so the training stops; what was saved "
            f"is kept. Try a smaller --learning-rate than "
            f"{self.settings.learning_rate:g}, a smaller --clip than {self.settings.clip:g}{half}."
        )

    # --- all steps -------------------------------------------------------------------------------

    def run(self, folder: Path | None, stop: Stop, reports: Sequence[Report]) -> Result:
        """Go on to the end, to the end of patience, or to a signal."""
        settings, saved, path = self.settings, self.step, None
        began, done_before = time.perf_counter(), self.step
        for report in reports:
            report.begins(self)
        ended = ""
        self.spent = 0.0  # on evaluations, in this sitting
        before = self.seconds
        while not ended:
            if self.step >= settings.steps:
                ended = "done"
            elif settings.patience and self.waited >= settings.patience:
                ended = "patience"
            elif number := self._asked_to_stop(stop):
                ended = signal.Signals(number).name
            if ended:
                break
            loss = self.advance()
            self.since = [self.since[0] + loss, self.since[1] + 1]
            self.seconds = before + time.perf_counter() - began - self.spent
            rate = (self.step - done_before) * settings.batch * settings.length
            rate /= max(1e-9, self.seconds - before)
            for report in reports:
                report.advanced(self, loss, rate)
            if self.step % settings.evaluation_steps == 0 or self.step == settings.steps:
                point = self._evaluate()
                for report in reports:
                    report.evaluated(self, point)
            due = settings.save_every and self.step % settings.save_every == 0
            if folder is not None and due and self.step < settings.steps:
                path, saved = self._save(folder, reports, path, saved)
        if folder is not None and (self.step > saved or not self.step):
            path = self._save_last(folder)
        elif folder is not None:
            path = folder / f"step-{self.step:08d}.json"
        result = self._result(ended, path, before, done_before)
        for report in reports:
            report.ends(self, result)
        return result

    def _asked_to_stop(self, stop: Stop) -> int:
        """The signal that came to any of the processes; all leave at the same step."""
        if self.group.size == 1:
            return stop.signal
        asked = torch.tensor(float(stop.signal), device=self.device)
        return round(float(self.group.highest(asked)))

    def _evaluate(self) -> Point:
        began = time.perf_counter()
        bits = self.group.told(self._held_out_bits(self.model) if self.group.leads else None)
        if not math.isfinite(bits):
            self._refuse("number of bits held out", bits)
        point = Point(self.step, self.since[0] / self.since[1], bits)
        self.history.append(point)
        self.since = [0.0, 0]
        if self.settings.patience:
            self.waited = 0 if bits < self.best_bits else self.waited + 1
            if bits < self.best_bits:
                self.best_bits = bits
                self.best = {
                    k: v.detach().cpu().clone() for k, v in self.model.state_dict().items()
                }
        self.spent += time.perf_counter() - began
        return point

    def _held_out_bits(self, model: CharacterModel, *, last: bool = False) -> float:
        """Of what is held out; while training with patience, of the part that chooses."""
        chooses = self.settings.patience and not last
        start, end = (self.until, self.from_) if chooses else (self.from_, len(self.text))
        end = min(end, start + (MEASURED if last else WATCHED))
        return bits_per_character(model, self.text, start, end, precision=self.precision)

    def _result(self, ended: str, path: Path | None, before: float, done_before: int) -> Result:
        if self.best:
            self.model.load_state_dict(self.best)
        bits = self._held_out_bits(self.model, last=True) if self.group.leads else None
        bits = self.group.told(bits)
        tokens = (self.step - done_before) * self.settings.batch * self.settings.length
        return Result(
            self.model.cpu().requires_grad_(False).eval(),
            self.text,
            self.settings,
            tuple(self.history),
            self.step,
            bits,
            tokens / max(1e-9, self.seconds - before),
            self.seconds,
            ended,
            path,
        )

    # --- checkpoints -----------------------------------------------------------------------------

    def _save(
        self, folder: Path, reports: Sequence[Report], path: Path | None, saved: int
    ) -> tuple[Path | None, int]:
        """Save; where that fails, say so and go on: nothing is lost yet."""
        try:
            path = self._write(folder)
            for report in reports:
                report.saved(self, path)
            return path, self.step
        except OSError as error:
            for report in reports:
                report.warns(
                    f"Step {self.step} could not be saved in {folder}: {error.strerror}. The "
                    "training goes on, and the checkpoint before is still there."
                )
            return path, saved

    def _save_last(self, folder: Path) -> Path | None:
        try:
            return self._write(folder)
        except OSError as error:
            raise TrainingError(
                f"Step {self.step} could not be saved in {folder}: {error.strerror}. The "
                "checkpoint before is still there; make room, and go on with --resume."
            ) from error

    def _write(self, folder: Path) -> Path | None:
        checkpoint = self.checkpoint()  # every process gives its lanes
        failed: OSError | None = None
        path = None
        if self.group.leads:
            try:
                path = checkpoints.write(folder, checkpoint)
            except OSError as error:
                failed = error
        if failed := self.group.told(failed):
            raise failed
        return self.group.told(path)

    def checkpoint(self) -> Checkpoint:
        """All that the training is at this step, of all processes."""
        tensors = {f"model.{k}": v.detach().cpu() for k, v in self.model.state_dict().items()}
        for name, parameter in self.model.named_parameters():
            for key, value in self.optimiser.state.get(parameter, {}).items():
                tensors[f"optimiser.{name}.{key}"] = torch.as_tensor(value).detach().cpu()
        for k, parts in enumerate(zip(*self.states, strict=True)):
            everyones = self.group.gather(torch.cat(parts, 1))
            tensors[f"state.{'hC'[k]}"] = torch.cat(everyones, 1).cpu()
        for name, random in self._random_states().items():
            tensors[f"random.{name}"] = torch.stack(self.group.gather(random)).cpu()
        tensors |= {f"best.{name}": value for name, value in self.best.items()}
        record = {
            "text": {key: getattr(self.text, key) for key in ("name", "sha256", "source")},
            "history": [asdict(point) for point in self.history],
            "since": self.since,
            "best": None if math.isinf(self.best_bits) else self.best_bits,
            "waited": self.waited,
            "scaler": self.scaler.state_dict(),
            "seconds": self.seconds,
            "made_with": {
                "rnnbook": rnnbook.__version__,
                "torch": torch.__version__,
                "device": self.device.type,
                "processes": self.group.size,
                "date": datetime.now(UTC).isoformat(timespec="seconds"),
            },
        }
        return Checkpoint(self.step, self.settings, self.text.alphabet, record, tensors)

    def _random_states(self) -> dict[str, Tensor]:
        """On the device on which the processes exchange tensors."""
        states = {"cpu": torch.get_rng_state().to(self.device)}
        if self.device.type == "cuda":
            states["cuda"] = torch.cuda.get_rng_state(self.device).to(self.device)
        return states

    def restore(self, checkpoint: Checkpoint) -> None:
        """Go back to where a checkpoint was made.

        With another number of processes dropout draws other numbers than it would have; all else
        is shared out anew.

        Raises:
            TrainingError: it is of another text, alphabet or training, or damaged.
        """
        self._check_same(checkpoint)
        checkpoints.check_shapes(self.model, checkpoint.part("model"))
        self.model.load_state_dict(checkpoint.part("model"))
        try:
            self._restore_optimiser(checkpoint.part("optimiser"))
            self._restore_states(checkpoint.part("state"))
            self._restore_random(checkpoint.part("random"))
            record = checkpoint.record
            self.history = [Point(**point) for point in record["history"]]
            self.since = [float(record["since"][0]), int(record["since"][1])]
            self.best = checkpoint.part("best")
            self.best_bits = math.inf if record["best"] is None else float(record["best"])
            self.waited, self.seconds = int(record["waited"]), float(record["seconds"])
            if self.scaler.is_enabled() and record["scaler"]:
                self.scaler.load_state_dict(record["scaler"])
        except (KeyError, IndexError, TypeError, ValueError, RuntimeError) as error:
            raise TrainingError(f"The checkpoint of step {checkpoint.step} is damaged: {error}."
                                ) from error  # fmt: skip
        self.step = checkpoint.step
        self.passed_over = checkpoint.passed_over

    def _check_same(self, checkpoint: Checkpoint) -> None:
        """Name what would make it another training."""
        stored = checkpoint.record["text"]
        if checkpoint.alphabet != self.text.alphabet:
            theirs, ours = checkpoint.alphabet, self.text.alphabet
            raise TrainingError(
                f"The checkpoint was made with an alphabet of {len(theirs)} {theirs.vocabulary}, "
                f"and this text has {len(ours)} {ours.vocabulary}; go on with the same --text and "
                "--vocabulary, or begin anew with another --out."
            )
        if stored["sha256"] != self.text.sha256:
            raise TrainingError(
                f"The checkpoint was made with another text: {stored['name']}, SHA-256 "
                f"{stored['sha256'][:16]}; this is {self.text.name}, {self.text.sha256[:16]}."
            )
        before, now = asdict(checkpoint.settings), asdict(self.settings)
        for name in before:
            if name not in CHANGEABLE and before[name] != now[name]:
                raise TrainingError(
                    f"The checkpoint was made with {name} {before[name]}, and this training has "
                    f"{now[name]}: that would be another one. Leave --{name.replace('_', '-')} "
                    "out, or begin anew with another --out."
                )

    def _restore_optimiser(self, tensors: dict[str, Tensor]) -> None:
        for name, parameter in self.model.named_parameters():
            start = f"{name}."
            state = {k.removeprefix(start): v for k, v in tensors.items() if k.startswith(start)}
            if not state:
                continue
            for key in ("exp_avg", "exp_avg_sq"):
                if state[key].shape != parameter.shape:
                    raise ValueError(f"{name}.{key} has shape {tuple(state[key].shape)}")
                state[key] = state[key].to(self.device)
            self.optimiser.state[parameter] = state

    def _restore_states(self, tensors: dict[str, Tensor]) -> None:
        whole = []
        for name, zero in zip("hC", self.model.zero_state(self.settings.batch), strict=False):
            if tensors[name].shape != zero.shape:
                raise ValueError(f"state.{name} has shape {tuple(tensors[name].shape)}")
            whole.append(tensors[name][:, self.first : self.last].to(self.device))
        parts = [state.chunk(self.settings.accumulate, 1) for state in whole]
        self.states = [tuple(p.contiguous() for p in part) for part in zip(*parts, strict=True)]

    def _restore_random(self, tensors: dict[str, Tensor]) -> None:
        if len(tensors["cpu"]) != self.group.size:
            return
        torch.set_rng_state(tensors["cpu"][self.group.rank])
        if self.device.type == "cuda" and "cuda" in tensors:
            torch.cuda.set_rng_state(tensors["cuda"][self.group.rank], self.device)


def parts(tokens: int, settings: Settings) -> tuple[int, int]:
    """Where what is trained on ends, and where what is held out begins, in a text of N tokens.

    Between the two lies what chooses the model, where there is patience.

    Raises:
        TrainingError: nothing would be held out.
    """
    held_out = math.floor(tokens * settings.held_out)
    from_ = tokens - held_out
    if not held_out:
        raise TrainingError(
            f"Of {tokens:,} tokens a share of {settings.held_out:g} is held out: that is none. "
            "Choose a larger --held-out or a longer text."
        )
    until = from_ - max(1, held_out // 2) if settings.patience else from_
    return until, from_
