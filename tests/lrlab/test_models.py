"""The two architectures, layer by layer, against an independent description of them."""

import pytest
import torch
from torch import nn

from lrlab.models import CifarCNN, SimpleCNN, count_parameters


@pytest.mark.parametrize(
    ("model", "shape", "parameters"),
    [(SimpleCNN, (1, 28, 28), 72_820), (CifarCNN, (3, 32, 32), 122_570)],
)
def test_shapes_and_exact_parameter_count(model, shape, parameters):
    assert count_parameters(model()) == parameters
    assert model()(torch.rand(5, *shape)).shape == (5, 10)


def test_simple_cnn_equals_its_sequential_form():
    model = SimpleCNN()
    oracle = nn.Sequential(
        model.conv1, nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), model.fc1, nn.ReLU(), model.fc2
    )
    images = torch.rand(4, 1, 28, 28)
    assert torch.allclose(model(images), oracle(images))


def test_cifar_cnn_equals_its_sequential_form():
    model = CifarCNN()
    oracle = nn.Sequential(
        *(model.conv1, nn.ReLU(), nn.MaxPool2d(2)),
        *(model.conv2, nn.ReLU(), nn.MaxPool2d(2)),
        *(model.conv3, nn.ReLU(), nn.Flatten()),
        *(model.fc1, nn.ReLU(), model.fc2),
    )
    images = torch.rand(4, 3, 32, 32)
    assert torch.allclose(model(images), oracle(images))


def test_frozen_parameters_are_not_counted():
    model = SimpleCNN()
    model.conv1.requires_grad_(False)
    assert count_parameters(model) == 72_820 - 260
