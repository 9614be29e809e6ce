"""The four-step look-up, the shapes, and what a wrong or damaged data root says."""

from pathlib import Path

import numpy as np
import pytest
import torch
from torchvision.transforms.functional import to_tensor

from lrlab import data, roots
from lrlab.standin import make_standin


def write_idx(path, array):
    header = bytes([0, 0, 8, array.ndim]) + b"".join(
        int(size).to_bytes(4, "big") for size in array.shape
    )
    path.write_bytes(header + array.tobytes())


def make_mnist_root(root, train=60_000, test=10_000):
    raw = root / "MNIST" / "raw"
    raw.mkdir(parents=True)
    for prefix, count in (("train", train), ("t10k", test)):
        write_idx(raw / f"{prefix}-images-idx3-ubyte", np.zeros((count, 28, 28), np.uint8))
        write_idx(
            raw / f"{prefix}-labels-idx1-ubyte",
            np.arange(count, dtype=np.int64).astype(np.uint8) % 10,
        )
    return root


def test_the_wheel_carries_a_real_mnist_subset(no_other_data, capsys):
    train, test = data.mnist()
    assert train.images.shape == (6000, 1, 28, 28) and test.images.shape == (1000, 1, 28, 28)
    assert train.images.dtype == torch.float32 and train.labels.dtype == torch.int64
    assert 0 <= train.images.min() and train.images.max() == 1
    # MNIST's published mean is 0.1307 and its first five labels are 5 0 4 1 9.
    assert train.images.mean().item() == pytest.approx(0.1307, abs=0.002)
    assert train.labels[:5].tolist() == [5, 0, 4, 1, 9]
    assert train.caption == "MNIST subset, 6,000 images"
    assert "MNIST subset" in capsys.readouterr().out
    data.mnist()
    assert capsys.readouterr().out == "", "what is in use is said once"


def test_the_digits_of_a_page_are_the_first_of_the_subset_in_sixteen_greys(no_other_data):
    assert {len(part.images.unique()) for part in data.mnist_in_page()} == {16}
    for few, all_of_them in zip(data.mnist_in_page(), data.mnist(), strict=True):
        same = all_of_them.first(len(few))
        assert (few.images - same.images).abs().max() <= 0.5 / 15 + 1e-6
        assert torch.equal(few.labels, same.labels)


def test_the_cifar_stand_in_has_the_shape_and_never_the_name(no_other_data):
    train, test = data.cifar10()
    assert train.images.shape == (5000, 3, 32, 32) and test.images.shape == (1000, 3, 32, 32)
    assert set(train.labels.tolist()) == set(range(10))
    assert "CIFAR-10" not in train.caption and "stand-in" in train.caption
    again = make_standin()[0][0]
    assert torch.equal(
        (train.images * 255).round().byte().permute(0, 1, 2, 3), torch.from_numpy(again)
    )


def test_pixels_are_what_torchvision_makes_of_them(no_other_data, tmp_path, monkeypatch):
    pixels = np.random.default_rng(0).integers(0, 256, (20, 32, 32, 3), dtype=np.uint8)
    labels = np.arange(20, dtype=np.uint8) % 10
    np.savez(tmp_path / "cifar10.npz", x_train=pixels, y_train=labels, x_test=pixels, y_test=labels)
    monkeypatch.setenv("LRLAB_DATA", str(tmp_path))
    train, _ = data.cifar10()
    assert torch.equal(train.images[7], to_tensor(pixels[7]))
    assert train.name == "CIFAR-10 (JPEG copy)"


def test_the_data_root_comes_before_the_cache_and_the_cache_before_the_wheel(
    no_other_data, tmp_path, monkeypatch
):
    make_mnist_root(no_other_data)
    assert data.mnist()[0].source == str(no_other_data)
    data.mnist.cache_clear()
    monkeypatch.setenv("LRLAB_DATA", str(make_mnist_root(tmp_path / "mine")))
    train, test = data.mnist()
    assert train.source == str(tmp_path / "mine") and train.name == "MNIST"
    assert (len(train), len(test)) == (60_000, 10_000)


def test_a_root_with_only_the_other_data_set_falls_through(no_other_data, tmp_path, monkeypatch):
    monkeypatch.setenv("LRLAB_DATA", str(make_mnist_root(tmp_path / "mine")))
    assert "stand-in" in data.cifar10()[0].name


