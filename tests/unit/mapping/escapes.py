"""Attempts to get out of the mapping language, as other engines were escaped from."""

from itertools import product

_PYTHON = (
    "__class__", "__mro__", "__bases__", "__subclasses__()", "__globals__", "__init__",
    "__builtins__", "__dict__", "__doc__", "__module__", "__reduce__", "__code__",
    "__import__('os')", "__getattribute__('x')", "gi_frame", "f_globals", "cr_frame",
)  # fmt: skip
_SCRIPT = (
    "constructor", "prototype", "__proto__", "constructor.constructor", "toString",
    "valueOf", "hasOwnProperty", "__defineGetter__", "__lookupGetter__", "caller",
)  # fmt: skip
_ROOTS = ("1", "1.x", "1.list", "1.number", "now", "var", "uuid", "emptyarray")
_CALLS = (
    "eval", "exec", "compile", "open", "__import__", "getattr", "setattr", "globals",
    "locals", "vars", "dir", "type", "object", "input", "breakpoint", "help", "print",
    "system", "popen", "require", "import", "include", "lipsum", "cycler", "joiner",
    "namespace", "range", "dict", "self", "config", "request", "process", "Function",
    "setTimeout", "fetch", "lambda", "yield", "await", "class", "def", "super",
)  # fmt: skip
_FORMATS = (
    "{0}", "{0.__class__}", "{x.__init__.__globals__}", "%s", "%(x)s", "%n", "${x}",
    "${7*7}", "#{7*7}", "*{7*7}", "@{7*7}", "<%= 7*7 %>", "{% print(1) %}", "{%if 1%}",
    "{{{7*7}}}", "[[7*7]]", "{{=7*7}}", "{php}echo 1;{/php}", "<#assign x=1>",
    "#set($x=1)", "$x", "`id`", "$(id)", "%{7*7}", "{7*7}", "[= 7*7]", "{{#with 1}}",
    "{{> partial}}", "{{&x}}", "{{!x}}", "{{^x}}", "\\u007b\\u007b1.x}}",
    "&#123;&#123;",
    "\u200b{{", "\ufeff{{", "\uff5b\uff5b1.x\uff5d\uff5d", "{\u200b{1.x}}",
    "%7B%7B1.x%7D%7D",
)  # fmt: skip
_BROKEN = (
    "1.x.__class__.__mro__[1].__subclasses__()", "''.__class__", '"".__class__',
    "[].__class__", "().__class__", "{}.__class__", "1.x|attr('__class__')",
    "1.x|upper", "x if 1 else y", "x ? y : z", "[i for i in 1]", "lambda: 1", "x := 1",
    "1.x = eval", "import os", "1;2", "1,2", "#comment", "/*x*/", "//x", "f'{1.x}'",
    "b'x'", "r'x'", "0x10", "0b1", "1e3", "1_000", "\\x41", "`1`.`__class__`()",
    "1.x()", "1.x().y", "1[0]", "upper.__globals__", "upper.call(1)", "upper`x`",
    "(upper)(1)", "-upper", "now.__class__", "1.x[__import__]", "1.x['__class__']",
    "\0", "1.x\0", "\u2028", "1\u2024x", "1\u3002x", "\uff55pper(1)", "UPPER(1)",
    "up\u200bper(1)",
    "$1", "$$", "@x", "~x", "x^y", "x**y", "x//y", "x<<y", "x<>y", "x is y", "not x",
    "x in y", "x->y", "x::y", "x..y", "...", "$.x", "$..x", "//x", "@import",
)  # fmt: skip

EXPRESSIONS = (
    *(f"{root}.{name}" for root, name in product(_ROOTS, _PYTHON)),
    *(f"{root}.{name}" for root, name in product(_ROOTS[:4], _SCRIPT)),
    *(f"{name}(1.x)" for name in _CALLS),
    *_CALLS,
    *(f'get(1; "{name}")' for name in (*_PYTHON, *_SCRIPT)),
    *(f'map(1.list; "{name}")' for name in (*_PYTHON, *_SCRIPT)),
    *(f'get(1.x; "{name}.x[1]")' for name in (*_PYTHON, *_SCRIPT)),
    *_BROKEN,
)
"""Between `{{` and `}}`: nothing, null, or a name that is refused."""

TEXTS = (*_FORMATS, *(f"{{{{{one}}}}}" for one in _BROKEN[:9]))
"""As data, or where a text is expected: they stay what they are."""
