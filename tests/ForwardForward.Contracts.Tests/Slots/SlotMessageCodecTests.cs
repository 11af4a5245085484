using ForwardForward.Contracts.Slots;
using ForwardForward.Learning.Layers;
using ForwardForward.Learning.Recipes;
using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Tensors;
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
    [InlineData(Precision.Portable, 7, 293)]
    public void A_slot_arrives_as_it_was_sent(Precision precision, int rows, int width)
    {
        var sent = Message(precision, rows, width);
        var arrived = Serializer.Deserialize<SlotMessage>(Serializer.SerializeToArray(sent))!;
        Assert.Equal((sent.Generation, sent.Lane), (arrived.Generation, arrived.Lane));
        Assert.Equal(
            sent.Slot with
            {
                Rows = null,
                Question = null,
                Labels = [],
                Clamped = [],
                CandidateGoodness = [],
            },
            arrived.Slot with
            {
                Rows = null,
                Question = null,
                Labels = sent.Slot.Labels[..0],
                Clamped = sent.Slot.Labels[..0],
                CandidateGoodness = [],
            }
        );
        Assert.Equal(sent.Slot.Labels, arrived.Slot.Labels);
        Assert.Equal(sent.Slot.Clamped, arrived.Slot.Clamped);
        Assert.Equal(sent.Slot.CandidateGoodness, arrived.Slot.CandidateGoodness);
        Assert.Equal((rows, width, precision), (arrived.Slot.Rows!.Rows, arrived.Slot.Rows.Width, arrived.Slot.Rows.Precision));
        Assert.True(arrived.Slot.Rows.Bytes.SequenceEqual(sent.Slot.Rows!.Bytes));
        Assert.Null(arrived.Slot.Question);
    }

    [Fact]
    public void What_each_layer_alone_errs_on_goes_up_with_the_slot()
    {
        var sent = Message(Precision.Fp32, 3, 7);
        sent = sent with { Slot = sent.Slot with { OwnErrors = [3, 0, 1 << 20] } };

        var arrived = Serializer.Deserialize<SlotMessage>(Serializer.SerializeToArray(sent))!.Slot;

        Assert.Equal(sent.Slot.OwnErrors, arrived.OwnErrors);
        Assert.True(arrived.Rows!.Bytes.SequenceEqual(sent.Slot.Rows!.Bytes));
        var many = sent with { Slot = sent.Slot with { OwnErrors = new int[65] } };
        var refused = Assert.Throws<SerializerException>(() => Serializer.Deserialize<SlotMessage>(Serializer.SerializeToArray(many)));
        Assert.Contains("claims the errors of 65 layers", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_layers_find_of_a_question_goes_up_with_the_slot_and_with_each_of_its_pieces()
    {
        var sent = Message(Precision.Fp32, 3, 7);
        sent = sent with
        {
            Slot = sent.Slot with
            {
                OwnErrors = [4],
                Question = new PredictionRequest(1L << 33, Rows(Precision.Fp32, 5, 7)),
                Tried = new TriedLabels(4, [0.25f, -1, float.MaxValue, 3, 4]),
            },
        };

        foreach (var piece in SlotPiece.Of(sent.Slot, most: 100).Prepend(null))
        {
            var message = sent with { Piece = piece };
            var arrived = Serializer.Deserialize<SlotMessage>(Serializer.SerializeToArray(message))!.Slot;

            Assert.Equal(sent.Slot.Tried!.Candidates, arrived.Tried!.Candidates);
            Assert.Equal(sent.Slot.Tried.Goodness, arrived.Tried.Goodness);
            Assert.Equal([4], arrived.OwnErrors);
            Assert.Equal(piece is null ? 5 : null, arrived.Question?.Rows.Rows);
        }

        var many = sent with { Slot = sent.Slot with { Tried = new TriedLabels((1 << 20) + 1, []) } };
        var refused = Assert.Throws<SerializerException>(() => Serializer.Deserialize<SlotMessage>(Serializer.SerializeToArray(many)));
        Assert.Contains("claims 1048577 rows that are tried", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_asked_rides_along()
    {
        var sent = Message(Precision.Bf16, 3, 7);
        sent = sent with { Slot = sent.Slot with { Question = new PredictionRequest(1L << 33, Rows(Precision.Bf16, 2, 7)) } };

        var arrived = Serializer.Deserialize<SlotMessage>(Serializer.SerializeToArray(sent))!.Slot;

        Assert.Equal(
            (1L << 33, 2, 7, Precision.Bf16),
            (arrived.Question!.Id, arrived.Question.Rows.Rows, arrived.Question.Rows.Width, arrived.Question.Rows.Precision)
        );
        Assert.True(arrived.Question.Rows.Bytes.SequenceEqual(sent.Slot.Question!.Rows.Bytes));
        Assert.True(arrived.Rows!.Bytes.SequenceEqual(sent.Slot.Rows!.Bytes));
    }

    [Theory]
    [InlineData(Precision.Fp32, 300, 2000)]
    [InlineData(Precision.Fp32, 7, 293)] // neither vectors nor pieces come out even
    [InlineData(Precision.Bf16, 300, 2000)]
    [InlineData(Precision.Bf16, 7, 293)]
    [InlineData(Precision.Portable, 300, 2000)]
    [InlineData(Precision.Portable, 7, 293)]
    public void Zeros_do_not_travel_and_are_there_again(Precision precision, int rows, int width)
    {
        var bits = precision == Precision.Portable ? 0.09 : 0; // more than they are of larger elements
        foreach (var (active, most) in new[] { (0.0, 0.07), (0.15, 0.25), (0.5, 0.6), (1.0, 1.0) })
        {
            var sent = Message(precision, 1, 1) with
            {
                Slot = new Slot
                {
                    Index = 1,
                    Kind = SlotKind.Train,
                    Epoch = 0,
                    Rows = Active(precision, rows, width, active),
                },
            };
            var bytes = Serializer.SerializeToArray(sent);
            var arrived = Serializer.Deserialize<SlotMessage>(bytes)!.Slot.Rows!;
            Assert.Equal((rows, width, precision), (arrived.Rows, arrived.Width, arrived.Precision));
            Assert.True(arrived.Bytes.SequenceEqual(sent.Slot.Rows!.Bytes));
            Assert.InRange(bytes.Length, 1, (int)((SparseRows.IsFast ? Math.Min(1, most + bits) : 1) * arrived.Length) + 300);
        }
    }

    [Fact]
    public void Bits_that_do_not_match_what_follows_them_are_refused()
    {
        var zeros = Active(Precision.Bf16, 4, 33, active: 0);
        var bytes = Serializer.SerializeToArray(
            new SlotMessage(
                1,
                0,
                new Slot
                {
                    Index = 1,
                    Kind = SlotKind.Train,
                    Epoch = 0,
                    Rows = zeros,
                }
            )
        );
        if (!SparseRows.IsFast)
        {
            return; // they went as they are
        }

        var mask = bytes.AsSpan().LastIndexOf(new byte[SparseRows.MaskBytes(4 * 33)]);
        foreach (
            var (at, bit, reason) in new[] { (0, 1, "do not match"), (SparseRows.MaskBytes(4 * 33) - 1, 0x80, "more bits than elements") }
        )
        {
            var changed = (byte[])bytes.Clone();
            changed[mask + at] ^= (byte)bit;
            Assert.Contains(
                reason,
                Assert.Throws<SerializerException>(() => Serializer.Deserialize<SlotMessage>(changed)).Message,
                StringComparison.Ordinal
            );
        }
    }

    [Fact]
    public void Rows_without_zeros_are_written_as_raw_memory_and_both_sides_learn_that_they_own_theirs()
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
        var sent = new SlotMessage(
            1,
            0,
            new Slot
            {
                Index = 5,
                Kind = SlotKind.End,
                Epoch = 2,
            }
        );
        Assert.Null(Serializer.Deserialize<SlotMessage>(Serializer.SerializeToArray(sent))!.Slot.Rows);
    }

    [Fact]
    public void What_a_slot_marks_arrives_with_it()
    {
        foreach (
            var (ends, isCheckpoint, readsPositive) in from a in new[] { false, true }
            from b in new[] { false, true }
            from c in new[] { false, true }
            select (a, b, c)
        )
        {
            var slot = new Slot
            {
                Index = 5,
                Kind = SlotKind.Train,
                Epoch = 2,
                EndsEvaluation = ends,
                IsCheckpoint = isCheckpoint,
                ReadsPositive = readsPositive,
            };
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
        Assert.Contains("claims 1048575 rows of 1048575", refused.Message, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public void No_change_of_a_single_byte_makes_the_reader_do_anything_but_read_or_refuse()
    {
        var message = Message(Precision.Fp32, 2, 3);
        var bytes = Serializer.SerializeToArray(
            message with
            {
                Slot = message.Slot with { Question = new PredictionRequest(5, Active(Precision.Bf16, 1, 70, active: 0.3)) },
            }
        );
        for (var at = 0; at < bytes.Length; at++)
        {
            for (var bit = 0; bit < 8; bit++)
            {
                var changed = (byte[])bytes.Clone();
                changed[at] ^= (byte)(1 << bit);
                var failure = Record.Exception(() => Serializer.Deserialize<SlotMessage>(changed));
                Assert.False(
                    failure is OutOfMemoryException or NullReferenceException or AccessViolationException,
                    $"byte {at}, bit {bit}: {failure}"
                );
            }
        }
    }

    public void Dispose() => _services.Dispose();

    private static SlotMessage Message(Precision precision, int rows, int width)
    {
        return new SlotMessage(
            3,
            1,
            new Slot
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
            }
        );
    }

    // Among those that are there are a negative zero and one that is no number.
    private static Activations Active(Precision precision, int rows, int width, double active)
    {
        var (activations, random) = (Activations.Rent(rows, width, precision), new Random(rows));
        var bytes = precision.ElementBytes();
        for (var at = 0; at < activations.Length; at += bytes)
        {
            var element =
                random.NextDouble() >= active
                    ? 0u
                    : random.Next(3) switch
                    {
                        0 => 0x80000000u,
                        1 => 0xFFC00000u,
                        _ => 0x3F810000u,
                    };
            BitConverter.GetBytes(element).AsSpan()[^bytes..].CopyTo(activations.Bytes[at..]);
        }

        return activations;
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
