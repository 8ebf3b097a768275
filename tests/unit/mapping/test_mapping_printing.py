"""What is printed from a tree is read as that tree."""

from hypothesis import given

from trunkline.mapping.nodes import Node
from trunkline.mapping.parser import parse
from unit.mapping.printing import placeless, printed, trees


@given(trees)
def test_a_printed_tree_is_parsed_as_the_same_tree(tree: Node) -> None:
    [read] = parse("{{" + printed(tree) + "}}")
    assert not isinstance(read, str)
    assert placeless(read) == placeless(tree)


@given(trees)
def test_every_node_stands_where_it_says(tree: Node) -> None:
    """What is cut out of a template at a node's place is that node again."""
    source = "some text {{ " + printed(tree) + " }}"
    [_, read] = parse(source)
    assert not isinstance(read, str)
    cut = source[read.position : read.position + read.length]
    [again] = parse("{{" + cut + "}}")
    assert not isinstance(again, str)
    assert placeless(again) == placeless(read)
