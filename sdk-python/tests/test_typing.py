"""What a type checker finds: all of the mistakes in `mistakes.py`, and nothing else there."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent


def test_mypy_finds_each_mistake() -> None:
    pytest.importorskip("mypy")
    file = HERE / "mistakes.py"
    lines = file.read_text().splitlines()
    planted = {number for number, line in enumerate(lines, 1) if "# wrong" in line}
    assert len(planted) >= 25
    run = [sys.executable, "-m", "mypy", "--strict", "--no-error-summary", "--hide-error-context", str(file)]
    said = subprocess.run(run, capture_output=True, text=True, timeout=300, check=False, cwd=HERE.parent)
    found = {int(number) for number in re.findall(r"mistakes\.py:(\d+): error", said.stdout)}
    assert (planted - found, found - planted) == (set(), set()), said.stdout + said.stderr
