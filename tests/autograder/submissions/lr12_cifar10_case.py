"""The class of lr12_cifar10_case."""

FULL = {
    "q1_case": 4,
    "q2_diagnosis": 1,
    "q2_repair": 3,
    "q3_diagnosis": 1,
    "q3_repair": 3,
    "lab_recipe": 6,
    "stretch": 2,
}

BY_HAND = {  # right, with loops of its own and other types than the master's
    "q1_answer": """
answer_q1_epoch = float(torch.tensor(validation_loss).argmin() + 1)
answer_q1_cause = " c "
answer_q1_supported = ("d", "A")
""",
    "q2_repair_answer": """
def resume_repaired(model, checkpoint, images, labels, steps):
    model.load_state_dict(checkpoint["model"])
    saved = checkpoint["optimizer"]
    optimizer = optim.SGD(model.parameters(), lr=1.0, momentum=0.9)
    optimizer.load_state_dict(saved)
    rate, rates = saved["param_groups"][0]["lr"], []
    for _ in range(steps):
        optimizer.param_groups[0]["lr"] = rate
        optimizer.zero_grad()
        cross_entropy(model(images), labels).backward()
        optimizer.step()
        rates.append(torch.tensor(rate))
        rate *= 0.9
    return torch.stack(rates).tolist()
""",
    "q3_repair_answer": """
def train_repaired(model, images, labels, learning_rate, steps):
    losses = []
    while len(losses) < steps:
        loss = cross_entropy(model(images), labels)
        gradients = torch.autograd.grad(loss, list(model.parameters()))
        with torch.no_grad():
            for parameter, gradient in zip(model.parameters(), gradients):
                parameter -= learning_rate * gradient
        losses.append(loss.detach())
    return torch.stack(losses).tolist()
""",
    "lab_answer": """
my_recipe = dict(optimizer="Adam", learning_rate=1e-3, schedule="constant", epochs=30)
""",
    "stretch_answer": """
stretch_recipe = dict(
    optimizer="SGD", learning_rate=0.4, schedule="one_cycle", epochs=100, augment="shift"
)
""",
}
TERSE = {  # right, the broken programs fixed with the fewest changes
    "q2_repair_answer": """
def resume_repaired(model, checkpoint, images, labels, steps):
    model.load_state_dict(checkpoint["model"])
    optimizer = optim.SGD(model.parameters(), lr=checkpoint["learning_rate"], momentum=0.9)
    optimizer.load_state_dict(checkpoint["optimizer"])
    schedule = make_schedule(optimizer)
    schedule.load_state_dict(checkpoint["schedule"])
    optimizer.param_groups[0]["lr"] = schedule.get_last_lr()[0]
    return go_on(model, optimizer, schedule, images, labels, steps)
""",
    "q3_repair_answer": """
def train_repaired(model, images, labels, learning_rate, steps):
    optimizer = optim.SGD(model.parameters(), lr=learning_rate)
    losses = []
    for _ in range(steps):
        loss = cross_entropy(model(images), labels)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        losses.append(loss.item())
    return losses
""",
    "lab_answer": """
my_recipe = {
    "optimizer": "SGD",
    "learning_rate": 0.2,
    "momentum": 0,
    "schedule": "cosine",
    "schedule_options": {"final": 0.01},
    "epochs": 30,
}
""",
    "stretch_answer": """
stretch_recipe = dict(
    optimizer="Adam", learning_rate=0.003, schedule="constant", epochs=100, augment="shift"
)
""",
}

UNMENDED = {  # hands in the broken programs and the recipe as they were given
    "q1_answer": """
answer_q1_epoch = validation_loss.index(min(validation_loss))
answer_q1_cause = "A"
answer_q1_supported = ["A", "B"]
""",
    "q2_diagnosis_answer": 'answer_q2 = "C"',
    "q2_repair_answer": "resume_repaired = resume_broken",
    "q3_diagnosis_answer": 'answer_q3 = "B"',
    "q3_repair_answer": "train_repaired = train_broken",
    "lab_answer": "my_recipe = baseline",
    "stretch_answer": 'stretch_recipe = {**baseline, "augment": "shift"}',
}

