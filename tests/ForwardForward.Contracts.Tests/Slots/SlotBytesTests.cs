using ForwardForward.Contracts.Slots;
using ForwardForward.Learning.Layers;
using ForwardForward.Learning.Recipes;
using ForwardForward.Learning.Recipes.Messages;
using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Tensors;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;

namespace ForwardForward.Contracts.Tests.Slots;

/// <summary>
/// The bytes of everything that goes from stage to stage: a silo of the version before this one reads and writes the same.
/// </summary>
public sealed class SlotBytesTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddForwardForwardContracts().BuildServiceProvider();

    public static TheoryData<string, string> Kinds =>
        new()
        {
            {
                "work to learn from",
                "400A020703000000010000000000000000010000010C0000004D000000000000000201000000020000000300000004000000"
                    + "0300000002000000020000000102000000030000001800000000000000000000000000000000000000000000000001020309"
                    + "080000003FFFFF7F7F0102030405060708090A0B0C0D0E0F101112131415161718"
            },
            {
                "work to test with",
                "400A020703000000010000000000000000010000020C00000000000000000000000701000000020000000300000004000000"
                    + "0300000002000000020000000102000000030000001800000000000000000000000000000000000000000000000001020309"
                    + "080000003FFFFF7F7F0102030405060708090A0B0C0D0E0F101112131415161718"
            },
            {
                "a question on its way",
                "402A020703000000010000000000000000010000010C0000004D000000000000000201000000020000000300000004000000"
                    + "0300000002000000020000000102000000030000001800000000000000020000000101000000020000000800000001020309"
                    + "080000003FFFFF7F7F0102030405060708090A0B0C0D0E0F1011121314151617180102030405060708"
            },
            {
                "a question that layers are asked, too",
                "408A020703000000010000000000000000010000010C0000004D000000000000002201000000020000000300000004000000"
                    + "0300000002000000020000000100000002000000010200000003000000180000000000000002000000010200000002000000"
                    + "1000000001020309080000003FFFFF7F7F0000003F0000C03F0102030405060708090A0B0C0D0E0F10111213141516171801"
                    + "02030405060708090A0B0C0D0E0F10"
            },
            {
                "a piece",
                "4056020703000000010000000000000000010000010C0000004D000000000000000A01000000020000000300000004000000"
                    + "0300000002000000020000000100000000040000000102000000030000000000000000000000000000000000000000010100"
                    + "0000020000000800000000000000000000000000000000000000000000000001020309080000003FFFFF7F7F111213141516"
                    + "1718"
            },
            {
                "the end of the run",
                "40BB070300000001000000820000000000000003090000000000000000000000000000000000000000000000000000000000"
                    + "000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
            },
            {
                "class probabilities",
                "40FB070300000001000000070000000000000001020000000000000000000000000000000000000000000000000000000000"
                    + "0000000000000000000000010200000004000000200000000000000000000000000000000000000000000000000102030405"
                    + "060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F20"
            },
            {
                "partial sums",
                "40D3070300000001000000000000000400000001000000000000000000000000000000000000000000000000000000000000"
                    + "00000000000000000000000101000000030000000C0000000000000000000000000000000000000000000000000102030405"
                    + "060708090A0B0C"
            },
            {
                "a state from above",
                "40EB0703000000010000000C0000000000000002010000000000000000000000000000000000000000000000000000000000"
                    + "0000000000000000000000010200000003000000180000000000000000000000000000000000000000000000000102030405"
                    + "060708090A0B0C0D0E0F101112131415161718"
            },
            {
                "no state from above",
                "40BB0703000000010000000C0000000000000001010000000000000000000000000000000000000000000000000000000000"
                    + "000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
            },
        };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void What_goes_from_stage_to_stage_has_the_bytes_that_it_always_had(string kind, string bytes)
    {
        var message = new SlotMessage(Generation: 3, Lane: 1, Sent(kind));
        message = kind == "a piece" ? message with { Piece = SlotPiece.Of(message.Slot, most: 16)[1] } : message;

        var written = _services.GetRequiredService<Serializer>().SerializeToArray(message);

        Assert.Equal(bytes, Convert.ToHexString(written));
    }

    public void Dispose() => _services.Dispose();

    private static Slot Sent(string kind) =>
        kind switch
        {
            "work to learn from" or "a piece" => Work,
            "work to test with" => Work with { Kind = SlotKind.Evaluate, Update = 0, EndsEvaluation = true, ReadsPositive = true },
            "a question on its way" => Work with { Question = new PredictionRequest(1L << 33, Rows(1, 2)) },
            "a question that layers are asked, too" => Work with
            {
                Question = new PredictionRequest(1L << 33, Rows(2, 2)),
                Tried = new TriedLabels(1, [0.5f, 1.5f]),
            },
            "the end of the run" => new Slot
            {
                Index = 130,
                Kind = SlotKind.End,
                Epoch = 9,
            },
            "class probabilities" => new ClassProbabilities(Batch: 7, Epoch: 2, Rows(2, 4)).ToEnvelope(),
            "partial sums" => new PartialSums(Number: 1L << 34, Rows(1, 3)).ToEnvelope(),
            "a state from above" => new StateFromAbove(ForSlot: 12, SlotKind.Evaluate, Epoch: 1, Rows(2, 3)).ToEnvelope(),
            "no state from above" => new StateFromAbove(ForSlot: 12, SlotKind.Train, Epoch: 1, Rows: null).ToEnvelope(),
            _ => throw new ArgumentException(kind),
        };

    private static Slot Work =>
        new()
        {
            Index = 1L << 40,
            Kind = SlotKind.Train,
            Epoch = 12,
            Update = 77,
            IsCheckpoint = true,
            Layout = new RowLayout(1, 2, 3, 4),
            Labels = [1, 2, 3],
            Clamped = [9, 8],
            CandidateGoodness = [0.5f, float.MaxValue],
            Rows = Rows(2, 3),
        };

    private static Activations Rows(int rows, int width)
    {
        var activations = Activations.Rent(rows, width, Precision.Fp32);
        for (var i = 0; i < activations.Length; i++)
        {
            activations.Bytes[i] = (byte)(i + 1);
        }

        return activations;
    }
}
