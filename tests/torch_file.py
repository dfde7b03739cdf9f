"""Makes `tests/data/onnx`: a network as PyTorch exports it by default, in two files, and what it computes. Run by hand:

python -m venv /tmp/torch && /tmp/torch/bin/pip install torch==2.14.1 onnx==1.23.2 onnxscript==0.7.2
/tmp/torch/bin/python tests/torch_file.py
"""

from pathlib import Path

import numpy as np
import torch
from torch import nn

FOLDER = Path(__file__).parent / "data" / "onnx"


def network():
    """Return a small classifier with what exporters treat specially: batch norm, reflected padding, SiLU, Flatten."""
    return nn.Sequential(
        nn.Conv2d(3, 8, 3, stride=2, padding=1, bias=False),
        nn.BatchNorm2d(8),
        nn.SiLU(),
        nn.ReflectionPad2d(1),
        nn.Conv2d(8, 8, 3, groups=8),
        nn.Hardswish(),
        nn.Conv2d(8, 12, 1),
        nn.GELU(),
        nn.MaxPool2d(3, 2, 1, ceil_mode=True),
        nn.Upsample(scale_factor=2, mode="bilinear"),
        nn.PReLU(12),
        nn.AdaptiveAvgPool2d(1),
        nn.Flatten(),
        nn.Linear(12, 5),
        nn.Softmax(1),
    ).eval()


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(1)
    model = network()
    with torch.no_grad():
        model[1].running_mean.uniform_(-1, 1)
        model[1].running_var.uniform_(0.5, 2)
        x = torch.randn(1, 3, 21, 18)
        torch.onnx.export(model, (x,), FOLDER / "two_files.onnx", dynamo=True, external_data=True)
        np.savez_compressed(FOLDER / "two_files.npz", x=x[0].numpy(), y=model(x)[0].numpy())