COLD = {  # restores the weights only; leaves zero_grad out; halfway with a rate that is too low
    "q1_answer": """
answer_q1_epoch = 20
answer_q1_cause = "B"
answer_q1_supported = ["C", "D"]
""",
    "q2_diagnosis_answer": 'answer_q2 = "D"',
    "q2_repair_answer": """
def resume_repaired(model, checkpoint, images, labels, steps):
    model.load_state_dict(checkpoint["model"])
    optimizer = optim.SGD(model.parameters(), lr=checkpoint["learning_rate"], momentum=0.9)
    return go_on(model, optimizer, make_schedule(optimizer), images, labels, steps)
""",
    "q3_diagnosis_answer": 'answer_q3 = "E"',
    "q3_repair_answer": """
def train_repaired(model, images, labels, learning_rate, steps):
    optimizer = optim.SGD(model.parameters(), lr=learning_rate)
    losses = []
    for _ in range(steps):
        loss = cross_entropy(model(images), labels)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses
""",
    "lab_answer": """
my_recipe = {"optimizer": "Adam", "learning_rate": 0.00012, "schedule": "constant", "epochs": 60}
""",
    "stretch_answer": 'stretch_recipe = {**my_recipe, "momentum": 0.9, "augment": "shift"}',
}

FORGETFUL = {  # the optimizer starts without its momentum; the loss that it returns is a sum
    "q1_answer": """
answer_q1_epoch = min(validation_loss)
answer_q1_cause = "D"
answer_q1_supported = ["A", "B", "C", "D"]
""",
    "q2_diagnosis_answer": 'answer_q2 = "E"',
    "q2_repair_answer": """
def resume_repaired(model, checkpoint, images, labels, steps):
    model.load_state_dict(checkpoint["model"])
    optimizer = optim.SGD(model.parameters(), lr=checkpoint["learning_rate"], momentum=0.9)
    schedule = make_schedule(optimizer)
    schedule.load_state_dict(checkpoint["schedule"])
    optimizer.param_groups[0]["lr"] = checkpoint["optimizer"]["param_groups"][0]["lr"]
    return go_on(model, optimizer, schedule, images, labels, steps)
""",
    "q3_diagnosis_answer": 'answer_q3 = "A"',
    "q3_repair_answer": """
def train_repaired(model, images, labels, learning_rate, steps):
    optimizer = optim.SGD(model.parameters(), lr=learning_rate / len(labels))
    losses = []
    for _ in range(steps):
        loss = cross_entropy(model(images), labels, reduction="sum")
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses
""",
    "lab_answer": """
my_recipe = {"optimizer": "SGD", "lr": 0.1, "schedule": "constant", "epochs": 30}
""",
    "stretch_answer": """
stretch_recipe = {**baseline, "learning_rate": 0.1, "epochs": 500, "augment": "shift"}
""",
}

HALFWAY = {  # restores all but the schedule; one more step than asked; changes the images
    "q1_answer": """
answer_q1_epoch = "ten"
answer_q1_cause = "overfitting"
answer_q1_supported = []
""",
    "q2_diagnosis_answer": 'answer_q2 = "A"',
    "q2_repair_answer": """
def resume_repaired(model, checkpoint, images, labels, steps):
    optimizer = optim.SGD(model.parameters(), lr=checkpoint["learning_rate"], momentum=0.9)
    schedule = make_schedule(optimizer)
    model.load_state_dict(checkpoint["model"])
    optimizer.load_state_dict(checkpoint["optimizer"])
    return go_on(model, optimizer, schedule, images, labels, steps)
""",
    "q3_diagnosis_answer": 'answer_q3 = "D"',
    "q3_repair_answer": """
def train_repaired(model, images, labels, learning_rate, steps):
    optimizer = optim.Adam(model.parameters(), lr=learning_rate / 100)
    losses = []
    for _ in range(steps):
        optimizer.zero_grad()
        loss = cross_entropy(model(images), labels)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses
""",
    "lab_answer": 'my_recipe = {**baseline, "learning_rate": 0.1, "augment": "shift"}',
    "stretch_answer": 'stretch_recipe = {**baseline, "learning_rate": 0.1}',
}

