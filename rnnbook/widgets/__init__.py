"""The book's explorables: figures that a reader can take hold of.

`CellInTime`, `Correction`, `CountByHand`, `Credit`, `ForgetGate`, `GateAtWork`, `GateByHand`,
`GatesTakenOut`, `GruInTime`, `ModelInPage`, `ResetByHand`, `SameWeights`, `SignByHand`,
`StoreOrProtect`, `ThroughTime`, `WhichBear` and `Quiz` live in the page alone, with or without a
kernel behind it. `Rerun` runs Python again and needs one.
"""

from rnnbook.widgets.cell_in_time import CellInTime
from rnnbook.widgets.count_by_hand import CountByHand
from rnnbook.widgets.credit import Correction, Credit
from rnnbook.widgets.forget_gate import ForgetGate
from rnnbook.widgets.gate_at_work import GateAtWork
from rnnbook.widgets.gate_by_hand import GateByHand
from rnnbook.widgets.gates_taken_out import GatesTakenOut
from rnnbook.widgets.gru_in_time import GruInTime
from rnnbook.widgets.model_in_page import ModelInPage
from rnnbook.widgets.quiz import Quiz
from rnnbook.widgets.rerun import Rerun
from rnnbook.widgets.reset_by_hand import ResetByHand
from rnnbook.widgets.same_weights import SameWeights
from rnnbook.widgets.sign_by_hand import SignByHand
from rnnbook.widgets.store_or_protect import StoreOrProtect
from rnnbook.widgets.through_time import ThroughTime
from rnnbook.widgets.which_bear import WhichBear

__all__ = [
    "CellInTime",
    "Correction",
    "CountByHand",
    "Credit",
    "ForgetGate",
    "GateAtWork",
    "GateByHand",
    "GatesTakenOut",
    "GruInTime",
    "ModelInPage",
    "Quiz",
    "Rerun",
    "ResetByHand",
    "SameWeights",
    "SignByHand",
    "StoreOrProtect",
    "ThroughTime",
    "WhichBear",
]
