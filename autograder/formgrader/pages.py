"""Has the server of formgrader's pages answer everyone, whatever one of them has started.

The addresses and the answers are nbgrader's. What a button starts is done by a worker, and goes on when
the page is closed. What is saved waits in a thread while the gradebook is locked: one thread, so that
the last score that was typed is the one that stands.
"""

import asyncio
import functools
import inspect
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from nbgrader.server_extensions.formgrader import apihandlers, handlers
from nbgrader.server_extensions.formgrader.base import BaseHandler, check_notebook_dir, check_xsrf
from tornado import web

from autograder.formgrader.workers import worker_of

BUTTONS = {
    apihandlers.AssignHandler: "generate_assignment",
    apihandlers.UnReleaseHandler: "unrelease",
    apihandlers.ReleaseHandler: "release_assignment",
    apihandlers.CollectHandler: "collect",
    apihandlers.AutogradeHandler: "autograde",
    apihandlers.GenerateAllFeedbackHandler: "generate_feedback",
    apihandlers.ReleaseAllFeedbackHandler: "release_feedback",
    apihandlers.GenerateFeedbackHandler: "generate_feedback",
    apihandlers.ReleaseFeedbackHandler: "release_feedback",
}
SAVES = {
    apihandlers.GradeHandler: "put",
    apihandlers.CommentHandler: "put",
    apihandlers.FlagSubmissionHandler: "post",
}
SCRIPT = "static/js/utils.js"  # which all pages have
saving = ThreadPoolExecutor(1, "saving")


class Script(BaseHandler):
    """nbgrader's script, and ours behind it."""

    @web.authenticated
    def get(self) -> None:
        self.set_header("Content-Type", "text/javascript; charset=UTF-8")
        for path in (Path(handlers.root_path, SCRIPT), Path(__file__).with_suffix(".js")):
            self.write(path.read_text(encoding="utf-8"))


@functools.cache
def answer_everyone() -> None:
    """Put our answers in place of nbgrader's, which has no setting for them."""
    for handler, command in BUTTONS.items():
        handler.post = _started(command)
    for handler, method in SAVES.items():
        setattr(handler, method, _saved(inspect.unwrap(getattr(handler, method))))
    BaseHandler.on_finish = _let_go
    apihandlers.default_handlers.insert(0, (f"/formgrader/{SCRIPT}", Script))


def _started(command: str) -> Callable:
    """Return what answers a button: ``command`` is the method of nbgrader's API."""

    @web.authenticated
    @check_xsrf
    @check_notebook_dir
    async def post(self: BaseHandler, *names: str) -> None:
        self.write(json.dumps(await worker_of(self.coursedir.root).run(command, *names)))

    return post


def _saved(save: Callable) -> Callable:
    """Return what answers when something is saved, as ``save`` does it."""

    def in_thread(self: BaseHandler, *names: str) -> None:
        try:
            save(self, *names)
        finally:
            _let_go(self)

    @web.authenticated
    @check_xsrf
    @check_notebook_dir
    async def answer(self: BaseHandler, *names: str) -> None:
        await asyncio.get_running_loop().run_in_executor(saving, in_thread, self, *names)

    return answer


def _let_go(self: BaseHandler) -> None:
    """End this thread's session with the gradebook: the next begins anew, also after a failure.

    A session that stays open shows what was there before others wrote, and holds PostgreSQL's locks.
    """
    if gradebook := self.settings["nbgrader_gradebook"]:
        gradebook.db.remove()
