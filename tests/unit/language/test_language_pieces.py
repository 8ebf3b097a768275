"""Highlighting: every character has its colour."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trunkline.mapping import FUNCTIONS
from trunkline.mapping.language import pieces

SCRAPS = st.sampled_from(
    ["{{", "}}", "1", "1.", ".", "`", '"', "'", "(", ")", "[", "]", ";", ",", " ", "\n",
     "+", "&&", "!", "upper", "now", "true", "and", "é", "\u2028", "\ud800", "\0", "#"]
)  # fmt: skip
BROKEN = st.lists(SCRAPS, max_size=40).map("".join) | st.text(max_size=60)


@given(BROKEN)
def test_the_pieces_of_any_text_are_that_text(text: str) -> None:
    found = pieces(text)
    assert "".join(piece.text for piece in found) == text
    assert all(piece.text for piece in found)
    assert [piece.position for piece in found] == [
        sum(len(before.text) for before in found[:place]) for place in range(len(found))
    ]


@pytest.mark.parametrize(
    ("template", "kinds"),
    [
        ("plain", "plain"),
        ("{{1.a}}", "brace module dot field brace"),
        ("{{`1`}}", "brace module brace"),
        ("{{1.`a b`}}", "brace module dot field brace"),
        ("{{2.5}}", "brace number brace"),
        ('{{"}}"}}', "brace string brace"),
        ("{{now}}", "brace variable brace"),
        ("{{true and 1}}", "brace keyword space operator space number brace"),
        ("{{upper (1)}}", "brace function space bracket number bracket brace"),
        ("{{if(;)}}", "brace function bracket separator bracket brace"),
        ("{{nobody}}", "brace error brace"),
        ("{{nobody(1)}}", "brace error bracket number bracket brace"),
        ('{{"open}} x', "brace error brace plain"),
        ("{{a, b}}", "brace error error space error brace"),
        ("{{1.upper}}", "brace module dot field brace"),
    ],
)
def test_a_piece_is_what_it_stands_for(template: str, kinds: str) -> None:
    assert [piece.kind for piece in pieces(template)] == kinds.split()


def test_every_function_is_seen_as_one() -> None:
    for name in FUNCTIONS:
        assert pieces(f"{{{{{name}(1)}}}}")[1].kind == "function"


def test_a_long_template_takes_time_in_proportion() -> None:
    """Each piece is looked at once: of twice the text there are twice the pieces."""
    once = "{{upper(1.a)}} and {{bad " * 1000
    assert len(pieces(once * 2)) <= 2 * len(pieces(once)) + 1
