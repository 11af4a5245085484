using ForwardForward.Contracts;
using ForwardForward.Contracts.Slots;
using ForwardForward.Learning.Recipes;
using ForwardForward.Learning.Specs;
using ForwardForward.Learning.Tensors;
using ForwardForward.Runtime.Pipeline;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;

namespace ForwardForward.Runtime.Tests.Pipeline;

public sealed class SlotAssemblyTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddForwardForwardContracts().BuildServiceProvider();
    private readonly Inbox _inbox = new(1, 2, TimeProvider.System);

    [Theory]
    [InlineData(Precision.Fp32, 1000)]
    [InlineData(Precision.Bf16, 1000)]
    [InlineData(Precision.Bf16, 2)] // an element a message
    public void A_slot_that_came_in_pieces_is_as_it_was_sent_whatever_answers_were_lost(Precision precision, int most)
    {
        var sent = new Slot
        {
            Index = 0,
            Kind = SlotKind.Train,
            Epoch = 3,
            Labels = [1, 2, 3],
            Rows = Rows(precision, 7, 293),
            Question = new PredictionRequest(77, Rows(precision, 3, 291)),
        };
        var pieces = SlotPiece.Of(sent, most);
        var assembly = new SlotAssembly(_inbox);
        // the silo that had the first ones is gone
        Assert.Equal((PushOutcome.Incomplete, 0), Outcome(assembly.Offer(Arrived(sent, pieces[3]))));

        var next = 0;
        for (var calls = 0; next < pieces.Count - 1; calls++)
        {
            var answer = assembly.Offer(Arrived(sent, pieces[next]));
            Assert.Equal((PushOutcome.Incomplete, next + 1), Outcome(answer));
            Assert.Equal((PushOutcome.Incomplete, next + 1), Outcome(assembly.Offer(Arrived(sent, pieces[next])))); // it was asked again
            next = answer.NextPiece;
        }

        Assert.Equal(0, _inbox.Depth);
        Assert.Equal(PushOutcome.Accepted, assembly.Offer(Arrived(sent, pieces[^1])).Outcome);
        Assert.Equal(PushOutcome.Duplicate, assembly.Offer(Arrived(sent, pieces[^1])).Outcome);
        var arrived = _inbox.Take()[0];
        Assert.Equal((sent.Index, sent.Epoch, 77L), (arrived.Index, arrived.Epoch, arrived.Question!.Id));
        Assert.Equal(sent.Labels, arrived.Labels);
        foreach (var (before, after) in new[] { (sent.Rows, arrived.Rows!), (sent.Question.Rows, arrived.Question.Rows) })
        {
            Assert.Equal((before.Rows, before.Width, before.Precision), (after.Rows, after.Width, after.Precision));
            Assert.True(before.Bytes.SequenceEqual(after.Bytes));
        }
    }

    [Fact]
    public void What_fits_one_message_goes_in_one_and_inside_a_silo_everything_does()
    {
        var slot = new Slot
        {
            Index = 0,
            Kind = SlotKind.Train,
            Epoch = 0,
            Rows = Rows(Precision.Fp32, 4, 5),
        };
        Assert.Equal([null], SlotPiece.Of(slot, slot.Rows.Length));

        var piece = SlotPiece.Of(slot, slot.Rows.Length - 1)[0];
        Assert.Equal(PushOutcome.Accepted, new SlotAssembly(_inbox).Offer(new SlotMessage(0, 0, slot) { Piece = piece }).Outcome);
        Assert.Same(slot, _inbox.Take()[0]);
    }

    [Fact]
    public void No_memory_is_taken_for_a_slot_that_there_is_no_room_for()
    {
        var slot = new Slot
        {
            Index = 2,
            Kind = SlotKind.Train,
            Epoch = 0,
            Rows = Rows(Precision.Fp32, 100, 100),
        };
        var message = Arrived(slot, SlotPiece.Of(slot, 400)[0]);
        var before = Activations.BytesInUse;
        Assert.Equal(PushOutcome.Full, new SlotAssembly(_inbox).Offer(message).Outcome);
        Assert.InRange(Activations.BytesInUse - before, long.MinValue, 0);
    }

    public void Dispose() => _services.Dispose();

    private static (PushOutcome Outcome, int NextPiece) Outcome(PushAnswer answer) => (answer.Outcome, answer.NextPiece);

    private SlotMessage Arrived(Slot slot, SlotPiece? piece)
    {
        var serializer = _services.GetRequiredService<Serializer>();
        return serializer.Deserialize<SlotMessage>(serializer.SerializeToArray(new SlotMessage(0, 0, slot) { Piece = piece }))!;
    }

    private static Activations Rows(Precision precision, int rows, int width)
    {
        var made = Activations.Rent(rows, width, precision);
        new Random(rows).NextBytes(made.Bytes);
        made.Bytes[..(made.Bytes.Length / 2)].Clear();
        return made;
    }
}
