"""Each file of the package imports only what is below it: there are no circles, not even for
types."""

import ast
from graphlib import TopologicalSorter
from pathlib import Path

import daemonproxy

PACKAGE = Path(daemonproxy.__file__).parent


def imported(file: Path) -> "set[str]":
    """The modules of the package that a file imports, anywhere in it."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.ImportFrom) and node.level == 1:
            found |= {node.module} if node.module else {alias.name for alias in node.names}
    return {name.split(".")[0] for name in found if name}


def test_types_go_in_one_direction() -> None:
    graph = {
        file.stem: {name for name in imported(file) if (PACKAGE / f"{name}.py").exists()}
        for file in PACKAGE.glob("*.py")
        if file.stem != "__init__"
    }
    order = list(TopologicalSorter(graph).static_order())    # raises CycleError, which names them
    assert order.index("_words") < order.index("events") < order.index("_session") < order.index("client")
