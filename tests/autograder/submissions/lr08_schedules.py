"""The class of lr08_schedules."""

FULL = {
    "q1_floor": 3,
    "my_schedule": 5,
    "distance": 4,
    "q3_diagnosis": 1,
    "q3_repair": 3,
    "q4_diagnosis": 1,
    "q4_repair": 3,
}

BY_TORCH = {  # right, with PyTorch's own schedulers, and with other types than the master's
    "q1_answer": """
answer_q1_table, answer_q1_longer = "b", " C"
tails = [torch.tensor(walk([rate] * 300)[-100:]).mean() for rate in (0.4, 0.1)]
floor_ratio = tails[0] / tails[1]
""",
    "my_schedule_answer": """
def my_schedule(step, total_steps, warmup_steps, peak):
    optimizer = optim.SGD([torch.zeros(1, requires_grad=True)], lr=peak)
    cosine = lr_scheduler.CosineAnnealingLR(optimizer, T_max=total_steps - warmup_steps)
    scheduler = cosine
    if warmup_steps:
        for group in optimizer.param_groups:
            group["lr"] = group["initial_lr"] = peak
        rise = lr_scheduler.LinearLR(optimizer, 1 / warmup_steps, total_iters=warmup_steps - 1)
        parts, milestones = [rise, cosine], [warmup_steps]
        scheduler = lr_scheduler.SequentialLR(optimizer, parts, milestones=milestones)
    for _ in range(step):
        optimizer.step()
        scheduler.step()
    return scheduler.get_last_lr()[0]
""",
    "distance_answer": """
loss_constant, loss_falling = (
    torch.tensor(end_loss(*run)) for run in ((schedules.constant, 0.04), (falling, 0.08))
)
areas = [sum(schedule(step) for step in range(50)) for schedule in (schedules.constant, falling)]
falling_peak = 0.03 * areas[0] / areas[1]
answer_distance = "d"
""",
    "q3_repair_answer": """
def train_by_epoch(model, images, labels, learning_rate, epochs, batch_size):
    optimizer = optim.SGD(model.parameters(), lr=learning_rate)
    starts = list(range(0, len(images), batch_size))
    scheduler = lr_scheduler.StepLR(optimizer, step_size=2 * len(starts), gamma=0.1)
    rates = []
    for start in starts * epochs:
        loss = cross_entropy(model(images[start : start + batch_size]), labels[start : start + batch_size])
        loss.backward()
        rates += scheduler.get_last_lr()
        optimizer.step()
        optimizer.zero_grad()
        scheduler.step()
    return rates
""",
    "q4_repair_answer": """
def train_one_cycle(model, images, labels, peak, epochs, batch_size):
    batches = list(zip(images.split(batch_size), labels.split(batch_size)))
    optimizer = optim.SGD(model.parameters(), lr=peak)
    scheduler = lr_scheduler.OneCycleLR(
        optimizer, peak, epochs=epochs, steps_per_epoch=len(batches), cycle_momentum=False
    )
    rates = []
    for some_images, some_labels in batches * epochs:
        optimizer.zero_grad()
        cross_entropy(model(some_images), some_labels).backward()
        optimizer.step()
        rates.append(torch.tensor(scheduler.get_last_lr()[0], dtype=torch.float64))
        scheduler.step()
    return rates
""",
}

