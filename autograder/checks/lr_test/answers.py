"""The answer of a drawn question, computed by PyTorch or lrlab: what all chapters have in common.

``chapter_NN`` has one public function a question about that chapter, named like it. It takes the
numbers that were drawn. It returns the name of the right option, or a number with the values that
known mistakes lead to; ``chapter_NN.yml`` says of each mistake, or option, what it means.
"""

import torch

Number = tuple[float, dict[str, float]]


def first_change(optimizer: str, weight: float, gradient: float, **settings: float) -> float:
    """Return by how much the first step of a torch optimizer changes a weight."""
    parameter = torch.tensor([weight], dtype=torch.float64, requires_grad=True)
    parameter.grad = torch.tensor([gradient], dtype=torch.float64)
    getattr(torch.optim, optimizer)([parameter], **settings).step()
    return parameter.item() - weight


def only(names: list[str]) -> str:
    """Return the one name there is: a question with none or several right options is wrong."""
    (name,) = names
    return name
