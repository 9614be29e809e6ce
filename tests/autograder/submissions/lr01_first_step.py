"""The class of lr01_first_step."""

FULL = {
    "q1_meaning": 1,
    "q2_syntax": 3,
    "one_step": 5,
    "prediction": 1,
    "measurement": 4,
    "reading": 1,
    "q3_high_rate": 3,
    "q4_diagnosis": 1,
    "q4_repair": 3,
    "q5_next_steps": 3,
}

BY_HAND = {  # right, without an optimizer, and with other types than the master's
    "q1_answer": 'answer_q1 = " b "',
    "q2_answer": 'answer_q2 = ("d", "C", "A")',
    "one_step_answer": """
def one_step(model, images, labels, learning_rate):
    parameters = list(model.parameters())
    loss = torch.nn.CrossEntropyLoss()(model(images), labels)
    gradients = torch.autograd.grad(loss, parameters)
    with torch.no_grad():
        for parameter, gradient in zip(parameters, gradients):
            parameter.sub_(learning_rate * gradient)
        return loss, cross_entropy(model(images), labels)
""",
    "prediction_answer": "predicted_loss_factor, predicted_change_factor = 10, 3.5",
    "measurement_answer": """
def change_size(model, images, labels, learning_rate):
    loss = -model(images).log_softmax(1)[range(len(labels)), labels].mean()
    loss.backward()
    return learning_rate * sum(float((p.grad**2).sum()) for p in model.parameters()) ** 0.5


measured_loss_factor = 1
measured_change_factor = torch.tensor(10.0)
""",
    "q4_repair_answer": """
def train_repaired(model, images, labels, learning_rate, steps):
    print("training")
    optimizer, losses = optim.Adam(model.parameters(), lr=learning_rate), []
    while len(losses) < steps:
        loss = cross_entropy(model(images), labels)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        losses.append(loss.detach())
    return torch.stack(losses).tolist()
""",
}

TERSE = {  # right, written shorter, with helpers of its own
    "one_step_answer": """
def loss_of(model, images, labels):
    return cross_entropy(model(images), labels)


def one_step(model, images, labels, learning_rate):
    model.zero_grad()
    before = loss_of(model, images, labels)
    before.backward()
    optim.SGD(model.parameters(), learning_rate).step()
    return [before.item(), loss_of(model, images, labels).item()]
""",
    "measurement_answer": """
def change_size(model, images, labels, learning_rate):
    flat = torch.nn.utils.parameters_to_vector
    before = flat(model.parameters()).detach()
    one_step(model, images, labels, learning_rate)
    return (flat(model.parameters()) - before).norm()


def ratio(measure):
    high, low = (measure(fresh_model(), images, labels, rate) for rate in (0.1, 0.01))
    return high / low


measured_loss_factor = ratio(lambda *arguments: one_step(*arguments)[0])
measured_change_factor = ratio(change_size)
""",
    "q3_answer": """
answer_q3_half, answer_q3_cause = "b", "d"
answer_q3_flat = [2, 1e-2, 1e-3]
""",
    "q5_answer": 'answer_q5 = {"E", "A", "C"}',
}

EVERYDAY = {  # right, beside what notebooks do every day
    "measurement_answer": """
!mkdir -p runs
torch.save(fresh_model().state_dict(), "runs/start.pt")
!no-such-command
%ls runs
import matplotlib.pyplot as plt
from IPython.display import clear_output

for step in range(5):
    plt.plot([3, step])
    plt.show()
    clear_output(wait=step < 4)
for epoch in range(150):
    print(f"epoch {epoch}", flush=True)
print("the result: 0.981", flush=True)
plt.plot([3, 2, 1])
plt.show()
"""
    + BY_HAND["measurement_answer"],
    "q4_repair_answer": "!pip install -q no-such-package\n"
    + "from tqdm import tqdm\nfor step in tqdm(range(3_000), mininterval=0): pass\n"
    + BY_HAND["q4_repair_answer"],
}

MIXED_UP = {  # misconceptions, and the loss after the step taken from the wrong place
    "q1_answer": 'answer_q1 = "C"',
    "q2_answer": 'answer_q2 = ["A", "B"]',
    "one_step_answer": """
def one_step(model, images, labels, learning_rate):
    optimizer = optim.SGD(model.parameters(), lr=learning_rate)
    loss = cross_entropy(model(images), labels)
    loss.backward()
    optimizer.step()
    return loss.item(), loss.item()
""",
    "prediction_answer": 'predicted_loss_factor = "higher"\npredicted_change_factor = 100',
    "measurement_answer": """
def change_size(model, images, labels, learning_rate):
    before = [parameter for parameter in model.parameters()]
    one_step(model, images, labels, learning_rate)
    return sum(float((a - b).norm()) for a, b in zip(model.parameters(), before))


model = fresh_model()
low, high = (one_step(model, images, labels, rate)[0] for rate in (0.01, 0.1))
measured_loss_factor = high / low
measured_change_factor = 10
""",
    "reading_answer": 'answer_reading = "D"',
    "q3_answer": 'answer_q3_half = "C"\nanswer_q3_flat = [2.0, 0.5]\nanswer_q3_cause = "A"',
    "q4_diagnosis_answer": 'answer_q4 = "E"',
    "q4_repair_answer": """
def train_repaired(model, images, labels, learning_rate, steps):
    optimizer = optim.Adam(model.parameters(), lr=learning_rate)
    losses = []
    for _ in range(steps):
        loss = cross_entropy(model(images), labels)
        loss.backward()
        optimizer.zero_grad()
        optimizer.step()
        losses.append(loss.item())
    return losses
""",
    "q5_answer": 'answer_q5 = ["A", "D"]',
}

