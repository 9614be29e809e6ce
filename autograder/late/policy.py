"""What handing in late costs, as a setting: nbgrader's own plugin, with ``c.LatePolicy`` as its rule.

nbgrader asks the plugin for a penalty on each notebook that is late, and keeps it beside the points:
what the judge or a person gave stays as it is. A penalty is a share of what was earned, so it never
makes a score negative, and several notebooks of an assignment bear it alike.
"""

from nbgrader.api import SubmittedAssignment
from nbgrader.plugins import LateSubmissionPlugin
from nbgrader.preprocessors import AssignLatePenalties
from traitlets import Enum, Float, TraitError, TraitType, default
from traitlets.config import Config

from autograder.late.clock import lateness, zone_of

NONE, GRACE, PER_DAY = "none", "grace", "per day"
MOST = 1e6  # points
NOTHING = "nothing is taken off"


class Amount(TraitType):
    """Points, as a number, or a share of the points earned, as a text like "10 %"."""

    info_text = 'points, as 1.5, or a share of the points earned, as "10 %"'
    allow_none = True

    def validate(self, obj: object, value: object) -> float | str:
        """Return ``value`` when it is an amount that can be taken off."""
        share = isinstance(value, str) and value.rstrip().endswith("%")
        try:
            number = float(value.rstrip().removesuffix("%") if share else value)
        except (TypeError, ValueError):
            self.error(obj, value)
        if isinstance(value, bool) or not 0 < number <= (100 if share else MOST):
            self.error(obj, value)
        return f"{number:g} %" if share else number


class LatePolicy(LateSubmissionPlugin):
    """The rule for late work; ``nbgrader_config.py`` sets it as ``c.LatePolicy``."""

    kind = Enum(
        [NONE, GRACE, PER_DAY],
        help='"none": lateness is shown and costs nothing. "grace": it costs nothing for so many '
        'minutes, and then all points. "per day": it costs so much for each day begun.',
    ).tag(config=True)
    grace = Float(0, min=0, help="Minutes after the due date for which nothing is lost.").tag(
        config=True
    )
    per_day = Amount(None, help=f"What a day begun costs: {Amount.info_text}.").tag(config=True)
    cap = Amount("100 %", help=f"The most that lateness costs: {Amount.info_text}.").tag(
        config=True
    )

    @default("kind")
    def _kind_default(self) -> str:
        return GRACE if self.penalty_method == "zero" else NONE  # nbgrader's own setting

    def late_submission_penalty(
        self, student_id: str, score: float, total_seconds_late: float
    ) -> float | None:
        """Return what is taken off the ``score`` of one notebook: points, None where nothing is."""
        step = self.parent
        submission = step.gradebook.find_submission(step.assignment_id, student_id)
        cost = self.cost(submission)
        return score * cost / submission.score if cost else None

    def cost(self, submission: SubmittedAssignment) -> float:
        """Return what is taken off a whole submission, in points: at most what it has."""
        late = lateness(submission, zone_of(self.config), self.grace)
        if late is None or self.kind == NONE or submission.score <= 0:
            return 0.0
        if self.kind == GRACE:
            return submission.score
        daily, most = (_points(each, submission.score) for each in (self.per_day, self.cap))
        return min(late.days_begun * daily, most, submission.score)

    @property
    def rule(self) -> str:
        """The rule, in the words in which students read it."""
        if self.kind == NONE:
            return NOTHING
        minutes = f"{self.grace:g} minute{'' if self.grace == 1 else 's'}"
        after = f", counted from {minutes} after the due date" if self.grace else ""
        if self.kind == GRACE:
            return f"work that is {f'more than {minutes} ' if self.grace else ''}late earns nothing"
        most = "" if self.cap == "100 %" else f", at most {_said(self.cap)}"
        return f"{_said(self.per_day)} for each day begun{after}{most}"


def check_policy(config: Config) -> None:
    """Raise ValueError, in a sentence, when ``c.LatePolicy`` or the time zone cannot be what is meant."""
    zone_of(config)
    known = LatePolicy.class_trait_names(config=True)
    if other := sorted(set(config.LatePolicy) - set(known)):
        raise ValueError(
            f"c.LatePolicy has no setting {other[0]}; it has kind, grace, per_day and cap."
        )
    try:
        policy = LatePolicy(config=config)
    except TraitError as error:
        raise ValueError(f"c.LatePolicy: {error}") from None
    if policy.kind == PER_DAY and policy.per_day is None:
        raise ValueError(
            'c.LatePolicy.kind is "per day": say in c.LatePolicy.per_day what a day costs.'
        )
    if policy.kind != PER_DAY and {"per_day", "cap"} & set(config.LatePolicy):
        raise ValueError(
            f'c.LatePolicy.kind is "{policy.kind}", with which per_day and cap cost nobody anything: '
            'write c.LatePolicy.kind = "per day", or take them out.'
        )


def policy_of(config: Config) -> LateSubmissionPlugin:
    """Return the plugin that a course has chosen: ours, or one of its own."""
    step = AssignLatePenalties(config=config)
    return step.plugin_class(parent=step)


def _points(amount: float | str, earned: float) -> float:
    """Return an amount in points, of which ``earned`` were."""
    return float(amount[:-2]) / 100 * earned if isinstance(amount, str) else amount


def _said(amount: float | str) -> str:
    if isinstance(amount, str):
        return f"{amount} of the points earned"
    return f"{amount:g} point{'' if amount == 1 else 's'}"
