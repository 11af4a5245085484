using ForwardForward;

LabelledRows Rows(string part) => LabelledRows.ReadIdx($"{args[0]}/{part}-images-idx3-ubyte", $"{args[0]}/{part}-labels-idx1-ubyte");
var train = Rows("train");
var test = Rows("t10k");

using var network = FFNetwork.Create(train.Width, train.Classes, layers: [1000, 1000, 1000], o => o.LearningRate = 0.02);
await foreach (var epoch in network.FitAsync(train, test, epochs: 10, seed: 1))
{
    Console.WriteLine($"{epoch.Number}: {epoch.TestError:P2}");
}

network.Save("mine.safetensors");
Console.WriteLine($"mine.safetensors, state hash {network.StateHash}");
