"""Chapter 9: whether the plateau rule acts at all, replayed on recorded validation losses."""

from lrlab.evidence.claim import Claim, Finding
from lrlab.plateau import reductions
from lrlab.runs.record import Record

CHAPTER = 9


def default_patience(case: Record) -> Finding:
    """In how many runs the rate would fall, with the default patience of 10 and with 2.

    The replay is exact up to the first fall, and more is not asked.
    """
    curves = [curve for each in case.results for curve in each["validation_loss"]["values"]]
    falls = {
        patience: sum(bool(reductions(curve, patience=patience)) for curve in curves)
        for patience in (10, 2)
    }
    text = f"it falls in {falls[10]} of {len(curves)} runs; with a patience of 2 in {falls[2]}"
    return Finding(text, {"share": falls[10] / len(curves)})


CLAIMS = (
    Claim(
        claim="in a run of 20 epochs a plateau rule with its default patience lowers the rate",
        source="taken for granted where tutorials add the rule",
        published="a patience of 10",
        records=("cifar_case",),
        measure=default_patience,
        reproduced=lambda n: n["share"] > 0.5,
        rule="reproduced when it does so in more than half of the runs, over all rates and seeds.",
    ),
)
