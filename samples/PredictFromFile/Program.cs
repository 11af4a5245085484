using ForwardForward;

using var network = FFNetwork.Load(args[0]);
var test = LabelledRows.ReadIdx($"{args[1]}/t10k-images-idx3-ubyte", $"{args[1]}/t10k-labels-idx1-ubyte");
Console.WriteLine($"{network.Evaluate(test):P2} of {test.Count} images are answered wrongly");

var blank = new float[network.Features];
var probabilities = network.Classify(blank);
Console.WriteLine($"a blank image is a {network.Predict(blank)}, with probability {probabilities.Max():P1}");