MISTAKEN = {  # other mistakes in the same cells
    "q1_answer": "answer_q1 = 2",
    "q2_answer": 'answer_q2 = ["A", "B", "C", "D", "E", "F"]',
    "one_step_answer": """
def one_step(model, images, labels, learning_rate):
    optimizer = optim.SGD(model.parameters(), lr=0.01)
    loss = cross_entropy(model(images), labels, reduction="sum")
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    after = cross_entropy(model(images), labels)
    return loss.item(), after.item()
""",
    "prediction_answer": "predicted_loss_factor = float('nan')",
    "measurement_answer": """
def change_size(model, images, labels, learning_rate):
    return sum(float((learning_rate * p).abs().sum()) for p in model.parameters())


measured_loss_factor = 0.1
""",
    "q3_answer": 'answer_q3_half = "D"\nanswer_q3_flat = []\nanswer_q3_cause = "D"',
    "q4_diagnosis_answer": 'answer_q4 = "B"',
    "q4_repair_answer": """
def train_repaired(model, images, labels, learning_rate, steps):
    optimizer = optim.Adam(model.parameters(), lr=learning_rate)
    losses = []
    for _ in range(steps):
        loss = cross_entropy(model(images), labels)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses
""",
    "q5_answer": 'answer_q5 = ["A", "C", "G"]',
}

UPHILL = {  # the sign is wrong; a function raises; a cell and a function never end
    "q2_answer": "while True:\n    pass",
    "one_step_answer": """
def one_step(model, images, labels, learning_rate):
    loss = cross_entropy(model(images), labels)
    gradients = torch.autograd.grad(loss, list(model.parameters()))
    with torch.no_grad():
        for parameter, gradient in zip(model.parameters(), gradients):
            parameter += learning_rate * gradient
        return loss.item(), cross_entropy(model(images), labels).item()
""",
    "measurement_answer": """
def change_size(model, images, labels, learning_rate):
    while learning_rate != 0.01:
        pass
    return 1.0


measured_loss_factor = 1.0
measured_change_factor = 10.0
""",
    "q4_repair_answer": """
def train_repaired(model, images, labels, learning_rate, steps):
    raise ValueError("not finished")
""",
    "reading_answer": "answer_reading = unknown_name",
}

BREAKING = {  # a cell that ends its process, a function that does so when the judge calls it
    "q1_answer": "import os\n\nos._exit(3)",
    "one_step_answer": """
def one_step(model, images, labels, learning_rate):
    if len(images) == 64 and learning_rate != 0.01:
        __import__("os")._exit(3)
    return 1.0, 1.0
""",
    "measurement_answer": "measured_loss_factor = one_step",
}

REUSED = {  # all right, and then a scratch pad that spoils what the answers above it use
    "q5_answer": """
answer_q5 = ["A", "C", "E"]

import os

optim = optim.SGD(fresh_model().parameters(), lr=0.1)
torch.set_grad_enabled(False)
torch.nn.functional.cross_entropy = cross_entropy = None
torch.Tensor.backward = lambda self: None
one_step = change_size = train_repaired = 3
answer_q1, answer_reading = "A", "A"
os.chdir("/tmp")
""",
}

PROBE = {"q1_answer": 'answer_q1 = "B"'}  # and deletes cells; see conftest.py

ANSWERS = {
    "by_hand": BY_HAND,
    "terse": TERSE,
    "everyday": EVERYDAY,
    "mixed_up": MIXED_UP,
    "mistaken": MISTAKEN,
    "uphill": UPHILL,
    "breaking": BREAKING,
    "reused": REUSED,
    "probe": PROBE,
}

SLOW = "def losses_at"

EXPECTED = {
    "mixed_up": {
        "q1_meaning": (0, "A larger step is not faster learning"),
        "q2_syntax": (1.5, "This is text, not a number"),
        "one_step": (3, "`.grad` still held old gradients"),
        "prediction": (0.5, "it should be one number"),
        "measurement": (1, "need a fresh model with the same weights"),
        "reading": (0, "and so the same gradient"),
        "q3_high_rate": (0.4, "no single cause holds for both"),
        "q4_diagnosis": (0, "An order needs two calls"),
        "q4_repair": (1, "The weights did not change: print a gradient"),
        "q5_next_steps": (1.5, "A lower rate is one hypothesis"),
    },
    "mistaken": {
        "q1_meaning": (0, "`answer_q1` is 2; it should be one of A, B, C, D, E, in quotes"),
        "q2_syntax": (0, "holds every option"),
        "one_step": (2, "It is summed over the batch"),
        "prediction": (0, "`predicted_change_factor` does not exist"),
        "measurement": (0, "the root of the sum of all squared changes"),
        "q3_high_rate": (1, "`answer_q3_flat` has no answer yet"),
        "q4_diagnosis": (0, "it lies between two backward calls"),
        "q4_repair": (2, "each from cleared gradients"),
        "q5_next_steps": (0, "it should be a list of options"),
    },
    "uphill": {
        "q2_syntax": (0, "`answer_q2` does not exist after your notebook has run"),
        "one_step": (2, "Your weights moved up the gradient"),
        "measurement": (2, "Your function took more than 5 s and was stopped."),
        "q4_repair": (0, "`train_repaired` stopped with an error: ValueError: not finished"),
        "reading": (0, "`answer_reading` does not exist after your notebook has run"),
    },
    "breaking": {
        "q1_meaning": (0, "`answer_q1` does not exist after your notebook has run"),
        "one_step": (0, "Your code ended its Python process."),
        "measurement": (0, "`change_size` does not exist after your notebook has run"),
    },
}
