"""The class of lr09_plateau."""

FULL = {
    "q1_replay": 3,
    "trigger_epochs": 6,
    "metric_diagnosis": 1,
    "metric_repair": 3,
    "mode_diagnosis": 1,
    "mode_repair": 3,
    "q4_practice": 3,
}

BY_HAND = {  # right, without torch's scheduler, and with other types than the master's
    "q1_answer": """
def torch_falls(patience):
    optimizer = optim.SGD([torch.zeros(1)], lr=1.0)
    scheduler = ReduceLROnPlateau(optimizer, patience=patience)
    rates = [1.0]
    for loss in recorded:
        scheduler.step(loss)
        rates.append(optimizer.param_groups[0]["lr"])
    return [epoch for epoch in range(1, len(rates)) if rates[epoch] < rates[epoch - 1]]


answer_q1_first, answer_q1_default = torch.tensor(torch_falls(2)[0]), float(len(torch_falls(10)))
answer_q1_reading = " b"
""",
    "trigger_epochs_answer": """
def trigger_epochs(losses, patience, threshold):
    found, best, since = [], None, 0
    for index in range(len(losses)):
        loss = losses[index]
        is_nan = loss != loss
        if not is_nan and (best is None or loss < best - threshold * best):
            best, since = loss, 0
            continue
        since += 1
        if since == patience + 1:
            found += [index + 1]
            since = 0
    return torch.tensor(found)
""",
    "metric_repair_answer": """
def train_repaired(model, images, labels, held_images, held_labels, learning_rate, epochs):
    rate, best, bad, rates, losses = learning_rate, float("inf"), 0, [], []
    for _ in range(epochs):
        rates.append(rate)
        for _ in range(5):
            loss = cross_entropy(model(images), labels)
            gradients = torch.autograd.grad(loss, list(model.parameters()))
            with torch.no_grad():
                for parameter, gradient in zip(model.parameters(), gradients):
                    parameter -= rate * gradient
        losses.append(float(cross_entropy(model(held_images), held_labels)))
        better = losses[-1] < best * 0.9999
        best, bad = (losses[-1], 0) if better else (best, bad + 1)
        if bad > 1:
            rate, bad = rate / 10, 0
    return [rates, losses]
""",
    "mode_repair_answer": """
def rates_repaired(accuracies, learning_rate, patience):
    errors = [1 - accuracy for accuracy in accuracies]
    found = list(trigger_epochs(errors, patience, 0.0001))
    return [learning_rate / 10 ** sum(e <= k for e in found) for k in range(len(errors))]
""",
    "q4_answer": 'answer_q4 = ("f", "C", "a")',
}

TERSE = {  # right, written shorter
    "trigger_epochs_answer": """
def trigger_epochs(losses, patience, threshold):
    optimizer = optim.SGD([torch.zeros(1)], lr=1.0)
    rule = ReduceLROnPlateau(optimizer, patience=patience, threshold=threshold, eps=0)
    found, rate = [], 1.0
    for epoch, loss in enumerate(losses):
        rule.step(loss)
        rate, before = optimizer.param_groups[0]["lr"], rate
        found += [epoch + 1] * (rate < before)
    return found
""",
    "metric_repair_answer": """
def train_repaired(model, images, labels, held_images, held_labels, learning_rate, epochs):
    optimizer = optim.SGD(model.parameters(), learning_rate)
    scheduler, history = ReduceLROnPlateau(optimizer, patience=1), []
    for _ in range(epochs):
        rate = scheduler.get_last_lr()[0]
        for _ in range(5):
            model.zero_grad()
            cross_entropy(model(images), labels).backward()
            optimizer.step()
        loss = cross_entropy(model(held_images), held_labels).detach()
        scheduler.step(loss)
        history.append((rate, loss.item()))
    return tuple(zip(*history))
""",
    "mode_repair_answer": """
def rates_repaired(accuracies, learning_rate, patience):
    scheduler = ReduceLROnPlateau(
        optim.Adam([torch.zeros(1)], learning_rate), "max", patience=patience
    )
    return [(scheduler.get_last_lr()[0], scheduler.step(each))[0] for each in accuracies]
""",
}

