"""``python -m rnnbook``: the same as the command ``rnnbook``, also for ``torchrun -m``."""

from rnnbook.training.command import main

if __name__ == "__main__":
    main()
