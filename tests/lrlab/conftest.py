"""The core's tests use the data in the wheel, whatever this machine has."""

import pytest

from lrlab import data


@pytest.fixture
def no_other_data(monkeypatch, tmp_path):
    """Hide every data root of this machine; return the (empty) torchvision cache folder."""
    monkeypatch.delenv("LRLAB_DATA", raising=False)
    monkeypatch.setenv("TORCH_HOME", str(tmp_path / "torch"))
    data.mnist.cache_clear()
    data.cifar10.cache_clear()
    yield tmp_path / "torch" / "datasets"
    data.mnist.cache_clear()
    data.cifar10.cache_clear()