BY_HAND = {  # right, without schedulers and without an optimizer
    "my_schedule_answer": """
from math import cos, pi


def my_schedule(step, total_steps, warmup_steps, peak):
    rest = total_steps - warmup_steps
    after = step - warmup_steps
    return peak * (0.5 + 0.5 * cos(pi * after / rest)) if after >= 0 else peak / warmup_steps * (1 + step)
""",
    "q3_repair_answer": """
def sgd(model, images, labels, rate):
    gradients = torch.autograd.grad(cross_entropy(model(images), labels), list(model.parameters()))
    with torch.no_grad():
        for parameter, gradient in zip(model.parameters(), gradients):
            parameter -= rate * gradient
    return rate


def train_by_epoch(model, images, labels, learning_rate, epochs, batch_size):
    return [
        sgd(model, some_images, some_labels, learning_rate / 10 ** (epoch // 2))
        for epoch in range(epochs)
        for some_images, some_labels in zip(images.split(batch_size), labels.split(batch_size))
    ]
""",
    "q4_repair_answer": """
def train_one_cycle(model, images, labels, peak, epochs, batch_size):
    batches = list(zip(images.split(batch_size), labels.split(batch_size))) * epochs
    cycle = [peak * schedules.one_cycle(k, total_steps=len(batches)) for k in range(len(batches))]
    for rate, batch in zip(cycle, batches):
        sgd(model, *batch, rate)
    return tuple(cycle)
""",
}

LOOP = """
    rates = []
    for _ in range(epochs):
        for start in range(0, len(images), batch_size):
            batch = slice(start, start + batch_size)
            optimizer.zero_grad()
            cross_entropy(model(images[batch]), labels[batch]).backward()
            rates.append(optimizer.param_groups[0]["lr"])
            optimizer.step()
"""

OFF_BY_ONE = {  # the warm-up begins at zero, the wave ends too early, the scheduler comes first
    "q1_answer": 'answer_q1_table = "A"\nanswer_q1_longer = "A"\nfloor_ratio = 4.0',
    "my_schedule_answer": """
def my_schedule(step, total_steps, warmup_steps, peak):
    if step < warmup_steps:
        return peak * step / warmup_steps
    progress = (step - warmup_steps) / (total_steps - 1 - warmup_steps)
    return peak * (1 + math.cos(math.pi * progress)) / 2
""",
    "distance_answer": """
loss_constant = end_loss(schedules.constant, 0.08)
loss_falling = end_loss(falling, 0.08)
falling_peak = 0.03
answer_distance = "A"
""",
    "q3_diagnosis_answer": 'answer_q3 = "B"',
    "q3_repair_answer": """
def train_by_epoch(model, images, labels, learning_rate, epochs, batch_size):
    optimizer = optim.SGD(model.parameters(), lr=learning_rate)
    scheduler = lr_scheduler.StepLR(optimizer, step_size=2, gamma=0.1)
    rates = []
    for _ in range(epochs):
        scheduler.step()
        for start in range(0, len(images), batch_size):
            batch = slice(start, start + batch_size)
            optimizer.zero_grad()
            cross_entropy(model(images[batch]), labels[batch]).backward()
            rates.append(optimizer.param_groups[0]["lr"])
            optimizer.step()
    return rates
""",
    "q4_diagnosis_answer": 'answer_q4 = "B"',
    "q4_repair_answer": f"""
def train_one_cycle(model, images, labels, peak, epochs, batch_size):
    optimizer = optim.SGD(model.parameters(), lr=peak)
    scheduler = lr_scheduler.OneCycleLR(optimizer, peak, total_steps=10_000, cycle_momentum=False)
{LOOP}
            scheduler.step()
    return rates
""",
}

PER_BATCH = {  # epochs for steps and steps for epochs; an error that is caught and forgotten
    "q1_answer": 'answer_q1_table = "C"\nanswer_q1_longer = "B"\nfloor_ratio = "four"',
    "my_schedule_answer": """
def my_schedule(step, total_steps, warmup_steps, peak):
    step = step // 3 * 3
    if step < warmup_steps:
        return peak * (step + 1) / warmup_steps
    progress = (step - warmup_steps) / (total_steps - warmup_steps)
    return peak * (1 + math.cos(math.pi * progress)) / 2
""",
    "distance_answer": """
loss_constant = end_loss(schedules.constant, 0.04)
loss_falling = end_loss(falling, 0.04)
falling_peak = 0.03
answer_distance = "B"
""",
    "q3_diagnosis_answer": 'answer_q3 = "A"',
    "q3_repair_answer": """
def train_by_epoch(model, images, labels, learning_rate, epochs, batch_size):
    return train_broken(model, images, labels, learning_rate, epochs, batch_size)
""",
    "q4_diagnosis_answer": 'answer_q4 = "C"',
    "q4_repair_answer": f"""
def train_one_cycle(model, images, labels, peak, epochs, batch_size):
    optimizer = optim.SGD(model.parameters(), lr=peak)
    scheduler = lr_scheduler.OneCycleLR(
        optimizer, peak, total_steps=epochs * (len(images) // batch_size), cycle_momentum=False
    )
{LOOP}
            try:
                scheduler.step()
            except ValueError:
                pass
    return rates
""",
}

