"""What waits is written once for both controllers, as a generator that gives out each thing to be waited for.

A synchronous controller has waited when it is given out, and one of asyncio has it awaited.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from .aio import Done

R = TypeVar("R")
T = TypeVar("T")

Steps = Generator[R, Any, T]


def run(steps: Steps[None, T]) -> T:
    """Takes all the steps, with a synchronous controller."""
    try:
        while True:
            next(steps)
    except StopIteration as end:
        result: T = end.value
        return result


async def run_async(steps: Steps[Done, T]) -> T:
    """Takes all the steps, with a controller of asyncio."""
    try:
        future = next(steps)
        while True:
            try:
                value = await future
            except Exception as error:
                future = steps.throw(error)
            else:
                future = steps.send(value)
    except StopIteration as end:
        result: T = end.value
        return result
