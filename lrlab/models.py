"""The two networks of the course, written out as a reader would write them.

Both return logits (unnormalised scores); the softmax is inside the loss, ``cross_entropy``.
Weights start from PyTorch's own defaults, so ``torch.manual_seed`` before the call decides them.
"""

import torch
from torch import nn


class SimpleCNN(nn.Module):
    """The MNIST network: one convolution, one hidden layer, 72,820 parameters.

    Input [n, 1, 28, 28], float32 in [0, 1]; output logits [n, 10].
    """

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(1, 10, kernel_size=5)  # 28 -> 24 pixels a side
        self.pool = nn.MaxPool2d(2)  # 24 -> 12
        self.fc1 = nn.Linear(10 * 12 * 12, 50)
        self.fc2 = nn.Linear(50, 10)

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        features = self.pool(torch.relu(self.conv1(images)))
        hidden = torch.relu(self.fc1(features.flatten(1)))
        return self.fc2(hidden)


class CifarCNN(nn.Module):
    """The CIFAR-10 network: three convolutions, 122,570 parameters, no normalisation layers.

    Input [n, 3, 32, 32], float32 in [0, 1]; output logits [n, 10].
    """

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(3, 32, kernel_size=3)  # 32 -> 30, pooled to 15
        self.conv2 = nn.Conv2d(32, 64, kernel_size=3)  # 15 -> 13, pooled to 6
        self.conv3 = nn.Conv2d(64, 64, kernel_size=3)  # 6 -> 4
        self.pool = nn.MaxPool2d(2)
        self.fc1 = nn.Linear(64 * 4 * 4, 64)
        self.fc2 = nn.Linear(64, 10)

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        # The largest of four numbers, then cut at zero: the same as cut first, for a quarter of the
        # work, and the same gradients too.
        features = torch.relu(self.pool(self.conv1(images)))
        features = torch.relu(self.pool(self.conv2(features)))
        features = torch.relu(self.conv3(features))
        hidden = torch.relu(self.fc1(features.flatten(1)))
        return self.fc2(hidden)


def count_parameters(model: nn.Module) -> int:
    """Return how many numbers an optimizer may change in ``model``."""
    return sum(parameter.numel() for parameter in model.parameters() if parameter.requires_grad)