COUNTING = {  # a schedule that counts its calls; no schedule at all; images left out
    "q1_answer": 'answer_q1_table = "D"\nanswer_q1_longer = "C"\nfloor_ratio = 0.21',
    "my_schedule_answer": """
calls = 0


def my_schedule(step, total_steps, warmup_steps, peak):
    global calls
    calls += 1
    return peak * (1 + math.cos(math.pi * calls / total_steps)) / 2
""",
    "distance_answer": 'loss_constant = loss_falling = falling_peak = None\nanswer_distance = "C"',
    "q3_diagnosis_answer": 'answer_q3 = "C"',
    "q3_repair_answer": f"""
def train_by_epoch(model, images, labels, learning_rate, epochs, batch_size):
    optimizer = optim.SGD(model.parameters(), lr=learning_rate)
{LOOP}
    return rates
""",
    "q4_diagnosis_answer": 'answer_q4 = "E"',
    "q4_repair_answer": """
def train_one_cycle(model, images, labels, peak, epochs, batch_size):
    whole = len(images) // batch_size * batch_size
    return train_cycle_broken(model, images[:whole], labels[:whole], peak, epochs, batch_size)
""",
}

REPORTING = {  # a fraction for a rate; a list of the right rates, and nothing trained
    "q1_answer": 'answer_q1_table = "B"\nanswer_q1_longer = "D"',
    "my_schedule_answer": """
def my_schedule(step, total_steps, warmup_steps, peak):
    if step < warmup_steps:
        return (step + 1) / warmup_steps
    return schedules.cosine(step - warmup_steps, total_steps=total_steps - warmup_steps)
""",
    "distance_answer": """
loss_constant = end_loss(schedules.constant, 0.04)
loss_falling = end_loss(falling, 0.08)
falling_peak = "0.06"
answer_distance = "D"
""",
    "q3_diagnosis_answer": 'answer_q3 = "E"',
    "q3_repair_answer": """
def train_by_epoch(model, images, labels, learning_rate, epochs, batch_size):
    steps = len(range(0, len(images), batch_size))
    return [learning_rate * 0.1 ** (epoch // 2) for epoch in range(epochs) for _ in range(steps)]
""",
    "q4_diagnosis_answer": 'answer_q4 = "D"',
    "q4_repair_answer": f"""
def train_one_cycle(model, images, labels, peak, epochs, batch_size):
    optimizer = optim.SGD(model.parameters(), lr=peak)
    scheduler = lr_scheduler.OneCycleLR(optimizer, peak, total_steps=epochs, cycle_momentum=False)
{LOOP}
            scheduler.step()
    return rates
""",
}