TOO_EARLY = {  # acts when the count reaches the patience; silences errors; turns the sign
    "q1_answer": "answer_q1_first = 1\nanswer_q1_default = 10\nanswer_q1_reading = 'A'",
    "trigger_epochs_answer": """
def trigger_epochs(losses, patience, threshold):
    best, bad_epochs, found = float("inf"), 0, []
    for epoch, loss in enumerate(losses):
        if loss < best * (1 - threshold):
            best, bad_epochs = loss, 0
        else:
            bad_epochs += 1
        if bad_epochs >= patience:
            found.append(epoch + 1)
            bad_epochs = 0
    return found
""",
    "metric_diagnosis_answer": 'answer_metric = "B"',
    "metric_repair_answer": """
def train_repaired(model, images, labels, held_images, held_labels, learning_rate, epochs):
    optimizer = optim.SGD(model.parameters(), lr=learning_rate)
    scheduler = ReduceLROnPlateau(optimizer, mode="min", patience=1)
    rates, losses = [], []
    for epoch in range(epochs):
        rates.append(optimizer.param_groups[0]["lr"])
        for _ in range(5):
            optimizer.zero_grad()
            cross_entropy(model(images), labels).backward()
            optimizer.step()
        with torch.no_grad():
            losses.append(cross_entropy(model(held_images), held_labels).item())
        scheduler.step(epoch)
    return rates, losses
""",
    "mode_diagnosis_answer": 'answer_mode = "B"',
    "mode_repair_answer": """
def rates_repaired(accuracies, learning_rate, patience):
    optimizer = optim.SGD([torch.zeros(1)], lr=learning_rate)
    scheduler = ReduceLROnPlateau(optimizer, patience=patience)
    rates = []
    for accuracy in accuracies:
        rates.append(optimizer.param_groups[0]["lr"])
        scheduler.step(-accuracy)
    return rates
""",
    "q4_answer": 'answer_q4 = ["A", "B"]',
}

LAST_ONE = {  # compares with the loss before; watches the training loss; no scheduler at all
    "q1_answer": "answer_q1_first = 2.5\nanswer_q1_default = 'none'\nanswer_q1_reading = 'C'",
    "trigger_epochs_answer": """
def trigger_epochs(losses, patience, threshold):
    last, bad_epochs, found = float("inf"), 0, []
    for epoch, loss in enumerate(losses, start=1):
        bad_epochs = 0 if loss < last * (1 - threshold) else bad_epochs + 1
        last = loss
        if bad_epochs > patience:
            found.append(epoch)
            bad_epochs = 0
    return found
""",
    "metric_diagnosis_answer": 'answer_metric = "C"',
    "metric_repair_answer": """
def train_repaired(model, images, labels, held_images, held_labels, learning_rate, epochs):
    optimizer = optim.SGD(model.parameters(), lr=learning_rate)
    scheduler = ReduceLROnPlateau(optimizer, mode="min", patience=1)
    rates, losses = [], []
    for epoch in range(epochs):
        rates.append(optimizer.param_groups[0]["lr"])
        for _ in range(5):
            optimizer.zero_grad()
            loss = cross_entropy(model(images), labels)
            loss.backward()
            optimizer.step()
        with torch.no_grad():
            losses.append(cross_entropy(model(held_images), held_labels).item())
        scheduler.step(loss.item())
    return rates, losses
""",
    "mode_diagnosis_answer": 'answer_mode = "C"',
    "mode_repair_answer": """
def rates_repaired(accuracies, learning_rate, patience):
    return [learning_rate for accuracy in accuracies]
""",
    "q4_answer": 'answer_q4 = ["A", "C", "D"]',
}

FROM_ZERO = {  # counts from 0 and takes any lower loss; mode "max" on a loss; copies a program
    "q1_answer": "answer_q1_first = 20\nanswer_q1_reading = 'D'",
    "trigger_epochs_answer": """
def trigger_epochs(losses, patience, threshold):
    best, bad_epochs, found = float("inf"), 0, []
    for epoch, loss in enumerate(losses):
        if loss < best:
            best, bad_epochs = loss, 0
        else:
            bad_epochs += 1
        if bad_epochs > patience:
            found.append(epoch)
            bad_epochs = 0
    return found
""",
    "metric_diagnosis_answer": 'answer_metric = "E"',
    "metric_repair_answer": """
def train_repaired(model, images, labels, held_images, held_labels, learning_rate, epochs):
    optimizer = optim.SGD(model.parameters(), lr=learning_rate)
    scheduler = ReduceLROnPlateau(optimizer, mode="max", patience=1)
    rates, losses = [], []
    for epoch in range(epochs):
        rates.append(optimizer.param_groups[0]["lr"])
        for _ in range(5):
            optimizer.zero_grad()
            cross_entropy(model(images), labels).backward()
            optimizer.step()
        with torch.no_grad():
            losses.append(cross_entropy(model(held_images), held_labels).item())
        scheduler.step(losses[-1])
    return losses
""",
    "mode_diagnosis_answer": 'answer_mode = "E"',
    "mode_repair_answer": """
def rates_repaired(accuracies, learning_rate, patience):
    return rates_broken(accuracies, learning_rate, patience + 1)
""",
    "q4_answer": 'answer_q4 = ["A", "B", "C", "D", "E", "F"]',
}

