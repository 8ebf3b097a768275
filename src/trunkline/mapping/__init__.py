"""The expression language: text in, compiled template out; pure.

A template is a JSON tree whose texts may hold `{{expressions}}`. It is compiled once
and evaluated for every bundle, in a `Scope` that brings all values, the clock and
chance. Data is never code: what an expression gives is not read again.
"""

from trunkline.mapping.coercion import coerce
from trunkline.mapping.conditions import OPERATORS, Operator
from trunkline.mapping.filters import Filter, Verdict, compile_filter
from trunkline.mapping.functions import FUNCTIONS
from trunkline.mapping.functions.registry import Function
from trunkline.mapping.scope import Scope
from trunkline.mapping.template import Reference, Template, compile_template
from trunkline.mapping.values import ERASE, IGNORE, describe, render_text

__all__ = [
    "ERASE",
    "FUNCTIONS",
    "IGNORE",
    "OPERATORS",
    "Filter",
    "Function",
    "Operator",
    "Reference",
    "Scope",
    "Template",
    "Verdict",
    "coerce",
    "compile_filter",
    "compile_template",
    "describe",
    "render_text",
]
