"""The class of lr06_adaptive_optimizers."""

FULL = {
    "q1_table": 4,
    "measurement": 4,
    "adam": 5,
    "decay_diagnosis": 1,
    "decay_repair": 3,
    "forgetful_diagnosis": 1,
    "forgetful_repair": 3,
}

BY_HAND = {  # right, without torch.optim where it can be done, and with other types
    "q1_answer": 'answer_q1_runs, answer_q1_report = ("e", "D", "C"), " c "',
    "measurement_answer": """
def first_change(model, images, labels, optimizer_name, learning_rate, loss_factor):
    flat = torch.nn.utils.parameters_to_vector
    before = flat(model.parameters()).detach().clone()
    optimizer = optim.__dict__[optimizer_name](model.parameters(), learning_rate)
    loss = cross_entropy(model(images), labels, reduction="sum") / len(labels)
    loss.mul(loss_factor).backward()
    optimizer.step()
    return (flat(model.parameters()).detach() - before).norm()


sgd_factor, adam_factor, rmsprop_over_adam = 100, torch.tensor(1.0), 10
""",
    "adam_answer": """
def adam(weights, gradients, learning_rate, beta1, beta2, epsilon):
    path, mean, square = [], 0.0, 0.0
    for t in range(len(gradients)):
        mean = mean + (1 - beta1) * (gradients[t] - mean)
        square = square + (1 - beta2) * (gradients[t] ** 2 - square)
        root = (square / (1 - beta2 ** (t + 1))) ** 0.5
        weights = weights - learning_rate / (1 - beta1 ** (t + 1)) * mean / (root + epsilon)
        path.append(weights.double())
    return tuple(path)
""",
    "decay_repair_answer": """
def decay_repaired(weights, gradients, learning_rate, weight_decay):
    end = weights
    path = [weights, *adam(weights, gradients, learning_rate, 0.9, 0.999, 1e-8)]
    for before, after in zip(path, path[1:]):
        end = (end + after - before) * (1 - learning_rate * weight_decay)
    return end
""",
    "forgetful_repair_answer": """
def train_repaired(model, images, labels, learning_rate, epochs):
    print("training")
    parameters, losses, steps = list(model.parameters()), [], 0
    means = [[torch.zeros_like(p) for p in parameters] for _ in range(2)]
    for epoch in range(epochs):
        for start in range(0, len(images), 64):
            steps += 1
            loss = cross_entropy(model(images[start : start + 64]), labels[start : start + 64])
            for p, g, m, v in zip(parameters, torch.autograd.grad(loss, parameters), *means):
                m.lerp_(g, 0.1)
                v.lerp_(g * g, 0.001)
                root = (v / (1 - 0.999**steps)).sqrt() + 1e-8
                p.data -= learning_rate * m / (1 - 0.9**steps) / root
            losses.append(loss.detach())
    return losses
""",
}

TERSE = {  # right, with helpers and with torch's own optimizer where it is allowed
    "q1_answer": 'answer_q1_report = "C"\nanswer_q1_runs = list("CED")',
    "adam_answer": """
def adam(weights, gradients, learning_rate, beta1, beta2, epsilon):
    w, m, v, path = weights.clone(), weights * 0, weights * 0, []
    power1 = power2 = 1
    for g in gradients:
        m.mul_(beta1).add_(g, alpha=1 - beta1)
        v.mul_(beta2).addcmul_(g, g, value=1 - beta2)
        power1, power2 = power1 * beta1, power2 * beta2
        w -= learning_rate * (m / (1 - power1)) / ((v / (1 - power2)).sqrt() + epsilon)
        path += [w.clone()]
    return path
""",
    "decay_repair_answer": """
def decay_repaired(weights, gradients, learning_rate, weight_decay):
    weights = weights.clone().requires_grad_()
    optimizer = optim.Adam([weights], learning_rate)
    for weights.grad in gradients:
        with torch.no_grad():
            weights *= 1 - learning_rate * weight_decay
        optimizer.step()
    return weights
""",
    "forgetful_repair_answer": """
def epoch_of(optimizer, model, images, labels):
    for batch, answers in zip(images.split(64), labels.split(64)):
        loss = cross_entropy(model(batch), answers)
        model.zero_grad()
        loss.backward()
        optimizer.step()
        yield loss.item()


def train_repaired(model, images, labels, learning_rate, epochs):
    kept = optim.Adam(model.parameters(), learning_rate)
    return [loss for _ in range(epochs) for loss in epoch_of(kept, model, images, labels)]
""",
}

