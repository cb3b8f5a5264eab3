"""Code that waits is written once for both controllers, as a generator that yields each thing to
wait for.

A synchronous controller has already waited when it is yielded, and an asyncio one awaits it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Generator
from typing import Any, TypeVar

R = TypeVar("R")
T = TypeVar("T")
F = TypeVar("F", bound=Awaitable[Any])

Steps = Generator[R, Any, T]


def run(steps: Steps[None, T]) -> T:
    """Takes all the steps, with a synchronous controller.

    What such a step raises is raised where it is made, inside the generator, and may be caught
    there.
    """
    try:
        while True:
            next(steps)
    except StopIteration as end:
        result: T = end.value
        return result


async def run_async(steps: Steps[F, T]) -> T:
    """Takes all the steps, with an asyncio controller."""
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
