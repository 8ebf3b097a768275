"""What an editor asks about a template: colours, candidates, explanations, faults.

All of it works on templates that are being typed: nothing here raises, whatever the
text, and one broken expression does not hide the rest.
"""

from trunkline.mapping.language.completion import Candidate, Completion, complete
from trunkline.mapping.language.context import Context, Shape, Upstream, shape_of
from trunkline.mapping.language.diagnosis import Diagnostic, Severity, diagnose
from trunkline.mapping.language.hover import Hover, Signature, explain, signature_at
from trunkline.mapping.language.pieces import Piece, PieceKind, pieces

__all__ = [
    "Candidate",
    "Completion",
    "Context",
    "Diagnostic",
    "Hover",
    "Piece",
    "PieceKind",
    "Severity",
    "Shape",
    "Signature",
    "Upstream",
    "complete",
    "diagnose",
    "explain",
    "pieces",
    "shape_of",
    "signature_at",
]
