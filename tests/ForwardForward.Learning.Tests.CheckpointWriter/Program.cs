using System.Globalization;
using ForwardForward.Learning.Checkpoints;
using ForwardForward.Learning.Tests.CheckpointWriter;

// FOLDER SLOT GENERATION: writes one checkpoint; 0 when it is complete, 3 and a sentence on stderr when it is not.
var id = new CheckpointId(long.Parse(args[1], CultureInfo.InvariantCulture), int.Parse(args[2], CultureInfo.InvariantCulture));
try
{
    foreach (var sentence in SmallCheckpoint.Write(new CheckpointFolder(args[0], SmallCheckpoint.Writer), id))
    {
        Console.WriteLine(sentence);
    }

    return 0;
}
catch (CheckpointException e)
{
    Console.Error.WriteLine(e.Message);
    return 3;
}
