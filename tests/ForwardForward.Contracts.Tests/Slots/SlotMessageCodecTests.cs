using ForwardForward.Contracts.Slots;
using ForwardForward.Learning.Layers;
using ForwardForward.Learning.Recipes;
using ForwardForward.Learning.Specs;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;

namespace ForwardForward.Contracts.Tests.Slots;

public sealed class SlotMessageCodecTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddForwardForwardContracts().BuildServiceProvider();

    private Serializer Serializer => _services.GetRequiredService<Serializer>();

    [Theory]
    [InlineData(Precision.Fp32, 3, 7)]
    [InlineData(Precision.Bf16, 300, 2000)]
    public void A_slot_arrives_as_it_was_sent(Precision precision, int rows, int width)
    {
        var sent = Message(precision, rows, width);
        var arrived = Serializer.Deserialize<SlotMessage>(Serializer.SerializeToArray(sent))!;
        Assert.Equal((sent.Generation, sent.Lane), (arrived.Generation, arrived.Lane));
        Assert.Equal(sent.Slot with { Rows = null, Question = null, Labels = [], Clamped = [], CandidateGoodness = [] }, arrived.Slot with { Rows = null, Question = null, Labels = sent.Slot.Labels[..0], Clamped = sent.Slot.Labels[..0], CandidateGoodness = [] });
        Assert.Equal(sent.Slot.Labels, arrived.Slot.Labels);
        Assert.Equal(sent.Slot.Clamped, arrived.Slot.Clamped);
        Assert.Equal(sent.Slot.CandidateGoodness, arrived.Slot.CandidateGoodness);
        Assert.Equal((rows, width, precision), (arrived.Slot.Rows!.Rows, arrived.Slot.Rows.Width, arrived.Slot.Rows.Precision));
        Assert.True(arrived.Slot.Rows.Bytes.SequenceEqual(sent.Slot.Rows!.Bytes));
        Assert.Null(arrived.Slot.Question);
    }

    [Fact]
    public void What_is_asked_rides_along()
    {
        var sent = Message(Precision.Bf16, 3, 7);
        sent = sent with { Slot = sent.Slot with { Question = new Question(1L << 33, Rows(Precision.Bf16, 2, 7)) } };

        var arrived = Serializer.Deserialize<SlotMessage>(Serializer.SerializeToArray(sent))!.Slot;

        Assert.Equal((1L << 33, 2, 7, Precision.Bf16), (arrived.Question!.Id, arrived.Question.Rows.Rows, arrived.Question.Rows.Width, arrived.Question.Rows.Precision));
        Assert.True(arrived.Question.Rows.Bytes.SequenceEqual(sent.Slot.Question!.Rows.Bytes));
        Assert.True(arrived.Rows!.Bytes.SequenceEqual(sent.Slot.Rows!.Bytes));
    }

    [Fact]
    public void The_rows_are_written_as_raw_memory_and_both_sides_learn_that_they_own_theirs()
    {
        var sent = Message(Precision.Bf16, 100, 1000);
        Assert.False(sent.WasCopied);
        var bytes = Serializer.SerializeToArray(sent);
        Assert.InRange(bytes.Length, 200_000, 200_300);
        Assert.True(sent.WasCopied);
        Assert.True(Serializer.Deserialize<SlotMessage>(bytes)!.WasCopied);
    }

    [Fact]
    public void A_slot_without_rows_arrives_without()
    {
        var sent = new SlotMessage(1, 0, new Slot { Index = 5, Kind = SlotKind.End, Epoch = 2 });
        Assert.Null(Serializer.Deserialize<SlotMessage>(Serializer.SerializeToArray(sent))!.Slot.Rows);
    }

    [Fact]
    public void What_a_slot_marks_arrives_with_it()
    {
        foreach (var (ends, isCheckpoint, readsPositive) in from a in new[] { false, true } from b in new[] { false, true } from c in new[] { false, true } select (a, b, c))
        {
            var slot = new Slot { Index = 5, Kind = SlotKind.Train, Epoch = 2, EndsEvaluation = ends, IsCheckpoint = isCheckpoint, ReadsPositive = readsPositive };
            var arrived = Serializer.Deserialize<SlotMessage>(Serializer.SerializeToArray(new SlotMessage(1, 0, slot)))!.Slot;
            Assert.Equal((ends, isCheckpoint, readsPositive), (arrived.EndsEvaluation, arrived.IsCheckpoint, arrived.ReadsPositive));
        }
    }

    [Fact]
    public void Every_truncation_is_refused()
    {
        var bytes = Serializer.SerializeToArray(Message(Precision.Fp32, 2, 3));
        for (var length = 0; length < bytes.Length - 1; length++)
        {
            Assert.ThrowsAny<Exception>(() => Serializer.Deserialize<SlotMessage>(bytes.AsSpan(0, length).ToArray()));
        }
    }

    [Fact]
    public void Lengths_that_lie_are_refused_before_memory_is_taken()
    {
        var bytes = Serializer.SerializeToArray(Message(Precision.Fp32, 5, 9));
        var rows = bytes.AsSpan().IndexOf<byte>([5, 0, 0, 0, 9, 0, 0, 0]);
        byte[] lie = [.. bytes[..rows], 0xFF, 0xFF, 0x0F, 0, 0xFF, 0xFF, 0x0F, 0, .. bytes[(rows + 8)..]];
        var before = GC.GetAllocatedBytesForCurrentThread();
        var refused = Assert.Throws<SerializerException>(() => Serializer.Deserialize<SlotMessage>(lie));
        Assert.Contains("does not match", refused.Message, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public void No_change_of_a_single_byte_makes_the_reader_do_anything_but_read_or_refuse()
    {
        var message = Message(Precision.Fp32, 2, 3);
        var bytes = Serializer.SerializeToArray(message with { Slot = message.Slot with { Question = new Question(5, Rows(Precision.Fp32, 1, 3)) } });
        for (var at = 0; at < bytes.Length; at++)
        {
            for (var bit = 0; bit < 8; bit++)
            {
                var changed = (byte[])bytes.Clone();
                changed[at] ^= (byte)(1 << bit);
                var failure = Record.Exception(() => Serializer.Deserialize<SlotMessage>(changed));
                Assert.False(failure is OutOfMemoryException or NullReferenceException or AccessViolationException, $"byte {at}, bit {bit}: {failure}");
            }
        }
    }

    public void Dispose() => _services.Dispose();

    private static SlotMessage Message(Precision precision, int rows, int width)
    {
        return new SlotMessage(3, 1, new Slot
        {
            Index = 1L << 40,
            Kind = SlotKind.Evaluate,
            Epoch = 12,
            Update = 77,
            EndsEvaluation = true,
            Layout = new RowLayout(1, 2, 3, 4),
            Labels = [1, 2, 3],
            Clamped = [9, 8],
            CandidateGoodness = [0.5f, float.MaxValue],
            Rows = Rows(precision, rows, width),
        });
    }

    private static Activations Rows(Precision precision, int rows, int width)
    {
        var activations = Activations.Rent(rows, width, precision);
        for (var i = 0; i < activations.Bytes.Length; i++)
        {
            activations.Bytes[i] = (byte)(i * 31);
        }

        return activations;
    }
}