@pytest.mark.parametrize("kind", ["missing", "file", "empty"])
def test_a_wrong_root_is_named_in_one_line(no_other_data, tmp_path, monkeypatch, kind):
    root = tmp_path / kind
    if kind == "file":
        root.write_text("")
    elif kind == "empty":
        root.mkdir()
    monkeypatch.setenv("LRLAB_DATA", str(root))
    with pytest.raises(data.DataError, match="LRLAB_DATA=.*unset it") as caught:
        data.mnist()
    assert "\n" not in str(caught.value) and str(root) in str(caught.value)


@pytest.mark.parametrize(
    "damage",
    [
        lambda raw: (raw / "train-images-idx3-ubyte").unlink(),
        lambda raw: (raw / "train-images-idx3-ubyte").write_bytes(b"no images"),
        lambda raw: (raw / "t10k-labels-idx1-ubyte").write_bytes(
            (raw / "t10k-labels-idx1-ubyte").read_bytes()[:500]
        ),
        lambda raw: write_idx(raw / "train-labels-idx1-ubyte", np.zeros(50_000, np.uint8)),
    ],
    ids=["missing", "not IDX", "cut short", "wrong count"],
)
def test_a_damaged_mnist_file_is_named(no_other_data, tmp_path, monkeypatch, damage):
    root = make_mnist_root(tmp_path / "mine")
    damage(root / "MNIST" / "raw")
    monkeypatch.setenv("LRLAB_DATA", str(root))
    with pytest.raises(data.DataError, match="ubyte is missing or damaged .* again") as caught:
        data.mnist()
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("kind", ["not a zip", "no arrays", "pickled", "labels too large"])
def test_a_damaged_cifar_file_is_named_and_never_unpickled(
    no_other_data, tmp_path, monkeypatch, kind
):
    path = tmp_path / "cifar10.npz"
    pixels, labels = np.zeros((2, 32, 32, 3), np.uint8), np.array([0, 1], np.uint8)
    if kind == "not a zip":
        path.write_bytes(b"\x00" * 100)
    elif kind == "no arrays":
        np.savez(path, x_train=pixels)
    elif kind == "pickled":
        np.savez(path, x_train=np.array([{}], object), y_train=labels, x_test=pixels, y_test=labels)
    else:
        np.savez(path, x_train=pixels, y_train=labels + 9, x_test=pixels, y_test=labels)
    monkeypatch.setenv("LRLAB_DATA", str(tmp_path))
    with pytest.raises(data.DataError, match="cifar10.npz is missing or damaged"):
        data.cifar10()


def test_a_damaged_official_cifar_folder_is_named(no_other_data, tmp_path, monkeypatch):
    (tmp_path / "cifar-10-batches-py").mkdir()
    monkeypatch.setenv("LRLAB_DATA", str(tmp_path))
    with pytest.raises(data.DataError, match="cifar-10-batches-py is missing or damaged"):
        data.cifar10()


def test_digest_tells_data_apart_and_first_takes_a_part(no_other_data):
    train, test = data.mnist()
    assert train.digest.startswith("sha256:") and train.digest != test.digest
    assert train.first(1000).digest == train.first(1000).digest != train.digest
    assert len(train.first(1000)) == 1000
    with pytest.raises(data.DataError, match="1 to 6000"):
        train.first(6001)


def test_download_goes_through_torchvision_into_the_shared_cache(no_other_data, monkeypatch):
    import torchvision

    asked = []

    def fake_download(root, download):
        asked.append((root, download))
        make_mnist_root(root)

    monkeypatch.setattr(torchvision.datasets, "MNIST", fake_download)
    assert data.mnist()[0].name == "MNIST subset" and asked == [], "never without being asked"
    train, _ = data.mnist(download=True)
    assert asked == [(no_other_data, True)]
    assert train.name == "MNIST" and train.source == str(no_other_data)


@pytest.mark.parametrize("named", [{}, {"XDG_CACHE_HOME": "/c"}, {"TORCH_HOME": "~/t"}])
def test_the_cache_is_where_torch_and_torchvision_keep_theirs(monkeypatch, named):
    for name in ("TORCH_HOME", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    for name, folder in named.items():
        monkeypatch.setenv(name, folder)
    assert roots.torchvision_cache() == Path(torch.hub.get_dir()).parent / "datasets"