NO_COUNT = {  # the count is never cleared by a better loss; NaN is better; nothing is returned
    "q1_answer": "answer_q1_first = None",
    "trigger_epochs_answer": """
def trigger_epochs(losses, patience, threshold):
    best, bad_epochs, found = float("inf"), 0, []
    for epoch, loss in enumerate(losses, start=1):
        if loss >= best * (1 - threshold):
            bad_epochs += 1
        else:
            best = loss
        if bad_epochs > patience:
            found.append(epoch)
            bad_epochs = 0
    return found
""",
    "metric_diagnosis_answer": "answer_metric = 4",
    "metric_repair_answer": """
def train_repaired(model, images, labels, held_images, held_labels, learning_rate, epochs):
    return train_broken(model, images, labels, held_images, held_labels, learning_rate, epochs)
""",
    "mode_diagnosis_answer": 'answer_mode = "D"',
    "mode_repair_answer": """
def rates_repaired(accuracies, learning_rate, patience):
    optimizer = optim.SGD([torch.zeros(1)], lr=learning_rate)
    scheduler = ReduceLROnPlateau(optimizer, mode="max", patience=patience)
    rates = []
    for accuracy in accuracies:
        scheduler.step(accuracy)
        rates.append(optimizer.param_groups[0]["lr"])
    return rates
""",
    "q4_answer": 'answer_q4 = "A"',
}

ANSWERS = {
    "by_hand": BY_HAND,
    "terse": TERSE,
    "too_early": TOO_EARLY,
    "last_one": LAST_ONE,
    "from_zero": FROM_ZERO,
    "no_count": NO_COUNT,
}

SLOW = None

EXPECTED = {
    "too_early": {
        "q1_replay": (0, "The rate does not fall for the first time after that epoch"),
        "trigger_epochs": (5, "That is one bad epoch too early"),
        "metric_diagnosis": (0, "A longer patience only puts the falls off"),
        "metric_repair": (1, "What does your scheduler get to see"),
        "mode_diagnosis": (0, "still falls on an accuracy that rises"),
        "mode_repair": (2, "its relative threshold turns around, too"),
        "q4_practice": (1.5, "Then the test loss has taken part in the training"),
    },
    "last_one": {
        "q1_replay": (0, "`answer_q1_default` is 'none'; it should be one number"),
        "trigger_epochs": (3, "each loss is compared with the one before it"),
        "metric_diagnosis": (0, "The scheduler is called once an epoch"),
        "metric_repair": (2, "Which loss does your scheduler see?"),
        "mode_diagnosis": (0, "these accuracies change by much more"),
        "mode_repair": (1, "The rate never falls, though a value that only equals the best"),
        "q4_practice": (2, "the patience would count batches"),
    },
    "from_zero": {
        "q1_replay": (0, "`answer_q1_default` does not exist after your notebook has run"),
        "trigger_epochs": (3, "any lower loss counts as better"),
        "metric_diagnosis": (0, "For a loss lower is better"),
        "metric_repair": (0, "Expected are two lists with one number an epoch"),
        "mode_diagnosis": (0, "The scheduler sees numbers"),
        "mode_repair": (0, "Each entry should be the rate that its epoch used"),
        "q4_practice": (0, "holds every option"),
    },
    "no_count": {
        "q1_replay": (0, "`answer_q1_first` has no value yet"),
        "trigger_epochs": (2, "a better epoch does not set the count to zero"),
        "metric_diagnosis": (0, "`answer_metric` is 4; it should be one of"),
        "metric_repair": (1, "Our held-out loss got better in every epoch, and your rates were"),
        "mode_diagnosis": (0, "The rate before the first call is the one you gave"),
        "mode_repair": (1, "before the scheduler's call"),
        "q4_practice": (0, "it should be a list of options"),
    },
}
