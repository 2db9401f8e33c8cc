"""Trains and asks the same network in PyTorch and prints what it took as JSON: FOLDER NAME THREADS STEPS.

With 0 steps it writes the gradients at the start instead, in double and in single precision, in the order of ours.
"""
import json
import resource
import statistics
import sys
import time

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

folder, name = sys.argv[1:3]
threads, steps = map(int, sys.argv[3:5])
torch.set_num_threads(threads)


class Last(nn.Module):
    """Recurrent layers, of which the last step goes on."""

    def __init__(self, features, units, layers, outputs):
        super().__init__()
        self.lstm = nn.LSTM(features, units, num_layers=layers, batch_first=True)
        self.head = nn.Linear(units, outputs)
        # Ours has one bias; the second stays 0.
        for key, value in self.lstm.named_parameters():
            if key.startswith("bias_hh"):
                nn.init.zeros_(value)
                value.requires_grad_(False)

    def forward(self, x):
        return self.head(self.lstm(x)[0][:, -1])


class Transformer(nn.Module):
    def __init__(self):
        super().__init__()
        self.inner = nn.Linear(16, 128)
        self.places = nn.Parameter(torch.zeros(32, 128))
        self.blocks = nn.ModuleList(
            nn.TransformerEncoderLayer(128, 4, 512, dropout=0, activation="relu", batch_first=True, norm_first=True)
            for _ in range(4)
        )
        self.norm = nn.LayerNorm(128)
        self.head = nn.Linear(128, 28)

    def forward(self, x):
        x = self.inner(x) + self.places
        for block in self.blocks:
            x = block(x)
        return self.head(self.norm(x).mean(1))


class Convolutions(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleList(nn.Conv1d(i, 64, 3, dilation=d) for i, d in ((16, 1), (64, 2), (64, 4)))
        self.head = nn.Linear(64, 1)

    def forward(self, x):
        x = x.transpose(1, 2)
        for layer in self.layers:
            x = F.relu(layer(F.pad(x, (2 * layer.dilation[0], 0))))
        return self.head(x.transpose(1, 2))


def mlp():
    widths = [64, 512, 512, 512, 512]
    layers = [part for a, b in zip(widths, widths[1:]) for part in (nn.Linear(a, b), nn.ReLU())]
    return nn.Sequential(*layers, nn.Linear(512, 28))


def turned(parameter):
    """A matrix that we hold the other way round."""
    return parameter, lambda ours: ours.T, lambda theirs: theirs.T


def same(parameter):
    return parameter, lambda ours: ours, lambda theirs: theirs


def gates(parameter):
    """Gates i, f, o, g in the last axis of ours; i, f, g, o in the first of theirs."""

    def swap(x):
        i, f, c, d = np.split(x, 4, axis=0)
        return np.concatenate([i, f, d, c], axis=0)

    return parameter, lambda ours: swap(ours.T), lambda theirs: swap(theirs).T


def taps(parameter):
    """[kernel · in, out] of ours as [out, in, kernel]."""
    units, features, kernel = parameter.shape
    return (
        parameter,
        lambda ours: ours.reshape(kernel, features, units).transpose(2, 1, 0),
        lambda theirs: theirs.transpose(2, 1, 0).reshape(kernel * features, units),
    )


def linear(layer):
    return [turned(layer.weight), same(layer.bias)]


def lstm(layer, k):
    return [gates(getattr(layer, f"{key}_l{k}")) for key in ("weight_ih", "weight_hh", "bias_ih")]


def block(own):
    attention = own.self_attn
    return [
        *(same(p) for p in own.norm1.parameters()),
        turned(attention.in_proj_weight),
        same(attention.in_proj_bias),
        *linear(attention.out_proj),
        *(same(p) for p in own.norm2.parameters()),
        *linear(own.linear1),
        *linear(own.linear2),
    ]


def build():
    """The network, and its parameters in the order of ours."""
    if name == "lstm-50-twice":
        net = Last(1, 50, 2, 1)
        return net, [*lstm(net.lstm, 0), *lstm(net.lstm, 1), *linear(net.head)]
    if name == "lstm-64-global":
        net = Last(16, 64, 1, 28)
        return net, [*lstm(net.lstm, 0), *linear(net.head)]
    if name == "mlp":
        net = mlp()
        return net, [pair for layer in net if isinstance(layer, nn.Linear) for pair in linear(layer)]
    if name == "transformer":
        net = Transformer()
        blocks = [pair for own in net.blocks for pair in block(own)]
        norm = [same(p) for p in net.norm.parameters()]
        return net, [*linear(net.inner), same(net.places), *blocks, *norm, *linear(net.head)]
    net = Convolutions()
    convolutions = [pair for layer in net.layers for pair in (taps(layer.weight), same(layer.bias))]
    return net, [*convolutions, *linear(net.head)]


with open(f"{folder}/shapes.json") as file:
    shapes = json.load(file)
theta = np.fromfile(f"{folder}/theta.bin", dtype=np.float32)


def loaded(kind):
    net, pairs = build()
    net = net.to(kind)
    at = 0
    for (parameter, to_theirs, _), shape in zip(pairs, shapes["parameters"], strict=True):
        size = int(np.prod(shape))
        values = np.ascontiguousarray(to_theirs(theta[at : at + size].reshape(shape)))
        parameter.data.copy_(torch.from_numpy(values).to(kind))
        at += size
    return net, pairs


def data(kind):
    return [
        torch.from_numpy(np.fromfile(f"{folder}/{key}.bin", dtype=np.float32).reshape(shapes[key])).to(kind)
        for key in ("x", "y")
    ]


def gradient(kind):
    net, pairs = loaded(kind)
    x, y = data(kind)
    F.mse_loss(net(x), y).backward()
    return np.concatenate([to_ours(p.grad.numpy()).ravel() for p, _, to_ours in pairs]).astype(np.float64)


def clock():
    return time.perf_counter(), time.process_time()


def measure():
    net, _ = loaded(torch.float32)
    x, y = data(torch.float32)
    optimiser = torch.optim.Adam([p for p in net.parameters() if p.requires_grad], lr=1e-3)
    losses = []
    took = []
    for _ in range(steps):
        began = clock()
        optimiser.zero_grad()
        loss = F.mse_loss(net(x), y)
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
        took.append([b - a for a, b in zip(began, clock())])
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    asked = []
    net.eval()
    with torch.inference_mode():
        for _ in range(steps):
            began = clock()
            net(x)
            asked.append([b - a for a, b in zip(began, clock())])

    def of(times, which):
        return 1000 * statistics.median(time[which] for time in times[2:])

    print(
        json.dumps(
            {
                "step_cpu": of(took, 1),
                "step_wall": of(took, 0),
                "predict_cpu": of(asked, 1),
                "predict_wall": of(asked, 0),
                "peak_mb": peak,
                "losses": losses[:10],
            }
        )
    )


if steps == 0:
    for kind, label in ((torch.float64, "double"), (torch.float32, "single")):
        gradient(kind).tofile(f"{folder}/gradient_{label}.bin")
else:
    measure()