ALMOST = {  # no run without a warm-up; nothing returned; another cycle; no letter
    "q1_answer": "answer_q1_table = 2",
    "my_schedule_answer": """
def my_schedule(step, total_steps, warmup_steps, peak):
    rise = (step + 1) / warmup_steps
    progress = max(0, step - warmup_steps) / (total_steps - warmup_steps)
    return peak * min(rise, 1) * (1 + math.cos(math.pi * progress)) / 2
""",
    "distance_answer": "answer_distance = end_loss",
    "q3_diagnosis_answer": "pass",
    "q3_repair_answer": f"""
def train_by_epoch(model, images, labels, learning_rate, epochs, batch_size):
    optimizer = optim.SGD(model.parameters(), lr=learning_rate)
    scheduler = lr_scheduler.StepLR(optimizer, step_size=2, gamma=0.1)
{LOOP}
        scheduler.step()
""",
    "q4_diagnosis_answer": 'answer_q4 = "AB"',
    "q4_repair_answer": f"""
def train_one_cycle(model, images, labels, peak, epochs, batch_size):
    optimizer = optim.SGD(model.parameters(), lr=peak)
    steps = epochs * math.ceil(len(images) / batch_size)
    scheduler = lr_scheduler.OneCycleLR(
        optimizer, peak, total_steps=steps, cycle_momentum=False, anneal_strategy="linear"
    )
{LOOP}
            scheduler.step()
    return rates
""",
}

ANSWERS = {
    "by_torch": BY_TORCH,
    "by_hand": BY_HAND,
    "off_by_one": OFF_BY_ONE,
    "per_batch": PER_BATCH,
    "counting": COUNTING,
    "reporting": REPORTING,
    "almost": ALMOST,
}

SLOW = None

EXPECTED = {
    "off_by_one": {
        "q1_floor": (0, "after 100 steps it is not there yet"),
        "my_schedule": (1, "a step of size zero is a wasted step"),
        "distance": (1, "That is not the loss that end_loss measures for the constant schedule"),
        "q3_diagnosis": (0, "would use each rate one step earlier"),
        "q3_repair": (1, "come one epoch early"),
        "q4_diagnosis": (0, "as long as its length is in the same unit"),
        "q4_repair": (1, "the cycle is longer than the run"),
    },
    "per_batch": {
        "q1_floor": (0, "`floor_ratio` is 'four'; it should be one number"),
        "my_schedule": (1, "A schedule here counts steps, not epochs"),
        "distance": (1, "That is not the loss that end_loss measures for the falling schedule"),
        "q3_diagnosis": (0, "Look at the tenth rate"),
        "q3_repair": (1, "The rate still falls after every second batch"),
        "q4_diagnosis": (0, "A diverged run would show it in its losses"),
        "q4_repair": (1, "The cycle is over before the run is"),
    },
    "counting": {
        "q1_floor": (1, "the numbers in the table are not"),
        "my_schedule": (0, "it should depend on its arguments alone"),
        "distance": (0, "`loss_falling` has no value yet"),
        "q3_diagnosis": (0, "A gentler factor falls as often"),
        "q3_repair": (1, "The rate never falls"),
        "q4_diagnosis": (0, "that would make the plan still shorter"),
        "q4_repair": (0, "the incomplete last batch of an epoch is a step too"),
    },
    "reporting": {
        "q1_floor": (1, "so nothing grows"),
        "my_schedule": (0, "you return the fraction of the peak, not the rate"),
        "distance": (3, "`falling_peak` is '0.06'; it should be one number"),
        "q3_diagnosis": (0, "A scheduler sees no images"),
        "q3_repair": (2, "The weights did not change"),
        "q4_diagnosis": (0, "The number of calls is the same in either order"),
        "q4_repair": (0, "`train_one_cycle` stopped with an error: ValueError: Tried to step"),
    },
    "almost": {
        "q1_floor": (0, "`answer_q1_table` is 2; it should be one of A, B, C, D, in quotes"),
        "my_schedule": (4, "Without a warm-up: `my_schedule` stopped with an error: ZeroDivision"),
        "distance": (0, "`loss_constant` does not exist after your notebook has run"),
        "q3_diagnosis": (0, "`answer_q3` does not exist after your notebook has run"),
        "q3_repair": (1, "It returned None; it should return a list with one rate for each step"),
        "q4_diagnosis": (0, "`answer_q4` is 'AB'; it should be one of A, B, C, D, E, in quotes"),
        "q4_repair": (1, "The rates are not those of one cycle over all steps of the run"),
    },
}
