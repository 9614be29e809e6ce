"""Which ten questions of the bank a student is asked: each difficulty its share, chapters evenly.

In every round each chapter gets one more question, in a random order, as long as a difficulty has
room for one. If it has none, a chapter that has a question of this difficulty takes another of its
own instead: an augmenting path of a bipartite matching (Kuhn). No chapter loses what it was given,
so the first round reaches as many chapters as any draw could, the second as many again, and so on:
from ten chapters on, no chapter is asked about twice.
"""

from collections import Counter
from collections.abc import Sequence

from lrlab.assignments.questions.chance import Chance
from lrlab.assignments.questions.question import Template

BALANCE = {"easy": 4, "medium": 3, "hard": 3}  # how many of each difficulty, in this order
TOTAL = sum(BALANCE.values())


def sample(templates: Sequence[Template], chance: Chance) -> list[Template]:
    """Return ten of ``templates``, in the order of BALANCE.

    Raises ValueError when there are not enough of one difficulty.
    """
    offered: dict[int, list[Template]] = {}
    for template in chance.shuffled(templates):
        offered.setdefault(template.chapter, []).append(template)
    drawn: list[Template] = []
    for _ in range(TOTAL):  # rounds: the first is enough for ten chapters, a single one takes ten
        for chapter in chance.shuffled(offered):
            if len(drawn) < TOTAL:
                _one_more(chapter, offered, drawn, set())
    if len(drawn) < TOTAL:
        there = dict(Counter(template.difficulty for template in templates))
        raise ValueError(f"the bank has too few questions: {there}; a test takes {BALANCE}")
    ranks = list(BALANCE)
    return sorted(chance.shuffled(drawn), key=lambda each: ranks.index(each.difficulty))


def _one_more(
    chapter: int, offered: dict[int, list[Template]], drawn: list[Template], tried: set[str]
) -> bool:
    """Draw one more question of ``chapter``, by exchanges if need be; return whether it went.

    tried: difficulties in which this search has looked for room; more are added.
    """
    for template in offered[chapter]:
        if template in drawn or template.difficulty in tried:
            continue
        tried.add(template.difficulty)
        there = [each for each in drawn if each.difficulty == template.difficulty]
        if len(there) < BALANCE[template.difficulty]:
            drawn.append(template)
            return True
        for other in there:
            if _one_more(other.chapter, offered, drawn, tried):
                drawn[drawn.index(other)] = template
                return True
    return False