ASTRAY = {  # nothing fits: other weights are trained, other values come back
    "q1_answer": "answer_q1_epoch = validation_loss",
    "q2_diagnosis_answer": "answer_q2 = 2",
    "q2_repair_answer": """
def resume_repaired(model, checkpoint, images, labels, steps):
    return sum(resume_broken(model, checkpoint, images, labels, steps))
""",
    "q3_diagnosis_answer": 'answer_q3 = ["A", "C"]',
    "q3_repair_answer": """
def train_repaired(model, images, labels, learning_rate, steps):
    raise RuntimeError("out of ideas")
""",
    "lab_answer": """
my_recipe = {"optimizer": "SGD", "learning_rate": "0.1", "schedule": "step_decay", "epochs": 30}
""",
    "stretch_answer": "stretch_recipe = fresh_model()",
}

ANSWERS = {
    "by_hand": BY_HAND,
    "terse": TERSE,
    "unmended": UNMENDED,
    "cold": COLD,
    "forgetful": FORGETFUL,
    "halfway": HALFWAY,
    "astray": ASTRAY,
}

SLOW = "lab.try_out(baseline"

EXPECTED = {
    "unmended": {
        "q1_case": (1, "is lower after another epoch"),
        "q2_diagnosis": (0, "the second rate after the break would be wrong too"),
        "q2_repair": (1, "times what the run without a break uses there"),
        "q3_diagnosis": (0, "it is not zero"),
        "q3_repair": (1, "The weights did not change: print a gradient"),
        "lab_recipe": (0, "your accuracy and your loss missed it. Sweep the learning rate"),
        "stretch": (0, "Does your recipe hold the one extra change"),
    },
    "cold": {
        "q1_case": (1, "does not get that far"),
        "q2_diagnosis": (0, "directly after load_state_dict"),
        "q2_repair": (0, "What tells the schedule how many steps are done?"),
        "q3_diagnosis": (0, "whose gradients are these?"),
        "q3_repair": (2, "each from cleared gradients"),
        "lab_recipe": (2, "your accuracy missed it. Sweep the learning rate"),
        "stretch": (0, "`momentum` is a setting of SGD and RMSprop"),
    },
    "forgetful": {
        "q1_case": (0, "`answer_q1_supported` holds every option"),
        "q2_diagnosis": (0, "Momentum changes how far a step goes"),
        "q2_repair": (2, "what the optimizer remembers of every weight"),
        "q3_diagnosis": (0, "a rate that is only too low would move something"),
        "q3_repair": (2, "the mean loss before any update"),
        "lab_recipe": (0, "'lr' is not part of a recipe"),
        "stretch": (0, "give a whole number from 1 to 100"),
    },
    "halfway": {
        "q1_case": (0, "`answer_q1_epoch` is 'ten'; it should be one number"),
        "q2_diagnosis": (0, "is that the rate of the very first step?"),
        "q2_repair": (1, "What tells the schedule how many steps are done?"),
        "q3_diagnosis": (0, "made from model.parameters()"),
        "q3_repair": (2, "where SGD takes them"),
        "lab_recipe": (0, "`augment` changes the images, which this recipe may not"),
        "stretch": (0, "Does your recipe hold the one extra change"),
    },
    "astray": {
        "q1_case": (0, "`answer_q1_cause` does not exist"),
        "q2_diagnosis": (0, "`answer_q2` is 2; it should be one of A, B, C, D, E"),
        "q2_repair": (0, "it should return a list with the rate of each step"),
        "q3_diagnosis": (0, "it should be one of A, B, C, D, E"),
        "q3_repair": (0, "stopped with an error: RuntimeError: out of ideas"),
        "lab_recipe": (0, "`learning_rate` is '0.1'; give a number"),
        "stretch": (0, "a recipe is a dictionary"),
    },
}