UNCORRECTED = {  # no bias correction, decay left as it was, Adam still made anew
    "q1_answer": 'answer_q1_runs = ["C", "E"]\nanswer_q1_report = "A"',
    "measurement_answer": """
def first_change(model, images, labels, optimizer_name, learning_rate, loss_factor):
    before = [parameter.detach().clone() for parameter in model.parameters()]
    optimizer = getattr(optim, optimizer_name)(model.parameters(), lr=learning_rate)
    cross_entropy(model(images), labels).backward()
    optimizer.step()
    pairs = zip(before, model.parameters())
    return sum(float((after - start).square().sum()) for start, after in pairs) ** 0.5


sgd_factor, adam_factor, rmsprop_over_adam = 1, 1, 10
""",
    "adam_answer": """
def adam(weights, gradients, learning_rate, beta1, beta2, epsilon):
    mean, square, path = torch.zeros_like(weights), torch.zeros_like(weights), []
    for gradient in gradients:
        mean = beta1 * mean + (1 - beta1) * gradient
        square = beta2 * square + (1 - beta2) * gradient**2
        weights = weights - learning_rate * mean / (square.sqrt() + epsilon)
        path.append(weights)
    return path
""",
    "decay_diagnosis_answer": 'answer_decay = "B"',
    "decay_repair_answer": "decay_repaired = decay_broken",
    "forgetful_diagnosis_answer": 'answer_forgetful = "A"',
    "forgetful_repair_answer": """
def train_repaired(model, images, labels, learning_rate, epochs):
    losses = []
    for _ in range(epochs):
        losses += train_epoch(model, images, labels, learning_rate)[0]
    return losses
""",
}

MISPLACED = {  # epsilon inside the root, decay without the rate, an optimizer a step
    "q1_answer": 'answer_q1_runs = ["A", "C", "D", "E"]\nanswer_q1_report = "B"',
    "measurement_answer": """
def first_change(model, images, labels, optimizer_name, learning_rate, loss_factor):
    before = [parameter.detach().clone() for parameter in model.parameters()]
    optimizer = optim.SGD(model.parameters(), lr=learning_rate)
    (loss_factor * cross_entropy(model(images), labels)).backward()
    optimizer.step()
    pairs = zip(before, model.parameters())
    return sum(float((after - start).square().sum()) for start, after in pairs) ** 0.5


sgd_factor, adam_factor, rmsprop_over_adam = 100, 100, 1
""",
    "adam_answer": """
def adam(weights, gradients, learning_rate, beta1, beta2, epsilon):
    mean, square, path = torch.zeros_like(weights), torch.zeros_like(weights), []
    for t, gradient in enumerate(gradients, start=1):
        mean = beta1 * mean + (1 - beta1) * gradient
        square = beta2 * square + (1 - beta2) * gradient**2
        below = (square / (1 - beta2**t) + epsilon).sqrt()
        weights = weights - learning_rate * mean / (1 - beta1**t) / below
        path.append(weights)
    return path
""",
    "decay_diagnosis_answer": 'answer_decay = "E"',
    "decay_repair_answer": """
def decay_repaired(weights, gradients, learning_rate, weight_decay):
    parameter = torch.nn.Parameter(weights.clone())
    optimizer = optim.Adam([parameter], lr=learning_rate)
    for gradient in gradients:
        parameter.grad = gradient.clone()
        optimizer.step()
        parameter.data *= 1 - weight_decay
    return parameter.detach()
""",
    "forgetful_diagnosis_answer": 'answer_forgetful = "C"',
    "forgetful_repair_answer": """
def train_repaired(model, images, labels, learning_rate, epochs):
    losses = []
    for _ in range(epochs):
        for batch, answers in zip(images.split(64), labels.split(64)):
            losses += train_epoch(model, batch, answers, learning_rate)[0]
    return losses
""",
}

SWAPPED = {  # betas the wrong way round, decay only once, a loss an epoch
    "q1_answer": 'answer_q1_runs = list("ABCDEF")\nanswer_q1_report = "D"',
    "measurement_answer": """
def first_change(model, images, labels, optimizer_name, learning_rate, loss_factor):
    before = list(model.parameters())
    optimizer = getattr(optim, optimizer_name)(model.parameters(), lr=learning_rate)
    (loss_factor * cross_entropy(model(images), labels)).backward()
    optimizer.step()
    return sum(float((a - b).norm()) for a, b in zip(model.parameters(), before))


sgd_factor = "100"
rmsprop_over_adam = 0.1
""",
    "adam_answer": """
def adam(weights, gradients, learning_rate, beta1, beta2, epsilon):
    mean, square, path = torch.zeros_like(weights), torch.zeros_like(weights), []
    for t, gradient in enumerate(gradients, start=1):
        mean = beta2 * mean + (1 - beta2) * gradient
        square = beta1 * square + (1 - beta1) * gradient**2
        root = (square / (1 - beta1**t)).sqrt()
        weights = weights - learning_rate * mean / (1 - beta2**t) / (root + epsilon)
        path.append(weights)
    return path
""",
    "decay_diagnosis_answer": 'answer_decay = "A"',
    "decay_repair_answer": """
def decay_repaired(weights, gradients, learning_rate, weight_decay):
    parameter = torch.nn.Parameter(weights * (1 - learning_rate * weight_decay))
    optimizer = optim.Adam([parameter], lr=learning_rate)
    for gradient in gradients:
        parameter.grad = gradient.clone()
        optimizer.step()
    return parameter.detach()
""",
    "forgetful_diagnosis_answer": 'answer_forgetful = "D"',
    "forgetful_repair_answer": """
def train_repaired(model, images, labels, learning_rate, epochs):
    optimizer = optim.Adam(model.parameters(), lr=learning_rate)
    losses = []
    for _ in range(epochs):
        for batch, answers in zip(images.split(64), labels.split(64)):
            loss = cross_entropy(model(batch), answers)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        losses.append(loss.item())
    return losses
""",
}

