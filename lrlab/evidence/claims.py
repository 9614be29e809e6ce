"""The rows of the evidence table: what is claimed, by whom, and when it counts as reproduced.

``lrlab.evidence.findings`` reads what our records say; the criteria here decide. ``lrlab.evidence.cifar_claims`` and
``lrlab.evidence.cifar_findings`` do the same for CIFAR-10, and their rows come last.
A tolerance that is no part of a claim is one step of our grid, or twice the lowest loss, the same
"good" that the chapters use.
"""

from lrlab.evidence import Claim, findings
from lrlab.evidence.cifar_claims import CIFAR_CLAIMS
from lrlab.evidence.findings import GRID_STEP

GOOD_WITHIN = 2.0

CS231N = "[CS231n notes](https://cs231n.github.io/neural-networks-3/)"
BENGIO = "[Bengio 2012](https://arxiv.org/abs/1206.5533)"
KINGMA = "[Kingma and Ba 2014](https://arxiv.org/abs/1412.6980)"
GOH = "[Goh 2017](https://distill.pub/2017/momentum/)"
TUTORIALS = "often repeated in tutorials"
ALL_US = ("mnist_sgd_u", "mnist_momentum_u", "mnist_rmsprop_u", "mnist_adam_u", "mnist_adamw_u")

