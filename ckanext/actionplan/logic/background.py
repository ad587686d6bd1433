"""Handing long work to a worker when somebody waits for the answer."""

from __future__ import annotations

from typing import Any

from redis.exceptions import RedisError

import ckan.plugins.toolkit as tk


def enqueue(job: str, *, title: str, seconds: int, key: str) -> None:
    """Let a worker do something.

    :param job: path of the function: the layers below do not know the jobs.
    :param title: of the job, for `ckan jobs list`.
    :param seconds: after which the worker gives it up.
    :param key: under which the refusal is reported.
    :raises ckan.logic.ValidationError: when the queue does not answer.
    """
    function: Any = job
    try:
        tk.enqueue_job(function, title=title, rq_kwargs={"timeout": seconds})
    except RedisError as error:
        message = tk._("The queue for background work does not answer")
        raise tk.ValidationError({key: [message]}) from error
