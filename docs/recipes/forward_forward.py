"""A network that `./ff export RUN -o model.safetensors` wrote, in PyTorch: supervised runs of fully connected layers.

    from safetensors.torch import load_file
    network = ForwardForward(load_file("model.safetensors"))
    classes = network.joint_test(images)    # images: N x pixels, values from 0 to 1
"""

import torch
from torch import nn


class ForwardForward(nn.Module):
    """first_read: `readout.firstLayer` of the run's spec, 2 where it says nothing; the layers below it do not count."""

    def __init__(self, tensors, first_read=2):
        super().__init__()
        depth = sum(name.endswith(".bias") for name in tensors)
        shapes = [tensors[f"layers.{n}.weight"].shape for n in range(depth)]
        self.layers = nn.ModuleList(nn.Linear(inputs, units) for units, inputs in shapes)
        self.classes, features = tensors["readout.weight"].shape
        self.readout = nn.Linear(features, self.classes, bias=False)
        self.first_read = min(first_read, depth)
        self.load_state_dict({name: t.flatten() if name.endswith(".bias") else t for name, t in tensors.items()})

    @staticmethod
    def normalized(rows):
        return rows * torch.rsqrt((rows * rows).mean(dim=1, keepdim=True) + 1e-30)

    def activity(self, rows):
        """What every layer that counts does on rows with a label in them, before it is normalized."""
        activities = []
        for layer in self.layers:
            y = torch.relu(layer(self.normalized(rows)))
            activities.append(y)
            rows = y
        return activities[self.first_read - 1 :]

    def labelled(self, images, label):
        """The label takes the first pixels, one for each class."""
        rows = images.clone()
        rows[:, : self.classes] = label
        return rows

    def forward(self, images):
        """Class scores of the fast test: one pass with the neutral label, and the readout."""
        activities = self.activity(self.labelled(images, 1 / self.classes))
        return self.readout(torch.cat([self.normalized(y) for y in activities], dim=1))

    def goodness(self, images):
        """N x classes: the summed squares of activity with each label in turn."""
        labels = torch.eye(self.classes, dtype=images.dtype)
        return torch.stack([sum((y * y).sum(dim=1) for y in self.activity(self.labelled(images, label))) for label in labels], dim=1)

    @torch.no_grad()
    def fast_test(self, images):
        return self(images).argmax(dim=1)

    @torch.no_grad()
    def goodness_test(self, images):
        return self.goodness(images).argmax(dim=1)

    @torch.no_grad()
    def joint_test(self, images):
        """What `./ff predict` answers: readout and goodness together."""
        goodness = self.goodness(images)
        lead = (goodness - goodness.mean(dim=1, keepdim=True)) / goodness.std(dim=1, keepdim=True)
        return (torch.log_softmax(self(images), dim=1) + 3 * lead).argmax(dim=1)
