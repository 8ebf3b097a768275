"""Prints how large files and functions are, and fails where one is too large."""

import ast
import statistics
import sys
from collections.abc import Iterator
from pathlib import Path

ROOTS = ("src", "tests", "tools", "bench")
GENERATED = {Path("src/trunkline/client/records.py")}
MOST_FILE_LINES = 400
MOST_FUNCTION_LINES = 50
MEDIAN_FILE_LINES = 120
P95_FUNCTION_LINES = 30


def main() -> int:
    files = {
        path: path.read_text()
        for root in ROOTS
        for path in Path(root).rglob("*.py")
        if path not in GENERATED
    }
    file_lines = {path: text.count("\n") for path, text in files.items()}
    functions = {
        f"{path}:{name}": lines
        for path, text in files.items()
        for name, lines in measure_functions(text)
    }
    report("file", list(file_lines.values()))
    report("function", list(functions.values()))
    faults = [
        *over(file_lines, MOST_FILE_LINES),
        *over(functions, MOST_FUNCTION_LINES),
        *budget_faults(list(file_lines.values()), list(functions.values())),
    ]
    for fault in faults:
        print(fault)
    return 1 if faults else 0


def measure_functions(text: str) -> Iterator[tuple[str, int]]:
    """Each function's name and its lines, without its docstring."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            yield node.name, lines - docstring_lines(node)


def docstring_lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    first = node.body[0]
    if ast.get_docstring(node, clean=False) is None:
        return 0
    return (first.end_lineno or first.lineno) - first.lineno + 1


def report(what: str, lines: list[int]) -> None:
    print(
        f"{what}s: {len(lines)}, median {statistics.median(lines):.0f}, "
        f"p95 {percentile(lines, 95)}, largest {max(lines)} lines"
    )


def percentile(lines: list[int], percent: int) -> int:
    return sorted(lines)[min(len(lines) - 1, len(lines) * percent // 100)]


def over(sizes: dict[Path, int] | dict[str, int], most: int) -> Iterator[str]:
    for name, lines in sizes.items():
        if lines > most:
            yield f"{name} has {lines} lines; the limit is {most}"


def budget_faults(files: list[int], functions: list[int]) -> Iterator[str]:
    if statistics.median(files) > MEDIAN_FILE_LINES:
        yield f"the median file is over {MEDIAN_FILE_LINES} lines"
    if percentile(functions, 95) > P95_FUNCTION_LINES:
        yield f"one function in twenty is over {P95_FUNCTION_LINES} lines"


if __name__ == "__main__":
    sys.exit(main())
