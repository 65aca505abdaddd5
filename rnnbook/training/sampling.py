"""Writing with a trained model: one token after the other, drawn from what it thinks likely."""

from __future__ import annotations

import torch

from rnnbook.arguments import check_number, check_whole_numbers
from rnnbook.training.errors import TrainingError
from rnnbook.training.model import CharacterModel
from rnnbook.training.text import Alphabet


@torch.no_grad()
def sample(
    model: CharacterModel,
    alphabet: Alphabet,
    prompt: str = "",
    length: int = 400,
    *,
    temperature: float = 0.8,
    seed: int = 0,
) -> str:
    r"""Go on from a prompt: draw from :math:`\mathrm{softmax}(\text{scores} / \text{temperature})`.

    Args:
        model: trained with the alphabet.
        alphabet: of its tokens.
        prompt: what it reads first; empty for a line end, or the first token where there is none.
        length: tokens to draw.
        temperature: 0 takes the likeliest token always, 1 draws as the model says.
        seed: of the draws.

    Returns:
        What was drawn, without the prompt.

    Raises:
        TypeError, ValueError: names the argument, what was expected and what given.
        TrainingError: the prompt holds a character that the model does not know, or the model's
            weights are no numbers.

    Source: this project.
    """
    check_whole_numbers(length=(length, 0), seed=(seed, 0))
    check_number("temperature", temperature)
    if temperature < 0:
        raise ValueError(f"temperature: expected at least 0, given {temperature}")
    known = alphabet.characters
    prompt = prompt or ("\n" if known is None or "\n" in known else known[0])
    generator = torch.Generator().manual_seed(seed)
    device = model.read_out.weight.device
    training = model.training
    model.eval()
    tokens, state, drawn = torch.from_numpy(alphabet.encode(prompt).astype("int64")), None, []
    for _ in range(length):
        scores, state = model(tokens[:, None].to(device), state)
        scores = scores[-1, 0].double().cpu()
        if not scores.isfinite().all():
            raise TrainingError(
                "The model's scores are no numbers, so that nothing can be drawn; train it again, "
                "with a smaller --learning-rate."
            )
        if temperature == 0:
            token = int(scores.argmax())
        else:
            shares = torch.softmax(scores / temperature, 0)
            token = int(torch.multinomial(shares, 1, generator=generator))
        drawn.append(token)
        tokens = torch.tensor([token])
    model.train(training)
    return alphabet.decode(drawn)
