"""The answers to the questions about chapter 8 once more, by other means."""

import math

NUMBERS = {
    "step_decay_rate": lambda rate, step_size, gamma, epoch: (
        rate * gamma ** math.floor(epoch / step_size)
    ),
    "multi_step_rate": lambda rate, milestones, gamma, epoch: (
        rate * math.prod(gamma for each in milestones if each <= epoch)
    ),
    "cosine_rate": lambda rate, step: rate * math.cos(math.pi * step / 400) ** 2,
    "exponential_gamma": lambda start, end, epochs: math.exp(math.log(end / start) / epochs),
    "per_batch_stepping": lambda rate, batches, step_size, gamma: (
        rate * gamma ** math.floor(batches / step_size)
    ),
    "warmup_rate": lambda peak, warmup_steps, step: peak / warmup_steps * (step + 1),
}
