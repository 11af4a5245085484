using ForwardForward.Contracts;
using ForwardForward.Contracts.Slots;
using ForwardForward.Learning.Layers;
using ForwardForward.Learning.Recipes;
using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Tensors;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;

namespace ForwardForward.Fuzz.Targets;

/// <summary>Slots as they come over a connection.</summary>
internal sealed class SlotTarget : ITarget
{
    private static readonly string[] Ours = ["SlotMessageCodec.Read[", "SlotMessageCodec.ReadArrays[", "WireShape."];
    private readonly Serializer _serializer = new ServiceCollection()
        .AddForwardForwardContracts()
        .BuildServiceProvider()
        .GetRequiredService<Serializer>();

    public SlotTarget() =>
        Seeds = [
            _serializer.SerializeToArray(Message(Precision.Bf16)),
            _serializer.SerializeToArray(Message(Precision.Fp32)),
            _serializer.SerializeToArray(
                new SlotMessage(
                    1,
                    0,
                    new Slot
                    {
                        Index = 5,
                        Kind = SlotKind.End,
                        Epoch = 2,
                    }
                )
            ),
        ];

    public IReadOnlyList<byte[]> Seeds { get; }

    public void Decode(byte[] input)
    {
        try
        {
            _serializer.Deserialize<SlotMessage>(input)?.Slot.Release();
        }
        catch (SerializerException) { }
        catch (Exception e) when (IsOfOrleans(e)) { }
    }

    // Orleans' own reader, which finds the message for us, has many ways of saying that bytes are none of its; whichever it is, they go no
    // further.
    private static bool IsOfOrleans(Exception e) =>
        e is not OutOfMemoryException && !Ours.Any(frame => e.StackTrace!.Contains(frame, StringComparison.Ordinal));

    private static SlotMessage Message(Precision precision) =>
        new(
            1,
            0,
            new Slot
            {
                Index = 7,
                Kind = SlotKind.Train,
                Epoch = 1,
                Update = 3,
                Layout = new RowLayout(1, 1, 1, 0),
                Labels = [3, 1, 4],
                Clamped = [1, 0],
                CandidateGoodness = [0.5f, 1.5f],
                OwnErrors = [2, 0],
                Rows = Rows(3, 5, precision, every: 1),
                Question = new PredictionRequest(9, Rows(3, 70, precision, every: 3)),
                Tried = new TriedLabels(2, [1, 2, 3]),
            }
        );

    /// <param name="every">Distance of bytes that are not zero: from 3 on zeros are left out on the way.</param>
    private static Activations Rows(int rows, int width, Precision precision, int every)
    {
        var activations = Activations.Rent(rows, width, precision);
        for (var i = 0; i < activations.Length; i++)
        {
            activations.Bytes[i] = (byte)(i % (every * precision.ElementBytes()) == 0 ? 7 : 0);
        }

        return activations;
    }
}
