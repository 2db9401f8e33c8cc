"""Writes network.golden.json: values and gradients of layers and losses from PyTorch in double precision.

python3 test/golden/make-network.py (python3-torch; 1.13 on Debian 12)
"""
import json
import os

import torch
from torch import distributions, nn
from torch.nn import functional as F

torch.manual_seed(7)
torch.set_default_dtype(torch.float64)



def gates(x):
    """Gates i, f, g, o as i, f, o, g, and back."""
    i, f, g, o = torch.split(x, x.shape[0] // 4)
    return torch.cat([i, f, o, g])


def linear(layer):
    return [(layer.weight, lambda x: x.T), (layer.bias, lambda x: x)]


def plain(layer):
    return [(parameter, lambda x: x) for parameter in layer.parameters()]


def recurrent(layer, biases, order=lambda x: x):
    """Matrices turned, biases as they are; ours has one where the second adds nothing to what it can say."""
    if biases == 1:
        nn.init.zeros_(layer.bias_hh_l0)
    names = ["weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0"][: 2 + biases]
    return [(getattr(layer, name), lambda x: order(x).T if x.dim() == 2 else order(x)) for name in names]


class Mixer(nn.Module):
    def __init__(self, steps, features, inner):
        super().__init__()
        self.norm, self.norm_2 = nn.LayerNorm(features), nn.LayerNorm(features)
        self.time, self.inner, self.outer = nn.Linear(steps, steps), nn.Linear(features, inner), nn.Linear(inner, features)

    def forward(self, x):
        x = x + F.relu(self.time(self.norm(x).transpose(1, 2))).transpose(1, 2)
        return x + self.outer(F.relu(self.inner(self.norm_2(x))))


class GatedResidual(nn.Module):
    """Lim et al. (2021), the two dense layers with nothing between them taken as one."""

    def __init__(self, inputs, units, inner, context=0):
        super().__init__()
        self.inner = nn.Linear(inputs, inner)
        self.context = nn.Linear(context, inner, bias=False) if context else None
        self.skip = nn.Linear(inputs, units) if inputs != units else None
        self.gated = nn.Linear(inner, 2 * units)
        self.norm = nn.LayerNorm(units)

    def forward(self, x, told=None):
        wide = self.inner(x)
        if self.context:
            wide = wide + self.context(told)[:, None, :]
        gate, value = self.gated(F.elu(wide)).chunk(2, -1)
        kept = self.skip(x) if self.skip else x
        return self.norm(kept + torch.sigmoid(gate) * value)

    def parts(self):
        return [
            *linear(self.inner),
            *([(self.context.weight, lambda x: x.T)] if self.context else []),
            *(linear(self.skip) if self.skip else []),
            *linear(self.gated),
            *plain(self.norm),
        ]


def block(own):
    attention = own.self_attn
    return [
        *plain(own.norm1),
        (attention.in_proj_weight, lambda x: x.T),
        (attention.in_proj_bias, lambda x: x),
        *linear(attention.out_proj),
        *plain(own.norm2),
        *linear(own.linear1),
        *linear(own.linear2),
    ]


def scattered(layer):
    """Starts that are 0 or 1 everywhere would hide what they are multiplied by."""
    for parameter in layer.parameters():
        parameter.data += 0.3 * torch.randn_like(parameter)
    return layer


def families():
    first, second = nn.Linear(3, 5), nn.Linear(5, 2)
    yield "dense", (4, 3), lambda x: second(F.gelu(first(x))), [*linear(first), *linear(second)]
    rnn, gru, lstm = (kind(3, 4, batch_first=True) for kind in (nn.RNN, nn.GRU, nn.LSTM))
    yield "rnn", (2, 5, 3), lambda x: rnn(x)[0][:, -1], recurrent(rnn, 1)
    yield "gru", (2, 5, 3), lambda x: gru(x)[0], recurrent(gru, 2)
    yield "lstm", (2, 5, 3), lambda x: lstm(x)[0], recurrent(lstm, 1, gates)
    convolution = nn.Conv1d(3, 4, 3, dilation=2)
    yield (
        "convolution",
        (2, 7, 3),
        lambda x: F.relu(convolution(F.pad(x.transpose(1, 2), (4, 0)))).transpose(1, 2),
        [(convolution.weight, lambda x: x.permute(2, 1, 0).reshape(9, 4)), (convolution.bias, lambda x: x)],
    )
    attending = scattered(nn.TransformerEncoderLayer(8, 2, 12, dropout=0, batch_first=True, norm_first=True))
    yield "block of attention", (2, 5, 8), attending, block(attending)
    mixer = scattered(Mixer(5, 4, 6))
    parts = [*plain(mixer.norm), *linear(mixer.time), *plain(mixer.norm_2), *linear(mixer.inner), *linear(mixer.outer)]
    yield "mixer", (2, 5, 4), mixer, parts
    norm = scattered(nn.LayerNorm(5))
    yield "layer norm", (3, 5), norm, plain(norm)
    batch_norm = scattered(nn.BatchNorm1d(4))
    yield "batch norm", (6, 4), batch_norm, plain(batch_norm)
    table = nn.Embedding(5, 3)
    yield "embedding", None, table, plain(table)


def fusion():
    """Parts of the Temporal Fusion Transformer, drawn after all others, so that those stay as they are."""
    told = scattered(GatedResidual(4, 3, 5, context=4))
    yield "gated residual", (2, 3, 4), lambda x: told(x, x[:, 0]), told.parts()
    shares, *readers = map(scattered, [GatedResidual(5, 3, 4), *(GatedResidual(size, 4, 4) for size in (1, 2, 2))])

    def selected(x):
        rows = [own(part) for own, part in zip(readers, torch.split(x, (1, 2, 2), -1))]
        return sum(share * row for share, row in zip(F.softmax(shares(x), -1).split(1, -1), rows))

    parts = [part for own in (shares, *readers) for part in own.parts()]
    yield "variable selection", (2, 3, 5), selected, parts
    question, key_answer, out = nn.Linear(4, 4), nn.Linear(4, 6), nn.Linear(2, 4, bias=False)

    def attended(x):
        keys, answer = key_answer(x).split((4, 2), -1)
        later = torch.ones(2, 5).triu(4) > 0
        weights = [
            F.softmax((q @ k.transpose(1, 2) / 2**0.5).masked_fill(later, float("-inf")), -1)
            for q, k in zip(question(x[:, 3:]).split(2, -1), keys.split(2, -1))
        ]
        return out(sum(weights) / 2 @ answer)

    yield (
        "interpretable attention",
        (2, 5, 4),
        attended,
        [*linear(question), *linear(key_answer), (out.weight, lambda x: x.T)],
    )
    encoder, decoder = (nn.LSTM(3, 4, batch_first=True) for _ in range(2))
    goes_on = lambda x: decoder(x[:, 3:], encoder(x[:, :3])[1])[0]
    yield "lstm from another", (2, 5, 3), goes_on, [*recurrent(encoder, 1, gates), *recurrent(decoder, 1, gates)]


def numbers(x):
    return [float(f"{value:.12g}") for value in x.detach().reshape(-1)]


def layers(families):
    out = {}
    for name, shape, network, parameters in families:
        x = torch.tensor([[2, 0, 4], [2, 1, 2]]) if shape is None else torch.randn(shape, requires_grad=True)
        result = network(x)
        weights = torch.randn_like(result)
        (result * weights).sum().backward()
        out[name] = {
            "shape": list(x.shape),
            "x": numbers(x),
            "theta": [v for p, ours in parameters for v in numbers(ours(p))],
            "weights": numbers(weights),
            "out": numbers(result),
            "gradient": [v for p, ours in parameters for v in numbers(ours(p.grad))],
            "dx": [] if shape is None else numbers(x.grad),
        }
    return out


def draw(low, high, shape=(6,)):
    return low + (high - low) * torch.rand(shape)


def losses():
    """Inputs, the first of which is what is observed, and the loss of each."""
    counts = torch.tensor([0.0, 1, 3, 0, 12, 5])
    probabilities = torch.tensor([0.1, 0.5, 0.9])
    shares = F.one_hot(torch.tensor([0, 2, 1, 2]), 3).double()
    normal = lambda y, mean, deviation: -distributions.Normal(mean, deviation).log_prob(y)
    student = lambda y, nu, place, scale: -distributions.StudentT(nu, place, scale).log_prob(y)
    counted = lambda y, mean, size: -distributions.NegativeBinomial(size, probs=mean / (mean + size)).log_prob(y)
    cases = {
        "squared error": ((draw(-2, 2), draw(-2, 2)), lambda y, f: F.mse_loss(f, y, reduction="none")),
        "absolute error": ((draw(-2, 2), draw(-2, 2)), lambda y, f: F.l1_loss(f, y, reduction="none")),
        "huber": ((draw(-3, 3), draw(-3, 3)), lambda y, f: F.huber_loss(f, y, reduction="none", delta=0.8)),
        "pinball": (
            (draw(-2, 2, (4, 1)), draw(-2, 2, (4, 3))),
            lambda y, q: torch.maximum(probabilities * (y - q), (probabilities - 1) * (y - q)),
        ),
        "gaussian": ((draw(-2, 2), draw(-1, 1), draw(0.3, 2)), normal),
        "student t": ((draw(-4, 4), draw(2.5, 30), draw(-1, 1), draw(0.3, 2)), student),
        "negative binomial": ((counts, draw(0.2, 8), draw(0.3, 5)), counted),
        "tweedie": (
            (counts, draw(-1, 2)),
            lambda y, m: -y * torch.exp(-0.5 * m) / -0.5 + torch.exp(0.5 * m) / 0.5,
        ),
        "cross entropy": ((shares, draw(-3, 3, (4, 3))), lambda y, z: F.cross_entropy(z, y, reduction="none")),
        "logistic": (
            (torch.tensor([0.0, 1, 1, 0, 1, 0]), draw(-4, 4)),
            lambda y, z: F.binary_cross_entropy_with_logits(z, y, reduction="none"),
        ),
    }
    out = {}
    for name, (inputs, loss) in cases.items():
        y, *given = inputs
        for value in given:
            value.requires_grad_(True)
        result = loss(y, *given)
        weights = torch.randn_like(result)
        (result * weights).sum().backward()
        out[name] = {
            "shapes": [list(value.shape) for value in inputs],
            "inputs": [numbers(value) for value in inputs],
            "weights": numbers(weights),
            "out": numbers(result),
            "gradients": [numbers(value.grad) for value in given],
        }
    return out


path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "network.golden.json")
with open(path, "w") as file:
    first, own_losses = layers(families()), losses()
    json.dump({"layers": {**first, **layers(fusion())}, "losses": own_losses}, file)
    file.write("\n")