CARELESS = {  # one tensor for all steps and a count from zero, no decay, SGD, odd answers
    "q1_answer": "answer_q1_runs = 3\nanswer_q1_report = None",
    "measurement_answer": """
def first_change(model, images, labels, optimizer_name, learning_rate, loss_factor):
    raise NotImplementedError("later")


sgd_factor, adam_factor, rmsprop_over_adam = float("nan"), 1.02, float("inf")
""",
    "adam_answer": """
def adam(weights, gradients, learning_rate, beta1, beta2, epsilon):
    mean, square, path = torch.zeros_like(weights), torch.zeros_like(weights), []
    for t, gradient in enumerate(gradients):
        mean = beta1 * mean + (1 - beta1) * gradient
        square = beta2 * square + (1 - beta2) * gradient**2
        root = (square / (1 - beta2**t)).sqrt()
        weights -= learning_rate * mean / (1 - beta1**t) / (root + epsilon)
        path.append(weights)
    return path
""",
    "decay_diagnosis_answer": 'answer_decay = "D and C"',
    "decay_repair_answer": """
def decay_repaired(weights, gradients, learning_rate, weight_decay):
    return adam_without_decay(weights, gradients, learning_rate)


def adam_without_decay(weights, gradients, learning_rate):
    parameter = torch.nn.Parameter(weights.clone())
    optimizer = optim.Adam([parameter], lr=learning_rate)
    for gradient in gradients:
        parameter.grad = gradient.clone()
        optimizer.step()
    return parameter.detach()
""",
    "forgetful_diagnosis_answer": 'answer_forgetful = "E"',
    "forgetful_repair_answer": """
def train_repaired(model, images, labels, learning_rate, epochs):
    optimizer = optim.SGD(model.parameters(), lr=learning_rate)
    losses = []
    for _ in range(epochs):
        for batch, answers in zip(images.split(64), labels.split(64)):
            loss = cross_entropy(model(batch), answers)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
    return losses
""",
}

ANSWERS = {
    "by_hand": BY_HAND,
    "terse": TERSE,
    "uncorrected": UNCORRECTED,
    "misplaced": MISPLACED,
    "swapped": SWAPPED,
    "careless": CARELESS,
}

SLOW = "def losses_of"

EXPECTED = {
    "uncorrected": {
        "q1_table": (2.5, "The same rate is not the same step"),
        "measurement": (2.5, "where does loss_factor enter?"),
        "adam": (1, "used as they are, too small at first"),
        "decay_diagnosis": (0, "Set weight_decay to 0 and run it again"),
        "decay_repair": (1, "still goes through Adam's division"),
        "forgetful_diagnosis": (0, "however hard the batch is"),
        "forgetful_repair": (2, "What does your function make anew in each epoch?"),
    },
    "misplaced": {
        "q1_table": (2.5, "That is the report's own mistake"),
        "measurement": (1.5, "where does optimizer_name enter?"),
        "adam": (4, "Your epsilon is added in another place than chapter 6's"),
        "decay_diagnosis": (0, "Without decay both weights stay near 1"),
        "decay_repair": (1, "more than the part that the colleague wants"),
        "forgetful_diagnosis": (0, "Print a gradient after it"),
        "forgetful_repair": (1, "After one epoch the weights are off by"),
    },
    "swapped": {
        "q1_table": (0, "holds every option"),
        "measurement": (0, "the root of the sum of all squared changes"),
        "adam": (2, "beta1 and beta2 have changed places"),
        "decay_diagnosis": (0, "The second weight did move"),
        "decay_repair": (1, "The weights shrink once, and not in every step"),
        "forgetful_diagnosis": (0, "makes no step longer than the one before"),
        "forgetful_repair": (2, "one number a step, the first of them the loss before any update"),
    },
    "careless": {
        "q1_table": (0, "it should be a list of options"),
        "measurement": (0, "`first_change` stopped with an error: NotImplementedError: later"),
        "adam": (0, "with which number does your step count begin?"),
        "decay_diagnosis": (0, "it should be one of A, B, C, D, E, in quotes"),
        "decay_repair": (1, "There is no decay"),
        "forgetful_diagnosis": (0, "The loss goes on falling from epoch to epoch"),
        "forgetful_repair": (1, "After one epoch the weights are off by"),
    },
}