CLAIMS = (
    Claim(
        claim="a fresh ten-class network has a loss of ln 10",
        source=CS231N,
        published="2.302",
        records=("mnist_first_step",),
        measure=findings.initial_loss,
        reproduced=lambda n: abs(n["off"]) < 0.02,
        rule="reproduced when the mean is within 0.02 of ln 10.",
    ),
    Claim(
        claim="a short step lowers the loss in proportion to its rate",
        source="[Goodfellow, Bengio and Courville 2016, section 4.3]"
        "(https://www.deeplearningbook.org/contents/numerical.html)",
        published="3 times the fall at 3 times the rate",
        records=("mnist_first_step",),
        measure=findings.first_order,
        reproduced=lambda n: abs(n["factor"] / 3 - 1) < 0.1,
        rule="reproduced within 10 %.",
    ),
    Claim(
        claim="a healthy update is about a thousandth of the weights",
        source=CS231N,
        published="1e-3",
        records=("mnist_first_step", "mnist_sgd_u"),
        measure=findings.update_ratio,
        reproduced=lambda n: 1e-3 / 3 < n["at_best"] < 3e-3,
        other_regime=lambda n: 1e-3 / 3 < n["at_0.01"] < 3e-3 and n["loss"] < 1,
        rule="reproduced when the ratio at the best rate is within a factor of 3; other regime when "
        "it is so at 0.01 only, where the network learns, but slowly.",
    ),
    Claim(
        claim="the loss is U-shaped in the learning rate, with a sharp rise on the right",
        source="[Goodfellow, Bengio and Courville 2016, section 11.4.1]"
        "(https://www.deeplearningbook.org/contents/guidelines.html)",
        published="a drawing",
        records=("mnist_sgd_u",),
        measure=findings.u_shape,
        reproduced=lambda n: n["left_falls"] == n["inside"] == 1 and n["right_arm"] > 5,
        rule="reproduced when the left arm falls all the way, the best rate is inside the grid, and "
        "the right arm is over five times the lowest loss.",
    ),
    Claim(
        claim="a grid with a factor of 2 between rates is fine enough",
        source=BENGIO,
        published="factor 2",
        records=ALL_US,
        measure=findings.good_regions,
        reproduced=lambda n: n["narrowest"] >= 2,
        rule="reproduced when every good region (at most twice the lowest loss) is wider than that.",
    ),
    Claim(
        claim="the best rate is close to the largest one that does not diverge",
        source=BENGIO,
        published="within a factor of 2, for SGD",
        records=("mnist_sgd_u", "mnist_momentum_u"),
        measure=findings.below_the_cliff,
        reproduced=lambda n: n["most"] <= GRID_STEP,
        other_regime=lambda n: n["least"] <= GRID_STEP,
        rule="reproduced when both factors are at most one step of our grid; other regime when one is.",
    ),
    Claim(
        claim="the same, for adaptive optimizers",
        source=BENGIO,
        published="not claimed there",
        records=("mnist_rmsprop_u", "mnist_adam_u", "mnist_adamw_u"),
        measure=findings.below_the_cliff,
        reproduced=lambda n: n["most"] <= GRID_STEP,
        other_regime=lambda n: n["least"] <= GRID_STEP,
        rule="reproduced when all factors are at most one step of our grid; other regime when some are.",
    ),
    Claim(
        claim="a rate of 0.5 is too high",
        source=TUTORIALS,
        published="unstable training",
        records=("mnist_sgd_u", "mnist_momentum_u", "mnist_adam_u"),
        measure=findings.half_is_too_high,
        reproduced=lambda n: n["least"] > 0.5,
        other_regime=lambda n: n["most"] > 0.5,
        rule="reproduced when more than half of the seeds diverge with each optimizer; other regime "
        "when they do with some.",
    ),
    Claim(
        claim="if the loss is stuck at 0.1, lower the rate to 0.01",
        source=TUTORIALS,
        published="stable training",
        records=("mnist_sgd_u", "mnist_momentum_u", "mnist_adam_u"),
        measure=findings.lower_to_a_hundredth,
        reproduced=lambda n: n["most"] < 1,
        other_regime=lambda n: n["least"] < 1,
        rule="reproduced when 0.01 ends lower than 0.1 with each optimizer; other regime when it does "
        "with some.",
    ),
    Claim(
        claim="0.001 is a good default for Adam",
        source=KINGMA,
        published="0.001",
        records=("mnist_adam_u",),
        measure=findings.default_of_a_thousandth,
        reproduced=lambda n: n["factor"] <= GOOD_WITHIN,
        rule="reproduced when its loss is at most twice the lowest.",
    ),
    Claim(
        claim="3e-4 is the best rate for Adam",
        source="folklore, after [a post by Karpathy]"
        "(https://x.com/karpathy/status/801621764144971776)",
        published="3e-4",
        records=("mnist_adam_u",),
        measure=findings.folklore_rate,
        reproduced=lambda n: n["rates"] <= GRID_STEP,
        other_regime=lambda n: n["losses"] <= GOOD_WITHIN,
        rule="reproduced when the best rate is at most one step of our grid away; other regime when "
        "a neighbour of 3e-4 ends at most at twice the lowest loss.",
    ),
    Claim(
        claim="0.001 is a good default for RMSprop",
        source="[Ruder 2016](https://arxiv.org/abs/1609.04747), after Hinton",
        published="0.001",
        records=("mnist_rmsprop_u",),
        measure=findings.default_of_a_thousandth,
        reproduced=lambda n: n["factor"] <= GOOD_WITHIN,
        rule="reproduced when its loss is at most twice the lowest.",
    ),
    Claim(
        claim="a momentum of 0.9 acts like ten times the rate, below the best rate",
        source=GOH,
        published="10",
        records=("mnist_sgd_u", "mnist_momentum_u"),
        measure=findings.momentum_on_the_left,
        reproduced=lambda n: 0.85 < n["least"] and n["most"] < 1.15,
        rule="reproduced when, at a tenth of the rate, momentum ends within 15 % of plain SGD.",
    ),
    Claim(
        claim="a momentum of 0.9 lowers the best rate by a factor of ten",
        source=GOH,
        published="10, for the long-run step",
        records=("mnist_sgd_u", "mnist_momentum_u"),
        measure=findings.momentum_at_the_bottom,
        reproduced=lambda n: 10 / 1.5 < n["factor"] < 15,
        other_regime=lambda n: n["factor"] > 1.5,
        rule="reproduced within a factor of 1.5; other regime when the best rate falls, but less: at "
        "the bottom of the U the cliff counts, too, and not only the long-run step.",
    ),
    Claim(
        claim="well tuned, the more general optimizer is never worse",
        source="[Choi and others 2019](https://arxiv.org/abs/1910.05446)",
        published="on five tasks",
        records=("mnist_sgd_u", "mnist_momentum_u"),
        measure=findings.special_case,
        reproduced=lambda n: n["worse_by"] < 2,
        rule="reproduced unless momentum ends higher than plain SGD by two standard errors.",
    ),
    Claim(
        claim="Adam is fairly robust to the choice of its settings",
        source="[Goodfellow, Bengio and Courville 2016, section 8.5.3]"
        "(https://www.deeplearningbook.org/contents/optimization.html)",
        published="a statement",
        records=("mnist_sgd_u", "mnist_adam_u"),
        measure=findings.robustness,
        reproduced=lambda n: n["wider"] > GRID_STEP,
        rule="reproduced when Adam's good region is wider by more than one step of our grid.",
    ),
    Claim(
        claim="adaptive methods generalise worse than SGD",
        source="[Wilson and others 2017](https://arxiv.org/abs/1705.08292)",
        published="on image and language tasks",
        records=ALL_US,
        measure=findings.generalisation,
        reproduced=lambda n: n["ahead"] > 0.002,
        rule="reproduced when SGD, with or without momentum, is ahead by more than 0.2 points of test "
        "accuracy, about two standard deviations.",
    ),
    Claim(
        claim="one cycle needs fewer steps",
        source="[Smith and Topin 2017](https://arxiv.org/abs/1708.07120)",
        published="a tenth, for residual networks",
        records=("mnist_schedule_constant", "mnist_schedule_one_cycle"),
        measure=findings.fewer_steps,
        reproduced=lambda n: n["share"] <= 0.5,
        other_regime=lambda n: n["lower_by"] > 2,
        rule="reproduced when it reaches the constant rate's last training loss in at most half of the "
        "steps; other regime when, in equal steps, it ends lower by two standard errors.",
    ),
    Claim(
        claim="a constant rate with a cooldown does as well as a cosine",
        source="[Hägele and others 2024](https://arxiv.org/abs/2405.18392)",
        published="equal, for language models",
        records=("mnist_schedule_cosine", "mnist_schedule_warmup_stable_decay"),
        measure=findings.cooldown_and_cosine,
        reproduced=lambda n: abs(n["lower_by"]) <= 2,
        other_regime=lambda n: n["lower_by"] > 2,
        rule="reproduced when the two are within two standard errors; other regime when the cooldown "
        "ends lower by more.",
    ),
    Claim(
        claim="dividing the rate by ten at half and at three quarters pays",
        source="[He and others 2015, section 4.2](https://arxiv.org/abs/1512.03385)",
        published="the recipe of ResNet, 64,000 steps",
        records=("mnist_schedule_constant", "mnist_schedule_multi_step"),
        measure=findings.against_constant,
        reproduced=lambda n: n["lower_by"] > 2,
        rule="reproduced when it ends lower than a constant rate by two standard errors.",
    ),
    *CIFAR_CLAIMS,
)
